package nl.tarnbrook.claims;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.*;
import java.security.KeyStore;
import java.util.concurrent.*;
import java.util.logging.*;

/** Builds the search index of claims; reads the archive over mutual TLS. */
public final class Indexer {
    private static final Logger LOG = Logger.getLogger("nl.tarnbrook.claims.Indexer");

    static final class StartupException extends RuntimeException {
        StartupException(String m, Throwable c) { super(m, c); }
    }

    static final class ArchiveClient {
        private final KeyStore keys;
        private ArchiveClient(KeyStore keys) { this.keys = keys; }
        static ArchiveClient open(Path store) {
            try (InputStream in = Files.newInputStream(store)) {
                KeyStore ks = KeyStore.getInstance("PKCS12");
                ks.load(in, System.getenv().getOrDefault("KEYSTORE_PASSWORD", "").toCharArray());
                return new ArchiveClient(ks);
            } catch (IOException e) {
                throw new IllegalStateException("TLS context of archive client cannot be built", e);
            } catch (Exception e) {
                throw new IllegalStateException("key store is of no use", e);
            }
        }
    }

    static final class Component implements Callable<Object> {
        public Object call() { return ArchiveClient.open(Path.of(System.getenv().getOrDefault("KEYSTORE", "/etc/archive-tls/client.p12"))); }
    }

    public static void main(String[] args) throws Exception {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT.%1$tL %4$-7s [%3$s] %5$s%6$s%n");
        LOG.info("Claims indexer 6.2.0 starting, heap " + Runtime.getRuntime().maxMemory() / 1048576 + " MiB");
        LOG.warning("Analyzer dictionary 'nl-medical' is older than 400 days");
        LOG.log(Level.WARNING, "Metrics exporter disabled", new java.net.ConnectException("Connection refused: localhost/127.0.0.1:4317"));
        for (int i = 0; i < 6; i++) LOG.info("Opened segment _" + Integer.toString(40 + i, 36) + " docs=" + (18210 - i * 377));
        ExecutorService boot = Executors.newFixedThreadPool(2);
        try {
            boot.submit(new Component()).get();
        } catch (ExecutionException e) {
            LOG.log(Level.SEVERE, "Component archiveClient failed", new StartupException("Context of claims-indexer could not be started", e));
            for (int i = 5; i >= 0; i--) LOG.info("Closed segment _" + Integer.toString(40 + i, 36));
            boot.shutdownNow();
            LOG.info("Shutdown complete, write.lock released");
            System.exit(1);
        }
        LOG.info("Indexing");
        Thread.sleep(Long.MAX_VALUE);
    }
}
