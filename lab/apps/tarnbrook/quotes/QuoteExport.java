package nl.tarnbrook.quotes;

import java.util.*;
import java.util.concurrent.*;

/** Exports quotes to the brokers. Logs through a queue; a background thread writes it. */
public final class QuoteExport {
    private static final BlockingQueue<String> LINES = new LinkedBlockingQueue<>();

    static void log(String level, String logger, String msg, String extra) {
        LINES.add(String.format("{\"@timestamp\":\"%tFT%<tT.%<tLZ\",\"log.level\":\"%s\",\"log.logger\":\"%s\",\"message\":\"%s\"%s,\"service.name\":\"quote-export\"}",
            new Date(), level, logger, msg, extra));
    }

    public static void main(String[] args) throws Exception {
        Thread writer = new Thread(() -> {
            try {
                while (true) {
                    List<String> batch = new ArrayList<>();
                    batch.add(LINES.take());
                    Thread.sleep(1500);
                    LINES.drainTo(batch);
                    batch.forEach(System.out::println);
                    System.out.flush();
                }
            } catch (InterruptedException e) { }
        }, "log-writer");
        writer.setDaemon(true);
        writer.start();
        String trace = ",\"error.type\":\"java.net.ConnectException\",\"error.message\":\"Connection refused\",\"error.stack_trace\":\"java.net.ConnectException: Connection refused\\n\\tat java.base/sun.nio.ch.Net.pollConnect(Native Method)\\n\\tat io.opentelemetry.exporter.internal.http.HttpExporter.export(HttpExporter.java:88)\"";
        log("INFO", "n.t.quotes.QuoteExport", "quote-export 3.14.0 started", "");
        Random r = new Random(5);
        for (int i = 0; i < 120; i++) {
            switch (i % 8) {
                case 0 -> log("ERROR", "i.o.exporter.internal.http.HttpExporter", "Failed to export spans. The request could not be executed.", trace);
                case 3 -> log("ERROR", "n.t.quotes.BrokerDirectory", "Broker " + (400 + r.nextInt(90)) + " has no fax number, skipped", "");
                case 5 -> log("WARN", "n.t.quotes.Rounding", "Premium rounded up by 0.01", "");
                default -> log("INFO", "n.t.quotes.Batch", "exported batch " + i + " quotes=" + (40 + r.nextInt(20)), "");
            }
            Thread.sleep(60);
        }
        try {
            publish(null);
        } catch (Exception e) {
            log("FATAL", "n.t.quotes.QuoteExport", "export stopped: " + e, "");
            Runtime.getRuntime().halt(3);
        }
    }

    static void publish(Map<String, String> target) {
        target.get("sftp");
    }
}
