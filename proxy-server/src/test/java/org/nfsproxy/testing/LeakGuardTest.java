package org.nfsproxy.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.util.List;
import org.junit.jupiter.api.Test;

// A guard that sees nothing passes for ever: so this one is shown a leak in each run.
class LeakGuardTest {
  @Test
  void everyBuffer_isWatched() {
    assertEquals(ResourceLeakDetector.Level.PARANOID, ResourceLeakDetector.getLevel());
  }

  @Test
  void bufferLeftToTheCollector_isReported() throws Exception {
    LeakGuard.take();
    leak();

    List<String> leaks = LeakGuard.take();
    assertEquals(1, leaks.size());
    assertTrue(leaks.get(0).contains("LeakGuardTest.leak"), leaks.get(0));
  }

  @Test
  void releasedBuffer_isNot() throws Exception {
    LeakGuard.take();
    PooledByteBufAllocator.DEFAULT.directBuffer(16).release();

    assertEquals(List.of(), LeakGuard.take());
  }

  private static void leak() {
    PooledByteBufAllocator.DEFAULT.directBuffer(16).writeInt(1);
  }
}
