import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Passenger manifests: parts are wired in order, each from the ones before, and the first failure ends the start. */
public final class PassengerManifest {
    static final class WiringException extends RuntimeException {
        WiringException(String message, Throwable cause) { super(message, cause); }
    }

    private static void log(String level, String logger, String text) {
        System.out.printf("%s %-5s [           main] %-36s : %s%n", OffsetDateTime.now(ZoneOffset.UTC).withNano(0), level, logger, text);
    }

    static final class DataSource {
        final String url = System.getenv("JDBC_URL");
        Connection open() throws SQLException {
            return DriverManager.getConnection(url, System.getenv("DB_USER"), System.getenv("DB_PASSWORD"));
        }
    }

    static final class ManifestRepository {
        ManifestRepository(DataSource source) {
            log("INFO", "c.h.manifest.ManifestRepository", "Opening pool manifest-main (minimum idle 2, maximum 8)");
            for (int attempt = 1; ; attempt++) {
                try (Connection c = source.open()) {
                    log("INFO", "c.h.manifest.ManifestRepository", "Pool manifest-main opened: " + c.getMetaData().getDatabaseProductVersion());
                    return;
                } catch (SQLException e) {
                    log("WARN", "c.h.manifest.ManifestRepository", "Pool manifest-main: attempt " + attempt + " of 3 failed");
                    if (attempt == 3) throw new WiringException("Failed to initialise pool manifest-main: " + e.getMessage(), e);
                    pause(700);
                }
            }
        }
    }

    static final class BoardingService {
        BoardingService(DataSource source) {
            try {
                new ManifestRepository(source);
            } catch (WiringException e) {
                throw new WiringException("Error creating part 'boardingService': unsatisfied dependency 'manifestRepository'", e);
            }
        }
    }

    static void pause(long millis) {
        try { Thread.sleep(millis); } catch (InterruptedException e) { Thread.currentThread().interrupt(); }
    }

    public static void main(String[] args) {
        log("INFO", "c.h.manifest.PassengerManifest", "Starting PassengerManifest v3.14.0 using Java " + System.getProperty("java.version"));
        log("INFO", "c.h.manifest.PassengerManifest", "Active profile: " + System.getenv().getOrDefault("PROFILE", "default"));
        log("WARN", "c.h.manifest.CacheConfig", "No distributed cache configured, falling back to local cache");
        try {
            new BoardingService(new DataSource());
        } catch (RuntimeException e) {
            log("WARN", "c.h.manifest.Context", "Exception encountered during context initialisation - cancelling refresh attempt");
            log("INFO", "c.h.manifest.Context", "Stopping executor 'manifestTasks'");
            log("ERROR", "c.h.manifest.PassengerManifest", "Application run failed");
            new WiringException("Error creating part 'checkInController': unsatisfied dependency 'boardingService'", e).printStackTrace(System.out);
            System.exit(1);
        }
        log("INFO", "c.h.manifest.PassengerManifest", "Started");
        while (true) pause(60_000);
    }
}
