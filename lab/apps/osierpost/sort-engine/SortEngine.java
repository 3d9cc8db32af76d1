import java.net.InetAddress;
import java.nio.file.*;
import java.time.*;
import java.util.*;

/** Assigns parcels to chutes; the layout solver in it is bought. */
public class SortEngine {
    static class EngineStartException extends RuntimeException {
        EngineStartException(String m, Throwable c) { super(m, c); }
    }
    static class SolverException extends Exception {
        SolverException(String m) { super(m); }
        SolverException(String m, Throwable c) { super(m, c); }
    }

    static void log(String level, String logger, String text) {
        System.out.printf("%s %-5s [main] %s - %s%n", LocalTime.now().withNano(0), level, logger, text);
    }

    /** What the vendor gave us: key file with the host it was made for. */
    static class ChuteSolver {
        private final Properties key = new Properties();

        ChuteSolver(Path file) throws SolverException {
            try (var in = Files.newBufferedReader(file)) {
                key.load(in);
            } catch (Exception e) {
                throw new SolverException("solver key unreadable", e);
            }
        }

        void open(String host) throws SolverException {
            String bound = key.getProperty("node");
            log("DEBUG", "c.v.chute.Guard", "key " + key.getProperty("serial") + ", product " + key.getProperty("product"));
            if (!host.equals(bound)) {
                throw new SolverException("VCS-4011: key " + key.getProperty("serial") + " was issued to node '" + bound
                    + "', this is '" + host + "'; transfer it in the customer portal");
            }
        }
    }

    static class PlanStore {
        void warm() {
            log("WARN", "c.o.s.PlanStore", "no plan of today in /var/plans, starting from the template of depot 14");
        }
    }

    private final ChuteSolver solver;
    SortEngine(ChuteSolver solver) { this.solver = solver; }

    void start() {
        try {
            solver.open(InetAddress.getLocalHost().getHostName());
        } catch (Exception e) {
            throw new IllegalStateException("stage 'solver' did not come up", e);
        }
    }

    public static void main(String[] args) throws Exception {
        log("INFO", "c.o.s.SortEngine", "sort-engine 3.18.0 on Java " + System.getProperty("java.version") + ", "
            + Runtime.getRuntime().availableProcessors() + " processors, max heap " + (Runtime.getRuntime().maxMemory() >> 20) + " MB");
        log("INFO", "c.o.s.Chutes", "48 chutes, 6 of them closed for maintenance");
        new PlanStore().warm();
        log("INFO", "c.o.s.Metrics", "pushing to statsd://127.0.0.1:8125 every 10s");
        try {
            new SortEngine(new ChuteSolver(Path.of(System.getenv().getOrDefault("SOLVER_KEY", "/etc/solver/key.properties")))).start();
            log("INFO", "c.o.s.SortEngine", "sorting");
            Thread.sleep(Long.MAX_VALUE);
        } catch (RuntimeException e) {
            log("ERROR", "c.o.s.SortEngine", "stopping the stages that were started: chutes, plans, metrics");
            for (int i = 1; i <= 6; i++) {
                log("INFO", "c.o.s.Lane", "lane " + i + " drained (0 parcels)");
            }
            throw new EngineStartException("sort engine could not be brought up", e);
        }
    }
}
