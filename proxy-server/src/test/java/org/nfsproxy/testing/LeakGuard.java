package org.nfsproxy.testing;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a pooled buffer to the garbage collector. Registered for every
 * class through ServiceLoader; surefire sets Netty's detector to watch each buffer.
 */
// Netty only logs a leak, and only when it makes its next buffer. Here its reports are collected,
// and after each class the collector is asked to run so that they come. The factory must be in
// place before the first buffer class is loaded, which is why it is set when JUnit looks for
// extensions.
public final class LeakGuard implements AfterAllCallback {
  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();
  private static final int ROUNDS = 3;
  private static final int ROUND_MILLIS = 10;

  static {
    ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Collecting());
  }

  /** Made by ServiceLoader. */
  public LeakGuard() {}

  @Override
  public void afterAll(ExtensionContext testClass) throws InterruptedException {
    List<String> leaks = take();
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          leaks.size() + " buffers were never released:\n" + String.join("\n", leaks));
    }
  }

  /**
   * What was leaked since this was asked last.
   *
   * @return a report for each place
   * @throws InterruptedException if the thread should end
   */
  static List<String> take() throws InterruptedException {
    for (int i = 0; i < ROUNDS; i++) {
      System.gc();
      Thread.sleep(ROUND_MILLIS);
      PooledByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
    List<String> leaks = new ArrayList<>(LEAKS);
    LEAKS.removeAll(leaks);
    return leaks;
  }

  private static final class Collecting extends ResourceLeakDetectorFactory {
    @Override
    @SuppressWarnings("deprecation")
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval, long maxActive) {
      return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
        Class<T> resource, int samplingInterval) {
      return new CollectingDetector<>(resource, samplingInterval);
    }
  }

  private static final class CollectingDetector<T> extends ResourceLeakDetector<T> {
    CollectingDetector(Class<T> resource, int samplingInterval) {
      super(resource, samplingInterval);
    }

    @Override
    protected boolean needReport() {
      return true;
    }

    @Override
    protected void reportTracedLeak(String resourceType, String records) {
      LEAKS.add(resourceType + records);
    }

    @Override
    protected void reportUntracedLeak(String resourceType) {
      LEAKS.add(resourceType);
    }
  }
}
