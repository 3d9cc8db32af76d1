import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.logging.Logger;

/** Quotes freight for pallets; keeps the tariff of every depot pair in memory. */
public class Freight {
    static final Logger LOG = Logger.getLogger("com.millrace.freight");

    public static void main(String[] args) throws Exception {
        LOG.info("freight-quotes 2.19.1 on " + System.getProperty("java.version") + ", heap max " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
        int depots = Integer.parseInt(System.getenv().getOrDefault("DEPOTS", "140"));
        double[][] tariff = new double[depots][depots];
        for (int i = 0; i < depots; i++)
            for (int j = 0; j < depots; j++) tariff[i][j] = 18.5 + Math.abs(i - j) * 1.37;
        LOG.info("tariff of " + depots * depots + " depot pairs loaded");
        HttpServer s = HttpServer.create(new InetSocketAddress(8080), 16);
        s.createContext("/actuator/health", e -> {
            byte[] b = "{\"status\":\"UP\"}".getBytes(StandardCharsets.UTF_8);
            e.sendResponseHeaders(200, b.length);
            e.getResponseBody().write(b);
            e.close();
        });
        s.createContext("/quote", e -> {
            byte[] b = String.valueOf(tariff[3][7]).getBytes(StandardCharsets.UTF_8);
            e.sendResponseHeaders(200, b.length);
            e.getResponseBody().write(b);
            e.close();
        });
        s.start();
        LOG.info("listening on 8080");
    }
}
