import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;

/** The claims API and, with another role, the exporter of its statistics. */
public final class Claims {
    private static void log(String level, String logger, String text) {
        System.out.printf("%s %-5s [main] %s - %s%n", OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS), level, logger, text);
    }

    public static void main(String[] args) throws Exception {
        String role = args.length > 0 ? args[0] : "api";
        int port = role.equals("api") ? 8080 : 9102;
        log("INFO", "health.kestrel.claims.Claims", "starting role " + role + " with " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB of heap");
        log("WARN", "health.kestrel.claims.Mailer", "no relay is configured, letters stay in the outbox");
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 50);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        log("INFO", "health.kestrel.claims.Claims", "role " + role + " listens on " + port);
    }
}
