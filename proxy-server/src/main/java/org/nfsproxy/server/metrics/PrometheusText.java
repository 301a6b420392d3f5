package org.nfsproxy.server.metrics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text that Prometheus reads: version 0.0.4, or OpenMetrics 1.0.0 where it is asked for.
 *
 * <pre>
 *  # HELP nfs_proxy_operations_total What clients call ...
 *  # TYPE nfs_proxy_operations_total counter
 *  nfs_proxy_operations_total{program="nfs",version="3",operation="GETATTR"} 7
 * </pre>
 */
// A metric's samples must stand together, and no two may have the same labels: that is for whoever
// calls this.
public final class PrometheusText implements MetricsWriter {
  /** Of the text of version 0.0.4. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Of OpenMetrics. */
  public static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private static final String TOTAL = "_total";

  private static final String[] BUCKETS = new String[LAST_BUCKET_BITS + 1];

  static {
    for (int bits = FIRST_BUCKET_BITS; bits <= LAST_BUCKET_BITS; bits++) {
      BUCKETS[bits] = BigDecimal.valueOf(1L << bits, 9).stripTrailingZeros().toPlainString();
    }
  }

  private final StringBuilder text = new StringBuilder(1 << 16);
  private final boolean isOpenMetrics;
  private String name = "";

  /** Nothing yet. */
  public PrometheusText(boolean isOpenMetrics) {
    this.isOpenMetrics = isOpenMetrics;
  }

  @Override
  public PrometheusText counter(String name, String help) {
    if (!name.endsWith(TOTAL)) {
      throw new IllegalArgumentException(name + " does not end with " + TOTAL);
    }
    return begin(name, "counter", help);
  }

  @Override
  public PrometheusText gauge(String name, String help) {
    return begin(name, "gauge", help);
  }

  @Override
  public PrometheusText histogram(String name, String help) {
    return begin(name, "histogram", help);
  }

  private PrometheusText begin(String name, String type, String help) {
    this.name = name;
    boolean isCut = isOpenMetrics && name.endsWith(TOTAL);
    String family = isCut ? name.substring(0, name.length() - TOTAL.length()) : name;
    text.append("# HELP ").append(family).append(' ');
    escape(help, isOpenMetrics);
    text.append("\n# TYPE ").append(family).append(' ').append(type).append('\n');
    return this;
  }

  @Override
  public PrometheusText sample(long value, String... labels) {
    line(name, "", null, labels).append(value).append('\n');
    return this;
  }

  @Override
  public PrometheusText sample(double value, String... labels) {
    line(name, "", null, labels).append(value).append('\n');
    return this;
  }

  @Override
  public PrometheusText sample(double value, Map<String, String> labels) {
    String[] pairs =
        labels.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .flatMap(label -> Stream.of(label.getKey(), label.getValue()))
            .toArray(String[]::new);
    return value == Math.rint(value) && Math.abs(value) < 1L << 53
        ? sample((long) value, pairs)
        : sample(value, pairs);
  }

  @Override
  public PrometheusText sample(LatencyHistogram.Sum times, String... labels) {
    long[] below = times.countsBelow(FIRST_BUCKET_BITS, LAST_BUCKET_BITS);
    for (int bits = FIRST_BUCKET_BITS; bits <= LAST_BUCKET_BITS; bits++) {
      line(name, "_bucket", BUCKETS[bits], labels)
          .append(below[bits - FIRST_BUCKET_BITS])
          .append('\n');
    }
    long count = times.count();
    line(name, "_bucket", "+Inf", labels).append(count).append('\n');
    line(name, "_sum", null, labels).append(times.seconds()).append('\n');
    line(name, "_count", null, labels).append(count).append('\n');
    return this;
  }

  private StringBuilder line(String name, String suffix, @Nullable String bucket, String[] labels) {
    text.append(name).append(suffix);
    if (labels.length > 0 || bucket != null) {
      char before = '{';
      for (int i = 0; i < labels.length; i += 2) {
        text.append(before).append(labels[i]).append("=\"");
        escape(labels[i + 1], true);
        text.append('"');
        before = ',';
      }
      if (bucket != null) {
        text.append(before).append("le=\"").append(bucket).append('"');
      }
      text.append('}');
    }
    return text.append(' ');
  }

  // The three characters that would end a value or a line. What is no character at all is none of
  // UTF-8 either, and becomes a question mark where the text becomes bytes.
  private void escape(String value, boolean isQuoteToo) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n') {
        text.append("\\n");
      } else if (c == '\\') {
        text.append("\\\\");
      } else if (c == '"' && isQuoteToo) {
        text.append("\\\"");
      } else {
        text.append(c);
      }
    }
  }

  /**
   * Ends it.
   *
   * @return its bytes
   */
  public byte[] end() {
    if (isOpenMetrics) {
      text.append("# EOF\n");
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** What it is, for HTTP. */
  public String contentType() {
    return isOpenMetrics ? OPEN_METRICS : CONTENT_TYPE;
  }
}
