import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The general ledger: a warm cache of accounts, transfers between them, HTTP for the rest of the shop. */
public final class Ledger {
    private static final Logger LOG = Logger.getLogger("com.example.ledger.Ledger");

    static final class Account {
        final String id;
        long cents;
        Account(String id, long cents) { this.id = id; this.cents = cents; }
    }

    /** A failure of start-up that keeps its cause, as frameworks report it. */
    static final class StartupException extends RuntimeException {
        StartupException(String message, Throwable cause) { super(message, cause); }
    }

    private final Account house = new Account("house", 1_000_000);
    private final Account escrow = new Account("escrow", 1_000_000);
    private final Map<Integer, byte[]> cache = new HashMap<>();

    public static void main(String[] args) throws Exception {
        LOG.info("Starting Ledger v7.2.1 using Java " + System.getProperty("java.version") + " with PID " + ProcessHandle.current().pid());
        LOG.info("Max heap " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB, " + Runtime.getRuntime().availableProcessors() + " processors");
        Ledger ledger = new Ledger();
        try {
            if (System.getenv("JDBC_URL") != null) ledger.connect(System.getenv("JDBC_URL"));
            ledger.warm(Integer.parseInt(System.getenv().getOrDefault("CACHE_MB", "8")));
            ledger.serve();
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "Application run failed", e);
            System.exit(1);
        }
        if (System.getenv("TRANSFER_THREADS") != null) ledger.trade();
    }

    private void connect(String url) {
        LOG.info("Connection pool ledger-db starting");
        try (Connection c = DriverManager.getConnection(url, System.getenv("DB_USER"), System.getenv("DB_PASSWORD"));
             Statement s = c.createStatement(); ResultSet r = s.executeQuery("select version()")) {
            r.next();
            LOG.info("Connection pool ledger-db ready: " + r.getString(1));
        } catch (java.sql.SQLException e) {
            throw new StartupException("Cannot create the data source: " + e.getMessage(), e);
        }
    }

    private void warm(int megabytes) throws InterruptedException {
        for (int i = 0; i < megabytes; i++) {
            byte[] page = new byte[1 << 20];
            for (int j = 0; j < page.length; j += 4096) page[j] = 1;
            cache.put(i, page);
            if ((i + 1) % 16 == 0) LOG.info("Account cache: " + (i + 1) + " of " + megabytes + " MB warm");
            Thread.sleep(25);
        }
    }

    private void serve() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
            server.setExecutor(Executors.newFixedThreadPool(4));
            server.createContext("/actuator/health", exchange -> {
                long sum;
                synchronized (house) { synchronized (escrow) { sum = house.cents + escrow.cents; } }
                byte[] body = ("{\"status\":\"UP\",\"total\":" + sum + "}").getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
        } catch (java.io.IOException e) {
            throw new StartupException("Unable to start web server", e);
        }
        LOG.info("HTTP server started on port 8080");
        LOG.info("Started Ledger in " + java.lang.management.ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0 + " seconds");
    }

    /** Two desks that book against each other, each locking its own side first. */
    private void trade() {
        var desks = Executors.newFixedThreadPool(2);
        long quiet = Long.parseLong(System.getenv().getOrDefault("TRANSFER_QUIET_SECONDS", "10"));
        desks.submit(() -> book(house, escrow, quiet));
        desks.submit(() -> book(escrow, house, quiet));
    }

    private void book(Account from, Account to, long quietSeconds) {
        try {
            TimeUnit.SECONDS.sleep(quietSeconds);
            LOG.info("Transfer " + from.id + " -> " + to.id + " of 250.00");
            synchronized (from) {
                from.cents -= 25_000;
                TimeUnit.MILLISECONDS.sleep(200);
                synchronized (to) { to.cents += 25_000; }
            }
            LOG.info("Transfer " + from.id + " -> " + to.id + " booked");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
