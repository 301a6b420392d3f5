package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.BLOCK_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.SLAB_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.key;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.version;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.wanted;
import static org.nfsproxy.server.fakes.Eventually.eventually;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.cache.Arrival;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

// With its own threads and real files: a small disk whose places are given away all the time, while
// others read there.
class DiskThreadsTest {
  private static final int READERS = 3;
  private static final int ROUNDS = 2000;

  private static final DiskBounds BOUNDS =
      new DiskBounds(3L * SLAB_BYTES, SLAB_BYTES, BLOCK_BYTES, 10_000, 1 << 20, 64, 4);

  @TempDir Path folder;

  @Test
  void placesGivenAway_whileOthersRead_neverGiveOthersBytes() throws Exception {
    ExecutorService readers = Executors.newFixedThreadPool(READERS);
    try (DiskCache cache = DiskCache.open(folder.resolve("cache"), "origin:2049", BOUNDS)) {
      untilUsed(cache);
      List<Future<Long>> found = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        long seed = System.nanoTime();
        found.add(readers.submit(() -> use(cache, new Random(seed))));
      }
      long bytes = 0;
      for (Future<Long> each : found) {
        bytes += each.get(1, TimeUnit.MINUTES);
      }
      assertTrue(bytes > 0, cache.measures().toString());
      assertEquals(1, measure(cache, "state"));
      assertEquals(0, measure(cache, "damaged_total"), "each was told that it had lost its place");
    } finally {
      readers.shutdownNow();
    }
  }

  private static long use(DiskCache cache, Random random) throws InterruptedException {
    long bytes = 0;
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 50 == 0) { // or all would be dropped on a busy machine, and nothing shown
        eventually("most is written", () -> measure(cache, "waiting_bytes") < 1 << 18);
      }
      FileKey key = key(random.nextInt(60));
      FileVersion version = version(random.nextInt(200) == 0 ? 2 : 1);
      long at = random.nextInt(4) * (long) BLOCK_BYTES;
      int length = random.nextInt(3) > 0 ? BLOCK_BYTES : 1 + random.nextInt(BLOCK_BYTES);
      if (random.nextInt(500) == 0) {
        cache.forget(key);
      }
      Waiting waiting = new Waiting(key, version);
      if (cache.bring(wanted(key, version, at, at + length), waiting)) {
        assertTrue(waiting.ended.await(1, TimeUnit.MINUTES));
        if (waiting.wrong != null) {
          throw waiting.wrong;
        }
        bytes += waiting.taking.bytes;
      } else {
        ByteBuf offered = Unpooled.wrappedBuffer(DiskUnderTest.bytes(key, version, at, length));
        cache.offer(key, version, at, offered);
        offered.release();
      }
    }
    return bytes;
  }

  private static final class Waiting implements Arrival {
    final CountDownLatch ended = new CountDownLatch(1);
    final DiskUnderTest.Taking taking;
    volatile @Nullable AssertionError wrong;

    Waiting(FileKey key, FileVersion version) {
      taking = new DiskUnderTest.Taking(key, version);
    }

    @Override
    public void arrived(long offset, ByteBuf bytes) {
      try {
        taking.arrived(offset, bytes);
      } catch (AssertionError other) {
        wrong = other;
      }
    }

    @Override
    public void ended() {
      ended.countDown();
    }
  }

  @Test
  void restart_findsWhatWasThere() throws Exception {
    Path directory = folder.resolve("cache");
    ByteBuf offered = Unpooled.wrappedBuffer(DiskUnderTest.bytes(key(1), version(1), 0, 5000));
    try (DiskCache cache = DiskCache.open(directory, "origin:2049", BOUNDS)) {
      untilUsed(cache);
      cache.offer(key(1), version(1), 0, offered);
      eventually("it is written", () -> measure(cache, "waiting_bytes") == 0);
    }
    offered.release();
    try (DiskCache cache = DiskCache.open(directory, "origin:2049", BOUNDS)) {
      untilUsed(cache);
      Waiting waiting = new Waiting(key(1), version(1));
      assertTrue(cache.bring(wanted(key(1), version(1), 0, 5000), waiting));
      assertTrue(waiting.ended.await(1, TimeUnit.MINUTES));
      assertEquals(5000, waiting.taking.bytes);
    }
  }

  private static void untilUsed(DiskCache cache) throws Exception {
    eventually("it is read", () -> measure(cache, "state") == 1);
  }

  private static long measure(DiskCache cache, String name) {
    return cache.measures().stream()
        .filter(each -> each.name().equals("cache_disk_" + name))
        .mapToLong(each -> (long) each.value())
        .findFirst()
        .orElseThrow();
  }
}
