package org.nfsproxy.backend.nfs.session;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.nfsproxy.backend.Measure;

/** What all origin connections together may keep for repeating, and what came of it. */
public final class DelayBounds {
  private final int repeatMillis;
  private final long keptBytesMax;
  private final AtomicLong keptBytes = new AtomicLong();
  private final LongAdder hidden = new LongAdder();
  private final LongAdder repeats = new LongAdder();
  private final LongAdder told = new LongAdder();

  /**
   * No call is kept yet.
   *
   * @param repeatMillis how long a call is repeated; 0 for never
   * @param keptBytesMax bytes of calls that may be kept at once
   */
  public DelayBounds(int repeatMillis, long keptBytesMax) {
    this.repeatMillis = repeatMillis;
    this.keptBytesMax = keptBytesMax;
  }

  int repeatMillis() {
    return repeatMillis;
  }

  /** Whether a call of this length may be kept; if so, its bytes are counted. */
  boolean takes(int bytes) {
    if (keptBytes.addAndGet(bytes) <= keptBytesMax) {
      return true;
    }
    keptBytes.addAndGet(-bytes);
    return false;
  }

  boolean hasRoomFor(int bytes) {
    return keptBytes.get() + bytes <= keptBytesMax;
  }

  void giveBack(int bytes) {
    keptBytes.addAndGet(-bytes);
  }

  long keptBytes() {
    return keptBytes.get();
  }

  void countHidden() {
    hidden.increment();
  }

  void countRepeat() {
    repeats.increment();
  }

  void countTold() {
    told.increment();
  }

  /** For whoever watches. */
  public List<Measure> measures() {
    return List.of(
        Measure.of(
            "origin_delays_hidden_total",
            "Calls whose SEQUENCE the origin answered NFS4ERR_DELAY in the first seconds of a"
                + " connection. Many without a failover: the origin is slow.",
            hidden.sum()),
        Measure.of(
            "origin_delay_repeats_total",
            "How often such calls were repeated to the origin.",
            repeats.sum()),
        Measure.of(
            "origin_delays_told_total",
            "Such calls whose client was told NFS4ERR_DELAY in the end: it sleeps 15 seconds. Raise"
                + " backend.origin.delayRepeatMillis if the origin takes longer.",
            told.sum()));
  }

  /** For the administrator. */
  public Map<String, Long> counts() {
    return Map.of(
        "callsDelayed", hidden.sum(), "delayRepeats", repeats.sum(), "delaysTold", told.sum());
  }
}
