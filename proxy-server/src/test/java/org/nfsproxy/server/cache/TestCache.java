package org.nfsproxy.server.cache;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A cache for a test, which says what it cares about; the rest is small. Versions settle in two
 * seconds, or are an hour old.
 */
public final class TestCache {
  public static final int HOUR_MILLIS = 3_600_000;
  private final LongSupplier nanos;
  private final LongSupplier millis;
  private long memoryBytesMax = 1 << 20;
  private int filesMax = 100;
  private int blockBytes = 4096;
  private int minimumBytes = 512;
  private long settledNanos = TimeUnit.SECONDS.toNanos(2);
  private long settledAgeMillis = HOUR_MILLIS;
  private long waitNanos = TimeUnit.SECONDS.toNanos(3);
  private List<Source> sources = List.of();

  private TestCache(LongSupplier nanos, LongSupplier millis) {
    this.nanos = nanos;
    this.millis = millis;
  }

  /**
   * One in a test's own time.
   *
   * @param nanos as {@link System#nanoTime}
   * @param millis the time of day
   */
  public static TestCache at(LongSupplier nanos, LongSupplier millis) {
    return new TestCache(nanos, millis);
  }

  /** One in this machine's time. */
  public static TestCache now() {
    return at(System::nanoTime, System::currentTimeMillis);
  }

  public TestCache memory(long bytesMax) {
    memoryBytesMax = bytesMax;
    return this;
  }

  public TestCache files(int max) {
    filesMax = max;
    return this;
  }

  public TestCache blocks(int bytes) {
    blockBytes = bytes;
    return this;
  }

  public TestCache minimum(int bytes) {
    minimumBytes = bytes;
    return this;
  }

  public TestCache settles(long nanos, long ageMillis) {
    settledNanos = nanos;
    settledAgeMillis = ageMillis;
    return this;
  }

  public TestCache waits(long nanos) {
    waitNanos = nanos;
    return this;
  }

  public TestCache sources(Source... all) {
    sources = List.of(all);
    return this;
  }

  /** Makes it. */
  public ReadCache make() {
    CacheBounds bounds =
        new CacheBounds(
            memoryBytesMax,
            filesMax,
            blockBytes,
            minimumBytes,
            1 << 20,
            settledNanos,
            settledAgeMillis,
            waitNanos);
    return new ReadCache(bounds, nanos, millis, sources);
  }
}
