package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandleCacheTest {
  private static final SipHash.Secret SECRET = new SipHash.Secret(1, 2);

  private static ByteBuf handle(int number) {
    return Unpooled.buffer(28).writeInt(0x01000700).writeLong(number * 31L).writeZero(16);
  }

  private static long find(HandleCache cache, ByteBuf handle) {
    return cache.find(handle, 0, handle.writerIndex(), 4);
  }

  private static void put(HandleCache cache, ByteBuf handle, long number) {
    cache.put(handle, 0, handle.writerIndex(), 4, number);
  }

  @Test
  void find_ofNothing_isUnknown() {
    HandleCache cache = new HandleCache(64);
    assertEquals(HandleCache.UNKNOWN, find(cache, handle(1)));
    put(cache, handle(2), 7);
    assertEquals(HandleCache.UNKNOWN, find(cache, handle(1)));
  }

  @Test
  void find_sameBytesElsewhere_isTheSameHandle() {
    HandleCache cache = new HandleCache(64);
    put(cache, handle(5), 9);
    ByteBuf record = Unpooled.buffer().writeZero(41).writeBytes(handle(5)).writeZero(7);
    assertEquals(9, cache.find(record, 41, 28, 4));
    assertEquals(HandleCache.UNKNOWN, cache.find(record, 41, 29, 4), "longer");
    assertEquals(HandleCache.UNKNOWN, cache.find(record, 41, 27, 4), "shorter");
    assertEquals(HandleCache.UNKNOWN, cache.find(record, 41, 28, 3), "another version");
  }

  // The cache may forget, but never says anything but what was put last.
  @ParameterizedTest
  @ValueSource(ints = {1, 8, 64, 1000})
  void cache_beside_aMap_neverSaysAnythingElse(int handlesMax) {
    HandleCache cache = new HandleCache(handlesMax, SECRET);
    Map<Integer, Long> model = new HashMap<>();
    Random random = new Random(42);
    int hits = 0;
    for (int i = 0; i < 200_000; i++) {
      int handle = random.nextInt(500);
      switch (random.nextInt(3)) {
        case 0 -> {
          long number = 1L + random.nextInt(1_000_000);
          put(cache, handle(handle), number);
          model.put(handle, number);
          assertEquals(number, find(cache, handle(handle)), "just put");
        }
        default -> {
          long found = find(cache, handle(handle));
          if (found != HandleCache.UNKNOWN) {
            assertEquals(model.get(handle), found);
            hits++;
          }
        }
      }
    }
    assertTrue(hits > 0, "never a hit");
  }

  @Test
  void cache_moreHandlesThanRoom_keepsAsManyAsItHasRoomFor() {
    HandleCache cache = new HandleCache(4096, SECRET);
    assertEquals(4096, cache.capacity());
    for (int i = 0; i < 40_960; i++) {
      put(cache, handle(i), i + 1);
    }
    int kept = 0;
    for (int i = 0; i < 40_960; i++) {
      kept += find(cache, handle(i)) == HandleCache.UNKNOWN ? 0 : 1;
    }
    assertEquals(4096, kept);
  }

  @Test
  void cache_halfFull_keepsNearlyAll() {
    HandleCache cache = new HandleCache(4096, SECRET);
    for (int i = 0; i < 2048; i++) {
      put(cache, handle(i), i + 1);
    }
    int kept = 0;
    for (int i = 0; i < 2048; i++) {
      kept += find(cache, handle(i)) == HandleCache.UNKNOWN ? 0 : 1;
    }
    assertTrue(kept > 2048 * 97 / 100, kept + " of 2048");
  }

  @Test
  void cache_handlesInUse_stayWhileOthersComeAndGo() {
    HandleCache cache = new HandleCache(4096, SECRET);
    int busy = 256;
    for (int i = 0; i < busy; i++) {
      put(cache, handle(i), i + 1);
    }
    int misses = 0;
    for (int flood = 0; flood < 40_960; flood++) {
      put(cache, handle(1_000_000 + flood), 77);
      if (flood % 16 == 0) {
        for (int i = 0; i < busy; i++) {
          if (find(cache, handle(i)) == HandleCache.UNKNOWN) {
            misses++;
            put(cache, handle(i), i + 1);
          }
        }
      }
    }
    // Without marks, a bucket of eight would lose its busy handles with every eighth of the flood.
    assertTrue(misses < 200, misses + " misses of " + 2560 * busy);
  }

  @Test
  void offerFirst_ofAHandleThatIsKept_leavesWhatIsKept() {
    HandleCache cache = new HandleCache(64);
    put(cache, handle(1), 5);
    assertFalse(cache.offerFirst(handle(1), 0, 28, 4, 6));
    assertTrue(cache.offerFirst(handle(1), 0, 28, 4, 5));
    assertTrue(cache.offerFirst(handle(2), 0, 28, 4, 7));
    assertEquals(5, find(cache, handle(1)));
    assertEquals(7, find(cache, handle(2)));
  }

  @Test
  void offerFirst_beforeThereIsATable_isNotTaken() {
    HandleCache cache = new HandleCache(64);
    assertFalse(cache.offerFirst(handle(1), 0, 28, 4, 5));
    assertEquals(HandleCache.UNKNOWN, find(cache, handle(1)));
  }

  @Test
  void putFirst_ofAHandleThatIsKept_replacesOnlyTheNumberItNames() {
    HandleCache cache = new HandleCache(64);
    assertTrue(cache.putFirst(handle(1), 0, 28, 4, 5, HandleCache.UNKNOWN));
    assertFalse(cache.putFirst(handle(1), 0, 28, 4, 6, HandleCache.UNKNOWN));
    assertFalse(cache.putFirst(handle(1), 0, 28, 4, 6, 4));
    assertEquals(5, find(cache, handle(1)));
    assertTrue(cache.putFirst(handle(1), 0, 28, 4, 6, 5));
    assertEquals(6, find(cache, handle(1)));
  }

  @Test
  void number_thatMeansUnknown_isRefused() {
    HandleCache cache = new HandleCache(8);
    assertThrows(IllegalArgumentException.class, () -> put(cache, handle(1), HandleCache.UNKNOWN));
    assertThrows(IllegalArgumentException.class, () -> new HandleCache(0));
  }

  @Test
  void find_ofAKnownHandle_allocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    HandleCache cache = new HandleCache(100_000);
    ByteBuf record = Unpooled.buffer().writeZero(100).writeBytes(handle(3)).writeZero(100);
    cache.put(record, 100, 28, 4, 5);
    long sum = 0;
    long bytes = 0;
    for (int round = 0; round < 3; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100_000; i++) {
        sum += cache.find(record, 100, 28, 4);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertEquals(1_500_000, sum);
    assertTrue(bytes < 4096, bytes + " bytes in 100,000 finds");
  }

  // Every number says which handle it was put with. Few buckets, so that all meet in them.
  @Test
  void cache_manyThreads_neverGivesOneHandlesNumberToAnother() throws Exception {
    HandleCache cache = new HandleCache(16, SECRET);
    AtomicReference<String> wrong = new AtomicReference<>();
    CountDownLatch begin = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      Random random = new Random(t);
      threads.add(
          new Thread(
              () -> {
                try {
                  begin.await();
                } catch (InterruptedException ended) {
                  return;
                }
                for (int i = 0; i < 300_000 && wrong.get() == null; i++) {
                  int number = random.nextInt(32);
                  ByteBuf handle = handle(number);
                  long kept = (long) random.nextInt(1 << 20) << 32 | number + 1;
                  int chance = random.nextInt(6);
                  if (chance == 0) {
                    put(cache, handle, kept);
                  } else if (chance == 1) {
                    cache.offerFirst(handle, 0, handle.writerIndex(), 4, kept);
                  } else {
                    long found = find(cache, handle);
                    if (found != HandleCache.UNKNOWN && (int) found != number + 1) {
                      wrong.set("handle " + number + " has number " + Long.toHexString(found));
                    }
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(null, wrong.get());
  }
}
