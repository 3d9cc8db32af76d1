import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A service of the catalogue: loads its part of the titles and answers over HTTP. */
public final class CatalogService {
    private static final String NAME = System.getenv().getOrDefault("SERVICE_NAME", "catalog");

    private static void log(String level, String logger, String text) {
        System.out.printf(Locale.ROOT, "%s %-5s [main] c.l.%s.%s - %s%n", Instant.now(), level, NAME.replace("-", ""), logger, text);
    }

    public static void main(String[] args) throws Exception {
        Runtime runtime = Runtime.getRuntime();
        log("INFO", "Boot", NAME + " 5.2.0, Java " + System.getProperty("java.version") + ", heap up to " + runtime.maxMemory() / 1048576 + " MiB");
        List<byte[]> titles = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            titles.add(new byte[512 * 1024]);
        }
        log("INFO", "Titles", titles.size() + " blocks of titles loaded");
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 16);
        server.createContext("/health", exchange -> {
            byte[] body = "{\"status\":\"UP\"}".getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        log("INFO", "Http", "listening on 8080");
        while (true) {
            Thread.sleep(15000);
            log("INFO", "Titles", "refresh: 0 changed of " + titles.size() + " blocks");
        }
    }
}
