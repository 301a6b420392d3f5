package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private static String text(PrometheusText text) {
    return new String(text.end(), StandardCharsets.UTF_8);
  }

  @Test
  void labelValues_withQuotesBackslashesAndLineEnds_areEscaped() {
    PrometheusText text = new PrometheusText(false);
    text.counter("calls_total", "How many\\of \"them\"\nthere are.")
        .sample(7, "export", "/a\"b\\c\nd}=,ü");
    assertEquals(
        """
        # HELP calls_total How many\\\\of "them"\\nthere are.
        # TYPE calls_total counter
        calls_total{export="/a\\"b\\\\c\\nd}=,ü"} 7
        """,
        text(text));
  }

  @Test
  void openMetrics_namesTheFamilyWithoutTotal_andHasAnEnd() {
    PrometheusText text = new PrometheusText(true);
    text.counter("calls_total", "A \"help\".").sample(7);
    assertEquals(
        """
        # HELP calls A \\"help\\".
        # TYPE calls counter
        calls_total 7
        # EOF
        """,
        text(text));
  }

  @Test
  void histogram_hasBucketsThatGrow_andTheirSum() {
    LatencyHistogram times = LatencyHistogram.fine();
    times.record(1 << 14);
    times.record(2_000_000_000L);
    LatencyHistogram.Sum sum = LatencyHistogram.Sum.ofFine();
    sum.add(times);
    PrometheusText text = new PrometheusText(false);
    text.histogram("wait_seconds", "Waits.").sample(sum, "of", "x");
    Scrape scrape = Scrape.read(text(text));
    assertEquals(0, scrape.samples().get("wait_seconds_bucket{of=\"x\",le=\"0.000016384\"}"));
    assertEquals(1, scrape.samples().get("wait_seconds_bucket{of=\"x\",le=\"0.000032768\"}"));
    assertEquals(2, scrape.samples().get("wait_seconds_bucket{of=\"x\",le=\"+Inf\"}"));
    assertEquals(2, scrape.samples().get("wait_seconds_count{of=\"x\"}"));
    assertEquals(2.000016384, scrape.samples().get("wait_seconds_sum{of=\"x\"}"), 1e-12);
  }

  @Test
  void counter_withoutTotal_isRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new PrometheusText(false).counter("calls", "Calls."));
  }
}
