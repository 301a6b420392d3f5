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
class WorkerHandoffTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final Queue<Runnable> worker = new ArrayDeque<>();
  private final WorkerHandoff handoff = new WorkerHandoff(loop, worker::add);
  private final List<String> happened = new ArrayList<>();

  private final class Named implements WorkerHandoff.Task {
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
  void tasksOfOneRound_areOneTask() throws Exception {
    onLoop(
        () -> {
          handoff.add(new Named("a"));
          handoff.add(new Named("b"));
          assertTrue(worker.isEmpty(), "sent before the round was over");
        });
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(List.of("judge a", "judge b", "decided a", "decided b"), happened);
    assertTrue(worker.isEmpty());
  }

  @Test
  void tasksWhoseLoopHasEnded_areAbandoned() throws Exception {
    onLoop(
        () -> {
          handoff.add(new Named("a"));
          handoff.add(new Named("b"));
        });
    endLoop();
    worker.remove().run();
    assertEquals(List.of("judge a", "judge b", "abandoned a", "abandoned b"), happened);
  }

  @Test
  void tasksThatComeWhileOthersAreJudged_areOneTaskBehindThem() throws Exception {
    onLoop(() -> handoff.add(new Named("a")));
    onLoop(() -> handoff.add(new Named("b")));
    onLoop(() -> handoff.add(new Named("c")));
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(1, worker.size());
    runWorker();
    assertEquals(
        List.of("judge a", "decided a", "judge b", "judge c", "decided b", "decided c"), happened);
  }

  @Test
  void taskThatIsAddedAgainWhenDecided_isHandedOverNext() throws Exception {
    Named again = new Named("a");
    again.whenDecided =
        () -> {
          again.whenDecided = () -> {};
          handoff.add(again);
        };
    onLoop(() -> handoff.add(again));
    runWorker();
    runWorker();
    assertEquals(List.of("judge a", "decided a", "judge a", "decided a"), happened);
    assertTrue(worker.isEmpty());
  }

  @Test
  void undecidedTask_isNotCarriedOut() throws Exception {
    Named asking = new Named("asking");
    asking.isDecided = false;
    onLoop(
        () -> {
          handoff.add(asking);
          handoff.add(new Named("b"));
        });
    runWorker();
    assertEquals(List.of("judge asking", "judge b", "decided b"), happened);
  }

  @Test
  void taskThatFails_stopsNoOther() throws Exception {
    Named failing = new Named("failing");
    failing.whenDecided =
        () -> {
          throw new IllegalStateException("a bug, for this test");
        };
    onLoop(
        () -> {
          handoff.add(failing);
          handoff.add(new Named("b"));
        });
    runWorker();
    onLoop(() -> handoff.add(new Named("c")));
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
  void taskThatCannotBeJudged_fails_andStopsNoOther() throws Exception {
    Named failing = new Named("failing");
    failing.whenJudged =
        () -> {
          throw new StackOverflowError("a bug, for this test");
        };
    onLoop(
        () -> {
          handoff.add(failing);
          handoff.add(new Named("b"));
        });
    runWorker();
    onLoop(() -> handoff.add(new Named("c")));
    runWorker();
    assertEquals(
        List.of("judge failing", "judge b", "failed failing", "decided b", "judge c", "decided c"),
        happened);
  }

  @Test
  void tasksThatTheWorkerDoesNotTake_fail_andTheNextAreTaken() throws Exception {
    boolean[] takes = {false};
    WorkerHandoff refused =
        new WorkerHandoff(
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
