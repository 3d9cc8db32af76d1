package nl.tarnbrook.pricing;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.*;
import java.util.concurrent.*;

/** Prices policies; every request asks four rating steps. */
public final class PricingService {
    private static final ThreadPoolExecutor POOL = (ThreadPoolExecutor) Executors.newFixedThreadPool(
        Integer.parseInt(System.getenv().getOrDefault("POOL_SIZE", "8")));

    static void log(String level, String msg) {
        System.out.printf("%tFT%<tT.%<tLZ %-5s %s - %s%n", new Date(), level, Thread.currentThread().getName(), msg);
    }

    static double price(int policy) throws Exception {
        List<Future<Double>> steps = new ArrayList<>();
        for (String s : List.of("base", "age", "region", "bonus")) {
            steps.add(POOL.submit(() -> { Thread.sleep(120); return 10.0 + s.length(); }));
        }
        double sum = 0;
        for (Future<Double> f : steps) sum += f.get();
        return sum;
    }

    public static void main(String[] args) throws Exception {
        log("INFO", "pricing 11.0.6, pool of " + POOL.getMaximumPoolSize() + " threads, java " + System.getProperty("java.version"));
        log("WARN", "tariff table 'marine' has no rows for 2027");
        HttpServer server = HttpServer.create(new InetSocketAddress(8080), 64);
        server.setExecutor(POOL);
        server.createContext("/internal/health", x -> { x.sendResponseHeaders(200, 3); x.getResponseBody().write("ok\n".getBytes()); x.close(); });
        server.start();
        log("INFO", "listening on 8080");
        Timer feeder = new Timer("renewals", true);
        feeder.schedule(new TimerTask() {
            int round = 0;
            public void run() {
                round++;
                int many = round < 12 ? 1 : 40;   // the renewal run of the night comes all at once
                log("INFO", "renewals: " + many + " policies, pool active=" + POOL.getActiveCount() + " queued=" + POOL.getQueue().size());
                for (int i = 0; i < many; i++) {
                    int p = 700000 + round * 100 + i;
                    POOL.submit(() -> { log("INFO", "policy " + p + " priced " + price(p)); return null; });
                }
            }
        }, 2000, 1500);
        Thread.sleep(Long.MAX_VALUE);
    }
}
