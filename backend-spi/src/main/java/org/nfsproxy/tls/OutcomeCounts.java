package org.nfsproxy.tls;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts what became of handshakes, and says which are to be told. For any thread.
 *
 * @param <E> what may become of one
 */
// A line a minute for each outcome: what strangers do must not fill the log. The next line says how
// many there were in between.
public final class OutcomeCounts<E extends Enum<E>> {
  private static final long SILENCE_SECONDS = 60;

  private record Row(LongAdder count, AtomicLong toldSecond, AtomicLong toldCount) {
    Row() {
      this(new LongAdder(), new AtomicLong(Long.MIN_VALUE / 2), new AtomicLong());
    }
  }

  private final Map<E, Row> rows;

  /**
   * None was there yet.
   *
   * @param outcomes what may become of one
   */
  public OutcomeCounts(Class<E> outcomes) {
    rows = new EnumMap<>(outcomes);
    for (E each : outcomes.getEnumConstants()) {
      rows.put(each, new Row());
    }
  }

  /**
   * Counts one.
   *
   * @param outcome what became of it
   */
  public void count(E outcome) {
    row(outcome).count.increment();
  }

  /**
   * Whether a line about one that was just counted is due.
   *
   * @param outcome what became of it
   * @param second the time, from any moment on
   * @return how many others of this kind there were since the last such line; negative: say nothing
   */
  public long othersToTell(E outcome, long second) {
    Row row = row(outcome);
    long told = row.toldSecond.get();
    if (second - told < SILENCE_SECONDS || !row.toldSecond.compareAndSet(told, second)) {
      return -1;
    }
    long all = row.count.sum();
    return Math.max(0, all - row.toldCount.getAndSet(all) - 1);
  }

  /**
   * The end of such a line.
   *
   * @param others what {@link #othersToTell} gave
   * @return a sentence, or nothing
   */
  public static String others(long others) {
    return others == 0 ? "" : ". As many others of this kind since the last such line: " + others;
  }

  /**
   * How many there were since the start.
   *
   * @return by the outcome's name in lower case; those that never were too
   */
  public Map<String, Long> numbers() {
    Map<String, Long> numbers = new TreeMap<>();
    rows.forEach(
        (outcome, row) -> numbers.put(outcome.name().toLowerCase(Locale.ROOT), row.count.sum()));
    return numbers;
  }

  private Row row(E outcome) {
    return Objects.requireNonNull(rows.get(outcome), "each has one");
  }
}
