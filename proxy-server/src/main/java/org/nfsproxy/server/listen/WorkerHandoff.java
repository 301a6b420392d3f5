package org.nfsproxy.server.listen;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what the connections of one event loop have queued to their worker, all of it at once, and
 * back. Used on that event loop.
 */
// To wake a thread costs more than to judge a hundred calls, so it is done once for each round of
// the loop, whatever number of connections was read in it. While the worker is busy with one
// round's tasks the next ones gather, so under load neither thread waits for the other to wake up.
final class WorkerHandoff {
  private static final Logger log = LoggerFactory.getLogger(WorkerHandoff.class);

  private final EventLoop loop;
  private final Executor worker;
  private final Runnable sendTask = this::send;
  private final Runnable judgeTask = this::judge;
  private final Runnable decidedTask = this::decided;
  private List<Task> gathered = new ArrayList<>();
  private List<Task> judged = new ArrayList<>();
  private boolean sending;
  private boolean isWithWorker;

  /** What is to be judged. */
  interface Task {
    /**
     * Judges. On the worker.
     *
     * @return whether it is decided; a task that is not finds its own way back
     */
    boolean judge();

    /** Carries out what was decided. On the event loop. */
    void decided();

    /** Gives back what it holds, in place of {@link #decided}: the event loop has ended. */
    void abandoned();

    /**
     * Gives back what it holds and waits for nothing any more: it could not be judged, or what was
     * decided could not be carried out. On the event loop.
     */
    void failed();
  }

  /** A task that could not be judged. */
  private record Failed(Task unjudged) implements Task {
    @Override
    public boolean judge() {
      return true;
    }

    @Override
    public void decided() {
      unjudged.failed();
    }

    @Override
    public void abandoned() {
      unjudged.abandoned();
    }

    @Override
    public void failed() {
      unjudged.failed();
    }
  }

  WorkerHandoff(EventLoop loop, Executor worker) {
    this.loop = loop;
    this.worker = worker;
  }

  /** Hands a task over, with all others, when the loop has looked at all that was read. */
  void add(Task added) {
    assert loop.inEventLoop();
    gathered.add(added);
    if (!sending && !isWithWorker) {
      sending = true;
      loop.execute(sendTask);
    }
  }

  private void send() {
    sending = false;
    List<Task> sent = gathered;
    gathered = judged;
    judged = sent;
    isWithWorker = true;
    try {
      worker.execute(judgeTask);
    } catch (RuntimeException | Error bug) {
      log.error("the worker takes nothing", bug);
      judged.replaceAll(Failed::new);
      decided();
    }
  }

  private void judge() {
    for (int i = 0; i < judged.size(); i++) {
      judged.set(i, judged(judged.get(i)));
    }
    try {
      loop.execute(decidedTask);
    } catch (RejectedExecutionException ended) {
      judged.stream().filter(Objects::nonNull).forEach(Task::abandoned);
    }
  }

  /** A task that was judged; null if it is not decided. */
  private static @Nullable Task judged(Task each) {
    try {
      return each.judge() ? each : null;
    } catch (RuntimeException | Error bug) {
      log.error("judging failed", bug);
      return new Failed(each);
    }
  }

  // A task that is added again while these are carried out goes with the next ones.
  private void decided() {
    assert loop.inEventLoop();
    for (int i = 0; i < judged.size(); i++) {
      Task each = judged.get(i);
      if (each != null) {
        carryOut(each);
      }
    }
    judged.clear();
    isWithWorker = false;
    if (!gathered.isEmpty()) {
      send();
    }
  }

  // What fails for one connection is no reason to stop for all others.
  private static void carryOut(Task each) {
    try {
      each.decided();
    } catch (RuntimeException | Error bug) {
      log.error("carrying out what was decided failed", bug);
      fail(each);
    }
  }

  private static void fail(Task each) {
    try {
      each.failed();
    } catch (RuntimeException | Error bug) {
      log.error("a failed case could not be ended", bug);
    }
  }
}
