package rail.bracken.closures;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Tells which lines are closed on which days. */
public final class Closures {
    record Closure(String line, LocalDate from, LocalDate to) { }

    static final class StartException extends RuntimeException {
        StartException(String m, Throwable cause) {
            super(m, cause);
        }
    }

    static void log(String level, String logger, String text) {
        System.out.println(Instant.now() + " " + level + " 1 --- [main] " + logger + " : " + text);
    }

    static Closure row(String text, int number) {
        String[] cell = text.split(";");
        try {
            return new Closure(cell[0], LocalDate.parse(cell[1]), LocalDate.parse(cell[2]));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("row " + number, e);
        }
    }

    static List<Closure> load(Path file) {
        List<Closure> all = new ArrayList<>();
        try {
            int n = 0;
            for (String text : Files.readAllLines(file)) {
                n++;
                if (!text.isBlank() && !text.startsWith("#")) {
                    all.add(row(text, n));
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException("Cannot load " + file, e);
        }
        return all;
    }

    public static void main(String[] args) throws Exception {
        log("INFO ", "r.b.c.ClosuresApplication", "Starting ClosuresApplication v5.1.2 using Java " + Runtime.version());
        log("INFO ", "r.b.c.ClosuresApplication", "The following 1 profile is active: \"production\"");
        log("WARN ", "r.b.c.CacheConfiguration", "No cache provider found, closures are kept on the heap");
        log("INFO ", "r.b.c.web.Server", "Initialized with port 8080 (http)");
        log("WARN ", "r.b.c.notify.MailGateway", "java.net.ConnectException: Connection refused (mail is optional, retrying in the background)");
        List<Closure> all;
        try {
            all = load(Path.of(System.getenv().getOrDefault("CLOSURES_FILE", "/etc/closures/closures.csv")));
        } catch (RuntimeException e) {
            log("WARN ", "r.b.c.web.Server", "Exception encountered during context initialization - cancelling refresh attempt");
            log("INFO ", "r.b.c.web.Server", "Stopping service [http]");
            log("ERROR", "r.b.c.ClosuresApplication", "Application run failed");
            new StartException("Error creating component 'closureTable': initialization failed", e).printStackTrace(System.out);
            log("INFO ", "r.b.c.web.Server", "Pausing ProtocolHandler [http-nio-8080]");
            System.exit(1);
            return;
        }
        log("INFO ", "r.b.c.ClosureTable", all.size() + " closures");
        com.sun.net.httpserver.HttpServer s = com.sun.net.httpserver.HttpServer.create(new java.net.InetSocketAddress(8080), 0);
        s.createContext("/", x -> {
            byte[] b = "ok\n".getBytes();
            x.sendResponseHeaders(200, b.length);
            x.getResponseBody().write(b);
            x.close();
        });
        s.start();
    }
}
