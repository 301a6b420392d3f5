package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.DefaultEventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop is a real one, the worker is run by hand. */
class DocketTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final Queue<Runnable> worker = new ArrayDeque<>();
  private final Docket docket = new Docket(loop, worker::add);
  private final List<String> happened = new ArrayList<>();

  private final class Named implements Docket.Case {
    private final String name;
    private boolean isDecided = true;
    private Runnable whenDecided = () -> {};
    private Runnable whenJudged = () -> {};

    Named(String name) {
      this.name = name;
    }

    @Override
    public boolean judge() {
      happened.add("judge " + name);
      whenJudged.run();
      return isDecided;
    }

    @Override
    public void decided() {
      happened.add("decided " + name);
      whenDecided.run();
    }

    @Override
    public void abandoned() {
      happened.add("abandoned " + name);
    }

    @Override
    public void failed() {
      happened.add("failed " + name);
    }
  }

  @AfterEach
  void endLoop() throws Exception {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  /** Does something on the loop, and waits until the loop has done what came of it. */
  private void onLoop(Runnable action) throws Exception {
    loop.submit(action).get();
    loop.submit(() -> {}).get();
  }

  private void runWorker() throws Exception {
    worker.remove().run();
    loop.submit(() -> {}).get();
  }

  @Test
  void casesOfOneRound_areOneTask() throws Exception {
    onLoop(
        () -> {
          docket.add(new Named("a"));
          docket.add(new Named("b"));
          assertTrue(worker.isEmpty(), "sent before the round was over");
        });
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(List.of("judge a", "judge b", "decided a", "decided b"), happened);
    assertTrue(worker.isEmpty());
  }

  @Test
  void casesWhoseLoopHasEnded_areAbandoned() throws Exception {
    onLoop(
        () -> {
          docket.add(new Named("a"));
          docket.add(new Named("b"));
        });
    endLoop();
    worker.remove().run();
    assertEquals(List.of("judge a", "judge b", "abandoned a", "abandoned b"), happened);
  }

  @Test
  void casesThatComeWhileOthersAreJudged_areOneTaskBehindThem() throws Exception {
    onLoop(() -> docket.add(new Named("a")));
    onLoop(() -> docket.add(new Named("b")));
    onLoop(() -> docket.add(new Named("c")));
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(
        List.of("judge a", "decided a", "judge b", "judge c", "decided b", "decided c"), happened);
  }

  @Test
  void caseThatIsAddedAgainWhenDecided_isOnTheNextDocket() throws Exception {
    Named again = new Named("a");
    again.whenDecided =
        () -> {
          again.whenDecided = () -> {};
          docket.add(again);
        };
    onLoop(() -> docket.add(again));
    runWorker();
    runWorker();
    assertEquals(List.of("judge a", "decided a", "judge a", "decided a"), happened);
    assertTrue(worker.isEmpty());
  }

  @Test
  void undecidedCase_isNotCarriedOut() throws Exception {
    Named asking = new Named("asking");
    asking.isDecided = false;
    onLoop(
        () -> {
          docket.add(asking);
          docket.add(new Named("b"));
        });
    runWorker();
    assertEquals(List.of("judge asking", "judge b", "decided b"), happened);
  }

  @Test
  void caseThatFails_stopsNoOther() throws Exception {
    Named failing = new Named("failing");
    failing.whenDecided =
        () -> {
          throw new IllegalStateException("a bug, for this test");
        };
    onLoop(
        () -> {
          docket.add(failing);
          docket.add(new Named("b"));
        });
    runWorker();
    onLoop(() -> docket.add(new Named("c")));
    runWorker();
    assertEquals(
        List.of(
            "judge failing",
            "judge b",
            "decided failing",
            "failed failing",
            "decided b",
            "judge c",
            "decided c"),
        happened);
  }

  @Test
  void caseThatCannotBeJudged_fails_andStopsNoOther() throws Exception {
    Named failing = new Named("failing");
    failing.whenJudged =
        () -> {
          throw new StackOverflowError("a bug, for this test");
        };
    onLoop(
        () -> {
          docket.add(failing);
          docket.add(new Named("b"));
        });
    runWorker();
    onLoop(() -> docket.add(new Named("c")));
    runWorker();
    assertEquals(
        List.of("judge failing", "judge b", "failed failing", "decided b", "judge c", "decided c"),
        happened);
  }

  @Test
  void casesThatTheWorkerDoesNotTake_fail_andTheNextAreTaken() throws Exception {
    boolean[] takes = {false};
    Docket refused =
        new Docket(
            loop,
            task -> {
              if (!takes[0]) {
                throw new OutOfMemoryError("for this test");
              }
              worker.add(task);
            });
    onLoop(() -> refused.add(new Named("a")));
    assertEquals(List.of("failed a"), happened);
    takes[0] = true;
    onLoop(() -> refused.add(new Named("b")));
    runWorker();
    assertEquals(List.of("failed a", "judge b", "decided b"), happened);
  }
}
