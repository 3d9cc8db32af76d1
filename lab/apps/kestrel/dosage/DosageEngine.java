package health.kestrel.dosage;

import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads the dosage rules of all wards and then answers questions about them. */
public final class DosageEngine {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss,SSS");
    private final List<Object> rules = new ArrayList<>();

    static final class RuleLoader extends ClassLoader {
        RuleLoader() {
            super(DosageEngine.class.getClassLoader());
        }

        Class<?> define(byte[] code) {
            return defineClass("health.kestrel.dosage.Rule", code, 0, code.length);
        }
    }

    static void log(String level, String thread, String text) {
        System.out.printf("%s %-5s [%s] DosageEngine: %s%n", LocalDateTime.now().format(FORM), level, thread, text);
    }

    void load(int count) throws Exception {
        byte[] code;
        try (InputStream in = DosageEngine.class.getResourceAsStream("Rule.class")) {
            code = in.readAllBytes();
        }
        for (int n = 0; n < count; n++) {
            Class<?> type = new RuleLoader().define(code);
            Object rule = type.getConstructor(String.class, double.class).newInstance("D" + n, n % 40 / 2.0);
            type.getMethod("allows", Map.class).invoke(rule, Map.of("mgPerKg", 1.0));
            rules.add(rule);
            if (n % 500 == 0) {
                log("INFO", "rule-loader-1", "loaded " + n + " of " + count + " rules, heap used " + used() + " MiB of " + Runtime.getRuntime().maxMemory() / (1 << 20));
            }
            if (n % 900 == 899) {
                log("WARN", "rule-loader-1", "rule D" + n + " has no upper age, using the ward's default");
            }
        }
    }

    static long used() {
        Runtime r = Runtime.getRuntime();
        return (r.totalMemory() - r.freeMemory()) / (1 << 20);
    }

    public static void main(String[] args) throws Exception {
        log("INFO", "main", "dosage-engine 3.8.1 starts, wards=" + System.getenv("WARDS"));
        DosageEngine engine = new DosageEngine();
        try {
            engine.load(Integer.parseInt(System.getenv().getOrDefault("RULES", "24000")));
        } catch (Throwable e) {
            log("FATAL", "main", "initial load of the rules failed");
            e.printStackTrace(System.out);
            for (String part : List.of("question-listener", "audit-trail", "ward-cache", "metrics-reporter")) {
                log("INFO", "shutdown", "stopping " + part);
            }
            log("INFO", "shutdown", "all components stopped in 41 ms");
            System.exit(1);
        }
        log("INFO", "main", "ready, " + engine.rules.size() + " rules");
        Thread.currentThread().join();
    }
}
