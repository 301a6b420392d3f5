package org.nfsproxy.server.metrics;

import java.util.Map;

/** Takes what is counted, one metric after the other, in the form that somebody reads. */
// A metric's samples stand together, and no two have the same labels: that is for whoever calls.
public interface MetricsWriter {
  /** The first bucket of times ends at so many bits of nanoseconds: 16 microseconds. */
  int FIRST_BUCKET_BITS = 14;

  /** The last one, each being twice the one before: 69 seconds. */
  int LAST_BUCKET_BITS = 36;

  /**
   * Begins a metric that only grows.
   *
   * @param name ends with {@code _total}
   * @param help what it says, and what to do about it
   * @return this
   */
  MetricsWriter counter(String name, String help);

  /**
   * Begins a metric that goes up and down.
   *
   * @param name does not end with {@code _total}
   * @param help what it says, and what to do about it
   * @return this
   */
  MetricsWriter gauge(String name, String help);

  /**
   * Begins a metric of times.
   *
   * @param name ends with {@code _seconds}
   * @param help what it says, and what to do about it
   * @return this
   */
  MetricsWriter histogram(String name, String help);

  /**
   * Adds a sample.
   *
   * @param value how many
   * @param labels names and values in turn
   * @return this
   */
  MetricsWriter sample(long value, String... labels);

  /**
   * Adds a sample.
   *
   * @param value how much
   * @param labels names and values in turn
   * @return this
   */
  MetricsWriter sample(double value, String... labels);

  /**
   * Adds a sample.
   *
   * @param value how much
   * @param labels names and values
   * @return this
   */
  MetricsWriter sample(double value, Map<String, String> labels);

  /**
   * Adds a sample of times.
   *
   * @param times what was counted
   * @param labels names and values in turn
   * @return this
   */
  MetricsWriter sample(LatencyHistogram.Sum times, String... labels);
}
