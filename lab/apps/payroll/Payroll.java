import java.io.FileInputStream;
import java.io.IOException;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Computes the month's pay slips. */
public final class Payroll {
    private static final Logger LOG = Logger.getLogger("com.example.payroll.Payroll");

    record Employee(String id, String grade, int hours) {}

    /** Cents per hour. Grade E9b was introduced with the last agreement. */
    static final class PayScale {
        private final Map<String, Integer> rates = Map.of("E5", 2110, "E8", 2480, "E9a", 2695);

        int hourly(String grade) { return rates.get(grade); }
    }

    private static Properties settings() {
        Properties p = new Properties();
        String override = System.getenv().getOrDefault("PAYROLL_OVERRIDES", "/etc/payroll/overrides.properties");
        try (FileInputStream in = new FileInputStream(override)) {
            p.load(in);
            LOG.info("Overrides read from " + override);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "Optional overrides could not be read, using defaults", e);
        }
        return p;
    }

    public static void main(String[] args) throws Exception {
        LOG.info("Payroll 12.4 starting, month " + YearMonth.now());
        settings();
        PayScale scale = new PayScale();
        for (Employee e : List.of(new Employee("P-0417", "E8", 152), new Employee("P-0418", "E5", 160), new Employee("P-0519", "E9b", 148))) {
            LOG.info("Computing slip of " + e.id());
            Thread.sleep(700);
            long gross = (long) scale.hourly(e.grade()) * e.hours();
            LOG.info("Slip of " + e.id() + ": " + gross / 100 + "." + gross % 100);
        }
        LOG.info("All slips computed, waiting for corrections");
        Thread.currentThread().join();
    }
}
