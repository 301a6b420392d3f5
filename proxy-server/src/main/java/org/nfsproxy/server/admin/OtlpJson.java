package org.nfsproxy.server.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.LatencyHistogram;
import org.nfsproxy.server.metrics.MetricsWriter;

/**
 * Metrics as an OpenTelemetry collector reads them: an {@code ExportMetricsServiceRequest} of OTLP
 * in JSON, where 64-bit integers are texts. Names and labels are those of {@code /metrics}.
 */
// It is written as it is made, so that ten thousand clients need no tree of objects.
final class OtlpJson implements MetricsWriter {
  private static final JsonFactory JSON = new JsonFactory();

  /** AGGREGATION_TEMPORALITY_CUMULATIVE: since the process began. */
  private static final int CUMULATIVE = 2;

  private static final double[] BOUNDS = new double[LAST_BUCKET_BITS - FIRST_BUCKET_BITS + 1];

  static {
    for (int bits = FIRST_BUCKET_BITS; bits <= LAST_BUCKET_BITS; bits++) {
      BOUNDS[bits - FIRST_BUCKET_BITS] = (1L << bits) / 1e9;
    }
  }

  private final JsonGenerator json;
  private final String began;
  private final String now;
  private @Nullable String open;

  /**
   * Nothing yet.
   *
   * @param out where it goes
   * @param beganMillis when counting began, since 1970
   * @param nowMillis now
   * @param resource what says whose numbers these are
   */
  OtlpJson(OutputStream out, long beganMillis, long nowMillis, Map<String, String> resource)
      throws IOException {
    json = JSON.createGenerator(out);
    began = beganMillis + "000000";
    now = nowMillis + "000000";
    json.writeStartObject();
    json.writeArrayFieldStart("resourceMetrics");
    json.writeStartObject();
    json.writeObjectFieldStart("resource");
    json.writeArrayFieldStart("attributes");
    for (Map.Entry<String, String> each : resource.entrySet()) {
      attribute(each.getKey(), each.getValue());
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeArrayFieldStart("scopeMetrics");
    json.writeStartObject();
    json.writeObjectFieldStart("scope");
    json.writeStringField("name", "nfs-proxy");
    json.writeEndObject();
    json.writeArrayFieldStart("metrics");
  }

  @Override
  public MetricsWriter counter(String name, String help) {
    return begin(name, help, "sum");
  }

  @Override
  public MetricsWriter gauge(String name, String help) {
    return begin(name, help, "gauge");
  }

  @Override
  public MetricsWriter histogram(String name, String help) {
    return begin(name, help, "histogram");
  }

  private MetricsWriter begin(String name, String help, String kind) {
    return written(
        () -> {
          endMetric();
          json.writeStartObject();
          json.writeStringField("name", name);
          json.writeStringField("description", help);
          json.writeObjectFieldStart(kind);
          if (!kind.equals("gauge")) {
            json.writeNumberField("aggregationTemporality", CUMULATIVE);
          }
          if (kind.equals("sum")) {
            json.writeBooleanField("isMonotonic", true);
          }
          json.writeArrayFieldStart("dataPoints");
          open = kind;
        });
  }

  private void endMetric() throws IOException {
    if (open != null) {
      json.writeEndArray();
      json.writeEndObject();
      json.writeEndObject();
    }
  }

  @Override
  public MetricsWriter sample(long value, String... labels) {
    return written(
        () -> {
          point(labels);
          json.writeStringField("asInt", Long.toString(value));
          json.writeEndObject();
        });
  }

  @Override
  public MetricsWriter sample(double value, String... labels) {
    return written(
        () -> {
          point(labels);
          json.writeNumberField("asDouble", value);
          json.writeEndObject();
        });
  }

  @Override
  public MetricsWriter sample(double value, Map<String, String> labels) {
    String[] pairs =
        labels.entrySet().stream()
            .flatMap(each -> Stream.of(each.getKey(), each.getValue()))
            .toArray(String[]::new);
    return sample(value, pairs);
  }

  @Override
  public MetricsWriter sample(LatencyHistogram.Sum times, String... labels) {
    return written(
        () -> {
          point(labels);
          json.writeStringField("count", Long.toString(times.count()));
          json.writeNumberField("sum", times.seconds());
          json.writeArrayFieldStart("bucketCounts");
          long before = 0;
          for (long below : times.countsBelow(FIRST_BUCKET_BITS, LAST_BUCKET_BITS)) {
            json.writeString(Long.toString(below - before));
            before = below;
          }
          json.writeString(Long.toString(times.count() - before));
          json.writeEndArray();
          json.writeArrayFieldStart("explicitBounds");
          for (double bound : BOUNDS) {
            json.writeNumber(bound);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private void point(String[] labels) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart("attributes");
    for (int i = 0; i < labels.length; i += 2) {
      attribute(labels[i], labels[i + 1]);
    }
    json.writeEndArray();
    json.writeStringField("startTimeUnixNano", began);
    json.writeStringField("timeUnixNano", now);
  }

  private void attribute(String name, String value) throws IOException {
    json.writeStartObject();
    json.writeStringField("key", name);
    json.writeObjectFieldStart("value");
    json.writeStringField("stringValue", value);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Ends it. */
  void end() throws IOException {
    endMetric();
    // Whatever is open is ended with it.
    json.close();
  }

  private interface Writing {
    void write() throws IOException;
  }

  private MetricsWriter written(Writing writing) {
    try {
      writing.write();
      return this;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
