package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.configuration.OtlpSettings;
import org.nfsproxy.server.metrics.MetricsWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes the numbers of {@code /metrics} to an OpenTelemetry collector, by OTLP over HTTP in JSON.
 */
// Nothing waits for a collector: a push is made by a thread of Vert.x's pool and sent by Java's own
// client, one at a time, and given up when the next is due. What was not taken needs no keeping:
// all counters go on from the beginning.
public final class OtlpPush {
  private static final Logger log = LoggerFactory.getLogger(OtlpPush.class);
  private static final int OK_BEGIN = 200;
  private static final int OK_END = 300;

  private final Vertx vertx;
  private final OtlpSettings settings;
  private final MetricsPage page;
  private final Map<String, String> resource = new LinkedHashMap<>();
  private final HttpClient client;
  private final AtomicBoolean isUnderWay = new AtomicBoolean();
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean isFailureTold;
  private long timer;

  private OtlpPush(Vertx vertx, OtlpSettings settings, MetricsPage page) {
    this.vertx = vertx;
    this.settings = settings;
    this.page = page;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(settings.periodMillis()))
            .build();
    resource.put("service.name", "nfs-proxy");
    resource.put("service.version", page.sources().version());
    resource.put("service.instance.id", page.sources().instance());
  }

  /**
   * Begins to push.
   *
   * @param vertx the runtime
   * @param settings where to, and how often
   * @param page what; it tells of the pushes too, from now on
   * @return what pushes; null if there is no collector
   */
  public static @Nullable OtlpPush start(Vertx vertx, OtlpSettings settings, MetricsPage page) {
    if (!settings.enabled()) {
      return null;
    }
    OtlpPush push = new OtlpPush(vertx, settings, page);
    page.also(push::count);
    push.timer = vertx.setPeriodic(settings.periodMillis(), due -> push.push());
    log.info("metrics go to {} every {} ms", settings.url(), settings.periodMillis());
    return push;
  }

  private void count(MetricsWriter text) {
    text.counter(
            "nfs_proxy_otlp_pushes_total", "Pushes that the OpenTelemetry collector has taken.")
        .sample(taken.get());
    text.counter(
            "nfs_proxy_otlp_failures_total",
            "Pushes that it has not taken: it is away, or refuses them; the log says why.")
        .sample(failed.get());
  }

  private void push() {
    if (!isUnderWay.compareAndSet(false, true)) {
      return;
    }
    vertx
        .executeBlocking(this::request, false)
        .compose(
            request ->
                Future.fromCompletionStage(client.sendAsync(request, BodyHandlers.discarding())))
        .compose(
            answer ->
                answer.statusCode() >= OK_BEGIN && answer.statusCode() < OK_END
                    ? Future.succeededFuture()
                    : Future.failedFuture("it answers with status " + answer.statusCode()))
        .onSuccess(done -> taken())
        .onFailure(this::failed)
        .onComplete(done -> isUnderWay.set(false));
  }

  private HttpRequest request() throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(settings.url()))
            .timeout(Duration.ofMillis(settings.periodMillis()))
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip");
    for (String header : settings.headers()) {
      int colon = header.indexOf(": ");
      request.header(header.substring(0, colon), header.substring(colon + 2));
    }
    return request.POST(BodyPublishers.ofByteArray(body())).build();
  }

  private byte[] body() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zipped = new GZIPOutputStream(bytes)) {
      OtlpJson json =
          new OtlpJson(
              zipped,
              ManagementFactory.getRuntimeMXBean().getStartTime(),
              System.currentTimeMillis(),
              resource);
      page.write(json);
      json.end();
    }
    return bytes.toByteArray();
  }

  private void taken() {
    taken.incrementAndGet();
    if (isFailureTold) {
      isFailureTold = false;
      log.info("the collector at {} takes metrics again", settings.url());
    }
  }

  private void failed(Throwable why) {
    failed.incrementAndGet();
    if (!isFailureTold) {
      isFailureTold = true;
      log.warn(
          "the collector at {} did not take metrics: {}. Tried again every {} ms, told when it does",
          settings.url(),
          Reason.of(why),
          settings.periodMillis());
    }
  }

  /** Ends it. A push under way is sent, and nobody waits for its answer. */
  public void stop() {
    vertx.cancelTimer(timer);
  }
}
