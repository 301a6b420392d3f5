package org.nfsproxy.server.tls;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what became of handshakes, and tells of those that failed, within bounds. */
// A line a minute for each outcome: what strangers do at the port must not fill the log. The next
// line says how many there were in between.
public final class HandshakeCounts {
  private static final Logger log = LoggerFactory.getLogger(HandshakeCounts.class);
  private static final long SILENCE_SECONDS = 60;

  private record Row(LongAdder count, AtomicLong toldSecond, AtomicLong toldCount) {
    Row() {
      this(new LongAdder(), new AtomicLong(Long.MIN_VALUE / 2), new AtomicLong());
    }
  }

  private final Map<HandshakeOutcome, Row> rows = new EnumMap<>(HandshakeOutcome.class);

  /** None was there yet. */
  public HandshakeCounts() {
    for (HandshakeOutcome each : HandshakeOutcome.values()) {
      rows.put(each, new Row());
    }
  }

  /**
   * Counts one.
   *
   * @param client for the log
   * @param detail what the engine says
   * @param second the time, from any moment on
   */
  public void count(HandshakeOutcome outcome, String client, String detail, long second) {
    Row row = Objects.requireNonNull(rows.get(outcome), "each has one");
    row.count.increment();
    long told = row.toldSecond.get();
    if (outcome != HandshakeOutcome.OK
        && second - told >= SILENCE_SECONDS
        && row.toldSecond.compareAndSet(told, second)) {
      long all = row.count.sum();
      long others = Math.max(0, all - row.toldCount.getAndSet(all) - 1);
      log.warn(
          "a TLS handshake with {} failed: {} ({}). Cure: {}{}",
          client,
          outcome.words(),
          detail,
          outcome.cure(),
          others == 0 ? "" : ". As many others of this kind since the last such line: " + others);
    }
  }

  /** How many there were since the start, by outcome; those that never were too. */
  public Map<String, Long> numbers() {
    Map<String, Long> numbers = new TreeMap<>();
    rows.forEach((outcome, row) -> numbers.put(outcome.label(), row.count.sum()));
    return numbers;
  }
}
