package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.table.Nfs3;

// Readers through the cache, and writers beside it, at a model of an origin whose clock ticks
// seldom, which shows versions before bytes, and which executes a READ and tells attributes at two
// times with anything between. What a reader gets must have been there at some time between its
// call and its reply. Time is the model's own.
class CoherenceTest {
  private static final int STEPS = 6_000;
  private static final int FILES = 2;
  private static final int BYTES_MAX = 20_000;
  private static final int READ_MAX = 16_384;
  private static final int CHANGE_MILLIS_MAX = 1500;
  private static final int WAIT_MILLIS = 3000;

  private long nowMillis = 1_000_000;
  private boolean isQuietForMinutes;
  private int behindMillis;
  private int nextFile;
  private int stale;
  private int checked;
  private int waited;
  private long hits;

  /** A READ between its call and its reply. */
  private final class Reading {
    final TickingFile file;
    final int offset;
    final ReadCalls.Sent sent;
    final long sentMillis = nowMillis;
    final int minor;
    byte[] data;
    boolean eof;
    FileVersion told;
    ByteBuf waiting;
    long waitsUntilNanos;
    boolean isReady;

    Reading(TickingFile file, int offset, ReadCalls.Sent sent, int minor) {
      this.file = file;
      this.offset = offset;
      this.sent = sent;
      this.minor = minor;
    }
  }

  private final class Run {
    final Random random;
    final ReadCache cache;
    final int tickMillis;
    final boolean hasCounter;
    final List<TickingFile> files = new ArrayList<>();
    final List<Reading> readings = new ArrayList<>();

    Run(long seed, int tickMillis, boolean hasCounter, long settledMillis) {
      this(seed, tickMillis, hasCounter, settledMillis, 0);
    }

    Run(long seed, int tickMillis, boolean hasCounter, long settledMillis, int ageMillis) {
      this.random = new Random(seed);
      this.tickMillis = tickMillis;
      this.hasCounter = hasCounter;
      this.cache =
          TestCache.at(() -> TimeUnit.MILLISECONDS.toNanos(nowMillis), () -> nowMillis)
              .memory(400_000)
              .files(16)
              .settles(TimeUnit.MILLISECONDS.toNanos(settledMillis), ageMillis)
              .waits(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS))
              .make();
      for (int i = 0; i < FILES; i++) {
        files.add(newFile());
      }
    }

    TickingFile newFile() {
      return new TickingFile(nextFile++, bytes(size()), tickMillis, hasCounter, nowMillis);
    }

    int size() {
      return random.nextInt(5) == 0 ? random.nextInt(3) : random.nextInt(BYTES_MAX);
    }

