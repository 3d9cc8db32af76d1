package example.silverbrook.connections;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.Date;

/** Finds connections between stations; the network fits into some megabytes. */
public final class ConnectionSearch {
    static void log(String level, String msg) {
        System.out.printf("%tF %<tT,%<tL %-5s [%s] ConnectionSearch - %s%n", new Date(), level, Thread.currentThread().getName(), msg);
    }

    public static void main(String[] args) throws Exception {
        log("INFO", "connection-search 9.0.2");
        int[][] edges = new int[40_000][8];
        log("INFO", "network loaded: 40000 edges, heap max " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB");
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 32);
        server.createContext("/actuator/health", x -> { x.sendResponseHeaders(200, -1); x.close(); });
        server.start();
        log("INFO", "listening on 8080, " + edges.length + " edges");
    }
}
