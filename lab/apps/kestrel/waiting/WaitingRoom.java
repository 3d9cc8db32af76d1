package health.kestrel.waiting;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Waiting times of all departments: works out a table at the start, then serves it. */
public final class WaitingRoom {
    static void log(String level, String text) {
        System.out.println(Instant.now() + " " + level + " waiting-room - " + text);
    }

    public static void main(String[] args) throws Exception {
        long begin = System.nanoTime();
        log("INFO ", "waiting-room 1.30.2, " + Runtime.getRuntime().availableProcessors() + " processors");
        Map<Integer, byte[]> table = new HashMap<>();
        String[] departments = {"emergency", "radiology", "orthopaedics", "cardiology", "dermatology", "oncology", "neurology", "urology"};
        MessageDigest digest = MessageDigest.getInstance("SHA-512");
        for (String department : departments) {
            byte[] state = department.getBytes();
            for (int n = 0; n < 560_000; n++) {
                state = digest.digest(state);
                table.put(n % 5000, state);
            }
            log("INFO ", "forecast of " + department + " done");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 20);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        log("INFO ", String.format("Started in %.1f seconds, listening on 8080", (System.nanoTime() - begin) / 1e9));
    }
}
