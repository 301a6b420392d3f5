package org.nfsproxy.server.cache;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a version of a file is so old that what is read in it is all that it can mean. */
// ReadCache has the proof for a version that has been told for two seconds. One whose ctime is an
// hour old needs no telling: its tick is over, and its WRITE is done, if the origin's clock and
// ours differ by less than that hour. That is looked at: a version that comes after one that we
// have been told cannot be older than that telling. If it is, by more than the hour, the origin's
// clock is behind, or its ctime is not what it should be, and ages count for nothing from then on.
final class Settled {
  private static final Logger log = LoggerFactory.getLogger(Settled.class);

  private final CacheBounds bounds;
  private final LongSupplier nanos;
  private final LongSupplier millis;
  private volatile boolean isByAge;

  /**
   * Of a cache.
   *
   * @param nanos this machine's clock, as {@link System#nanoTime}
   * @param millis its time of day, as {@link System#currentTimeMillis}
   */
  Settled(CacheBounds bounds, LongSupplier nanos, LongSupplier millis) {
    this.bounds = bounds;
    this.nanos = nanos;
    this.millis = millis;
    this.isByAge = bounds.settledAgeMillis() > 0;
  }

  /** Whether what is read by a READ that is sent at a time, and told a version, may be kept. */
  boolean has(CachedFile file, long sentNanos) {
    return file.wasSettled(sentNanos, bounds.settledNanos())
        || isByAge && isOld(file.version, sentNanos);
  }

  private boolean isOld(FileVersion version, long sentNanos) {
    // An origin that has no such time says 1970.
    return version.changed() > 0
        && version.changed() < timeOfDay(sentNanos) / 1000 - bounds.settledAgeMillis() / 1000;
  }

  private long timeOfDay(long atNanos) {
    return millis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - atNanos);
  }

  /** Is told that a version was told of a file of which another one was known. */
  void follows(CachedFile known, FileVersion next) {
    if (isByAge && !known.isFromSource && isOld(next, known.askedNanos)) {
      isByAge = false;
      log.warn(
          "cache.settledAgeMillis: a file has changed, and the origin says that it did so at {}"
              + " seconds since 1970, which is before it was found to be as it was: the origin's"
              + " clock, or this machine's, is wrong. Until the proxy starts again no version is"
              + " taken to be settled by its age. Cure: have both set by NTP",
          next.changed());
    }
  }
}