    byte[] bytes(int length) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }

    void step() {
      // Mostly in one tick; sometimes so long that versions settle.
      nowMillis += random.nextInt(80) == 0 ? random.nextInt(5000) : random.nextInt(20);
      nowMillis += isQuietForMinutes && random.nextInt(200) == 0 ? random.nextInt(150_000) : 0;
      int which = random.nextInt(100);
      int number = random.nextInt(FILES);
      TickingFile file = files.get(number);
      if (which < 1) {
        changeSometimes(file);
      } else if (which < 3 && file.isChanging()) {
        file.endChange(nowMillis);
      } else if (which == 3 && random.nextInt(50) == 0 && !file.isChanging()) {
        files.set(number, newFile()); // renamed over
      } else if (which < 26) {
        read(file);
      } else if (!readings.isEmpty()) {
        goOn(random.nextInt(readings.size()));
      }
      endLongChanges();
    }

    void changeSometimes(TickingFile file) {
      if (random.nextInt(isQuietForMinutes ? 12 : 3) > 0 != isQuietForMinutes) {
        change(file);
      }
    }

    // No WRITE takes for two seconds.
    void endLongChanges() {
      for (TickingFile file : files) {
        if (file.isChanging() && nowMillis - begun[files.indexOf(file)] > CHANGE_MILLIS_MAX) {
          file.endChange(Math.min(nowMillis, begun[files.indexOf(file)] + CHANGE_MILLIS_MAX));
        }
      }
    }

    final long[] begun = new long[FILES];

    void change(TickingFile file) {
      if (file.isChanging()) {
        return;
      }
      byte[] now = file.bytes();
      byte[] then =
          switch (random.nextInt(4)) {
            case 0 -> bytes(now.length); // of equal size
            case 1 -> Arrays.copyOf(now, random.nextInt(now.length + 1));
            case 2 -> extended(now);
            default -> overwritten(now);
          };
      file.beginChange(then, nowMillis);
      begun[files.indexOf(file)] = nowMillis;
      if (random.nextBoolean()) {
        file.endChange(nowMillis);
      }
    }

    byte[] extended(byte[] now) {
      byte[] then = bytes(Math.min(BYTES_MAX, now.length + random.nextInt(9000)));
      System.arraycopy(now, 0, then, 0, Math.min(now.length, then.length));
      return then;
    }

    byte[] overwritten(byte[] now) {
      byte[] then = now.clone();
      if (then.length > 0) {
        int at = random.nextInt(then.length);
        byte[] some = bytes(Math.min(then.length - at, 1 + random.nextInt(200)));
        System.arraycopy(some, 0, then, at, some.length);
      }
      return then;
    }

    void read(TickingFile file) {
      int unit = random.nextInt(8) > 0 ? 4096 : 1;
      int offset = random.nextInt(BYTES_MAX) / unit * unit;
      int count = 1 + random.nextInt(READ_MAX);
      count = random.nextInt(8) > 0 ? 8192 : count;
      int minor = random.nextInt(3);
      byte[] call =
          random.nextBoolean()
              ? ReadCalls.read3(file.number, offset, count)
              : ReadCalls.read4(file.number, offset, count, minor, false, false);
      readings.add(new Reading(file, offset, ReadCalls.send(cache, call, null), minor));
    }

    void goOn(int which) {
      Reading reading = readings.get(which);
      if (reading.data == null) {
        byte[] all = reading.file.bytes();
        int at = Math.min(reading.offset, all.length);
        int end = Math.min(at + reading.sent.count(), all.length);
        reading.data = Arrays.copyOfRange(all, at, end);
        reading.eof = end == all.length;
      } else if (reading.told == null) {
        reading.told = version(reading.file);
      } else if (reading.waiting != null) {
        goOnWaiting(which, reading);
      } else {
        readings.remove(which);
        arrive(reading);
      }
    }

    void goOnWaiting(int which, Reading reading) {
      boolean isOver = TimeUnit.MILLISECONDS.toNanos(nowMillis) >= reading.waitsUntilNanos;
      if (isOver || reading.isReady && !waits(reading)) {
        readings.remove(which);
        reading.sent.record().release();
        check(reading, ReadCalls.open(reading.sent.opener(), reading.waiting));
      }
    }

    boolean waits(Reading reading) {
      reading.isReady = false;
      long nanos = reading.sent.opener().waits(reading.waiting, () -> reading.isReady = true);
      reading.waitsUntilNanos = TimeUnit.MILLISECONDS.toNanos(nowMillis) + nanos;
      return nanos > 0;
    }

    FileVersion version(TickingFile file) {
      long changed = file.changedMillis() - behindMillis;
      long seconds = changed / 1000;
      int nanos = (int) TimeUnit.MILLISECONDS.toNanos(changed % 1000);
      return new FileVersion(
          file.change(), file.bytes().length, 1, 2, file.number, seconds, nanos, seconds, nanos);
    }

    void arrive(Reading reading) {
      boolean isV3 = reading.sent.nfsVersion() == 3;
      boolean isAsking = !isV3 && reading.sent.opener() != null;
      byte[] reply =
          isV3
              ? ReadCalls.reply3(reading.told, reading.eof, reading.data)
              : ReadCalls.reply4(
                  reading.minor, false, isAsking ? reading.told : null, reading.eof, reading.data);
      if (reading.sent.opener() != null) {
        reading.waiting = Unpooled.directBuffer(reply.length).writeBytes(reply);
        if (reading.sent.opener().isToGrow() && waits(reading)) {
          waited++;
          readings.add(reading);
          return;
        }
      }
      reading.sent.record().release();
      check(
          reading,
          reading.waiting == null ? reply : ReadCalls.open(reading.sent.opener(), reading.waiting));
    }

    void check(Reading reading, byte[] opened) {
      ReadReply got = reading.sent.nfsVersion() == 3 ? new ReadReply3(Nfs3.READ) : new ReadReply4();
      ByteBuf record = Unpooled.wrappedBuffer(opened);
      int read = reading.minor == 0 ? 1 : 2;
      got.read(record, new VersionedRead(read + 1, read, 0, 0));
      byte[] data = Arrays.copyOfRange(opened, got.dataAt, got.dataAt + got.dataLength);
      boolean eof = record.getInt(got.dataAt - 8) == 1;
      checked++;
      if (!reading.file.showed(reading.sentMillis, nowMillis, reading.offset, data, eof)) {
        stale++;
      }
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        step();
        if (i % 100 == 0) {
          long oldest =
              readings.stream().mapToLong(each -> each.sentMillis).min().orElse(nowMillis);
          files.forEach(file -> file.forgetBefore(oldest));
        }
      }
      for (Reading reading : readings) {
        reading.sent.record().release();
        if (reading.waiting != null) {
          reading.waiting.release();
        }
      }
      hits += cache.counts.hits.sum();
      cache.clear();
      assertEquals(0, cache.heldBytes(), "memory that is held for nobody");
    }
  }

  @ParameterizedTest
  @CsvSource({"10, true", "2000, true", "1, false", "1000, false", "2000, false"})
  void read_whileFilesChange_hasWhatWasThere(int tickMillis, boolean hasCounter) {
    for (long seed = 0; seed < 2; seed++) {
      new Run(seed, tickMillis, hasCounter, 2000).run();
      assertEquals(0, stale, "stale of " + checked + ", seed " + seed);
    }
    assertTrue(hits > 100, hits + " hits of " + checked);
    assertTrue(waited > 10, waited + " waited of " + checked);
  }

  // Nothing settles by being told; what is a minute old does, though the origin's clock is behind.
  @ParameterizedTest
  @CsvSource({"10, true, 0", "2000, false, 0", "2000, false, 50000"})
  void read_ofVersionsOfSomeAge_hasWhatWasThere(
      int tickMillis, boolean hasCounter, int behindMillis) {
    isQuietForMinutes = true;
    this.behindMillis = behindMillis;
    for (long seed = 0; seed < 2; seed++) {
      new Run(seed, tickMillis, hasCounter, Integer.MAX_VALUE, 60_000).run();
      assertEquals(0, stale, "stale of " + checked + ", seed " + seed);
    }
    assertTrue(hits > 100, hits + " hits of " + checked);
  }

  // What the age is compared with must be so far off that a clock cannot be.
  @Test
  void clockBehindByMoreThanTheAge_letsStaleDataThrough() {
    isQuietForMinutes = true;
    behindMillis = 70_000;
    for (long seed = 0; seed < 40 && stale == 0; seed++) {
      new Run(seed, 2000, false, Integer.MAX_VALUE, 60_000).run();
    }
    assertTrue(stale > 0, "0 of " + checked + ", " + hits + " hits");
  }

  // The model finds what the guard is there for.
  @ParameterizedTest
  @CsvSource({"1000, false", "2000, false", "1, true"})
  void version_trustedAtOnce_letsStaleDataThrough(int tickMillis, boolean hasCounter) {
    for (long seed = 0; seed < 20 && stale == 0; seed++) {
      new Run(seed, tickMillis, hasCounter, 0).run();
    }
    assertTrue(stale > 0, "0 of " + checked + ", " + hits + " hits");
  }

  @Test
  void version_trustedTooSoonForItsTick_letsStaleDataThrough() {
    for (long seed = 0; seed < 40 && stale == 0; seed++) {
      new Run(seed, 4000, false, 500).run();
    }
    assertTrue(stale > 0, "0 of " + checked + ", " + hits + " hits");
  }
}
