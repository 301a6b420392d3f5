package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.locks.journal.Journal;

/** A notice of the origin counts as told when all have heard this one, not one like it. */
@Timeout(120)
class OriginNoticesTest {
  private static final String ONE = LockRig.CLIENT_A;
  private static final String OTHER = LockRig.CLIENT_B;
  private static final int NOTICES = 3;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final ContextInternal loop = ((VertxInternal) vertx).createEventLoopContext();
  private final AtomicLong now = new AtomicLong();
  private final OwnerRows rows = new OwnerRows(4);
  private final HeldLocks held = new HeldLocks(rows, LockRig.bounds(100));

  @AfterEach
  void end() {
    LockRig.await(vertx.close());
  }

  private <T> T onLoop(Supplier<Future<T>> task) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(here -> task.get().onComplete(promise));
    return LockRig.await(promise.future());
  }

  private boolean isTold() {
    return onLoop(() -> Future.succeededFuture(held.isOriginTold()));
  }

  private void hold(InetAddress client, InetAddress reached) {
    LockOwner owner = new LockOwner(client, "client", 0);
    int svid = OwnerRows.svid(rows.take(owner), 1);
    HeldKey key = HeldKey.of(svid, new byte[] {1}, Filehandle.of(LockRig.HANDLE));
    HeldEntry entry = new HeldEntry(key, owner, 0, new ByteRanges(), 1, new byte[20]);
    entry.ranges.add(0, 9);
    entry.reached = reached;
    held.held(entry);
  }

  /** Answers nothing before it may. */
  private static void holdAnswers(FakeLockd lockd, CountDownLatch called, CountDownLatch may) {
    lockd.answers =
        call -> {
          called.countDown();
          try {
            may.await();
          } catch (InterruptedException stop) {
            throw new IllegalStateException(stop);
          }
          return out -> {};
        };
  }

  @Test
  void noticeThatComesAgainBehindAnother_isNotToldByTheAnswersToItsFirst() throws Exception {
    CountDownLatch called = new CountDownLatch(2 * NOTICES);
    CountDownLatch oneMay = new CountDownLatch(1);
    CountDownLatch otherMay = new CountDownLatch(1);
    Journal journal = onLoop(() -> Journal.open(vertx, directory, held::everything, 1 << 20));
    try (FakeLockd one = new FakeLockd(ONE, 0);
        FakeLockd other = new FakeLockd(OTHER, one.port())) {
      holdAnswers(one, called, oneMay);
      holdAnswers(other, called, otherMay);
      OriginNotices notices = notices(journal, one, other);
      for (int state : new int[] {41, 43, 41}) {
        now.addAndGet(TimeUnit.SECONDS.toNanos(OriginNotices.RESTART_SECONDS_MIN));
        onLoop(() -> notices.restarted(state));
      }
      assertTrue(called.await(20, TimeUnit.SECONDS));
      oneMay.countDown();
      one.awaitEnded(2 * NOTICES); // the portmapper's and the monitor's
      assertFalse(isTold(), "the other one has heard nothing");
      otherMay.countDown();
      while (!isTold()) {
        Thread.onSpinWait();
      }
      onLoop(
          () -> {
            notices.close();
            return Future.succeededFuture();
          });
    } finally {
      onLoop(journal::close);
    }
  }

  private OriginNotices notices(Journal journal, FakeLockd one, FakeLockd other) throws Exception {
    InetAddress reached = InetAddress.getByName(LockRig.PROXY);
    LockSettings settings =
        new LockSettings(LockRig.PROXY, 0, 0, directory, null, null, LockRig.bounds(100));
    return onLoop(
        () -> {
          CallLanes lanes =
              new CallLanes(
                  32,
                  4,
                  64,
                  System::nanoTime,
                  (millis, task) -> vertx.setTimer(millis, timer -> task.run()),
                  event -> {});
          ClientCalls clients =
              new ClientCalls(
                  new ClientCaller(vertx, one.port()), lanes, client -> true, event -> {});
          hold(one.address(), reached);
          hold(other.address(), reached);
          lanes.heard(one.address());
          lanes.heard(other.address());
          return Future.succeededFuture(
              new OriginNotices(
                  vertx,
                  settings,
                  held,
                  new LockMemory(journal, held, null, 0),
                  clients,
                  now::get));
        });
  }
}
