package health.kestrel.dosage;

import java.util.Map;
import java.util.function.Predicate;

/** What every compiled dosage rule looks like. Each is loaded by a class loader of its own, so it can be replaced. */
public final class Rule {
    private final String drug;
    private final Predicate<Map<String, Double>> limit;

    public Rule(String drug, double max) {
        this.drug = drug;
        this.limit = values -> values.getOrDefault("mgPerKg", 0d) <= max && values.getOrDefault("age", 99d) >= 2;
    }

    public boolean allows(Map<String, Double> values) {
        return limit.test(values);
    }

    public String describe() {
        return "rule for " + drug + " (" + limit.getClass().getSimpleName() + ")";
    }
}
