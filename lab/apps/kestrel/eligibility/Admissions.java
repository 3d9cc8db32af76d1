package health.kestrel.admissions;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Admission of patients: warms its cache of insurance plans before it serves. */
public final class Admissions {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    static void log(String level, String thread, String type, String text) {
        System.out.printf("%s %5s 1 --- [%15s] %-40s : %s%n", LocalDateTime.now().format(FORM), level, thread, type, text);
    }

    static final class PlanCacheException extends RuntimeException {
        PlanCacheException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    static final class BeanCreationException extends RuntimeException {
        BeanCreationException(String text, Throwable cause) {
            super(text, cause);
        }
    }

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    CompletableFuture<String> plan(String base, int number) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/eligibility/plans/" + number)).timeout(Duration.ofSeconds(6)).build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body);
    }

    void warm(String base) {
        try {
            plan(base, 104).join();
        } catch (CompletionException e) {
            throw new PlanCacheException("plan 104 could not be loaded from " + base, e);
        }
    }

    public static void main(String[] args) throws IOException {
        log("INFO", "main", "h.k.admissions.Admissions", "Starting Admissions v5.7.0 using Java " + System.getProperty("java.version"));
        log("INFO", "main", "h.k.admissions.web.ServerFactory", "Initialized on port 8080 (http)");
        log("WARN", "main", "h.k.admissions.ward.WardDirectory", "ward 'day clinic' has no head, letters go to the directorate");
        String base = System.getenv("ELIGIBILITY_URL");
        log("INFO", "main", "h.k.admissions.plan.PlanCache", "Warming plan cache");
        try {
            new Admissions().warm(base);
        } catch (RuntimeException e) {
            log("ERROR", "main", "h.k.admissions.Admissions", "Application run failed");
            new BeanCreationException("Error creating bean with name 'admissionController': dependency 'planCache' is not satisfied", e).printStackTrace(System.out);
            for (String part : List.of("Closing plan client pool", "Stopping scheduler 'bed-sync'", "Shutting down executor 'applicationTaskExecutor'", "Stopped web server")) {
                log("INFO", "main", "h.k.admissions.Lifecycle", part);
            }
            System.exit(1);
        }
        log("INFO", "main", "h.k.admissions.Admissions", "Started");
    }
}
