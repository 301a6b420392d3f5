package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

// Two lists change hands between two threads without a lock; that they are never in both is what
// the handoff is
// about. It would be seen here if they were:
//
// The worker is four threads, so that a second list sent before the first is back is judged at the
// same time
// (atOnce). A list that the loop fills or empties while it is judged loses tasks, or has them twice
// (judged, then
// decided, each once and in their order, by counts that are plain fields: what one thread wrote and
// the other does
// not see counts as never done). Each task that is decided adds another, so that thousands of
// rounds overlap with
// judging, and the loop is woken in between at moments of its own (the empty tasks).
@Timeout(60)
class WorkerHandoffThreadsTest {
  private static final int CHAINS = 64;
  private static final int LINKS = 2000;

  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final ExecutorService worker = Executors.newFixedThreadPool(4);
  private final WorkerHandoff handoff = new WorkerHandoff(loop, worker);
  private final CountDownLatch left = new CountDownLatch(CHAINS);
  private final AtomicInteger judging = new AtomicInteger();
  private final AtomicInteger atOnceMax = new AtomicInteger();
  private final List<String> wrong = new ArrayList<>(); // the loop's

  @AfterEach
  void end() throws Exception {
    worker.shutdownNow();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }

  /** One of a chain: when it is decided the next one is handed over. */
  private final class Link implements WorkerHandoff.Task {
    private final int place;
    private int judged;
    private int decided;

    Link(int place) {
      this.place = place;
    }

    @Override
    public boolean judge() {
      atOnceMax.accumulateAndGet(judging.incrementAndGet(), Math::max);
      judged++;
      judging.decrementAndGet();
      return true;
    }

    @Override
    public void decided() {
      if (judged != 1 || ++decided != 1) {
        wrong.add(place + ": judged " + judged + ", decided " + decided);
      }
      if (place < LINKS) {
        handoff.add(new Link(place + 1));
      } else {
        left.countDown();
      }
    }

    @Override
    public void abandoned() {
      wrong.add(place + " abandoned");
    }

    @Override
    public void failed() {
      wrong.add(place + " failed");
    }
  }

  @Test
  void manyRounds_eachTaskIsJudgedAndDecidedOnce_byOneThreadAtATime() throws Exception {
    for (int chain = 0; chain < CHAINS; chain++) {
      loop.execute(() -> handoff.add(new Link(1)));
    }
    for (int i = 0; i < CHAINS * LINKS / 10 && left.getCount() > 0; i++) {
      loop.execute(() -> {});
    }
    assertTrue(left.await(30, TimeUnit.SECONDS), left.getCount() + " chains were lost");
    loop.submit(() -> assertEquals(List.of(), wrong)).sync();
    assertEquals(1, atOnceMax.get());
  }
}
