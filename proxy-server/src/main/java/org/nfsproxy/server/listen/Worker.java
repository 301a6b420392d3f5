package org.nfsproxy.server.listen;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that does what event loops should not, in the order it is given. */
// To hand work over costs one system call where the thread sleeps, and none where it is awake. The
// thread pools of java.util.concurrent take two to three: their waiting threads meet at a lock.
//
// `asleep` is set before the queue is looked at for the last time, and whoever adds looks at it
// behind adding: so either the one sees the task or the other the sleeper. In the same way nothing
// is lost behind the thread's end: what comes then is done by whoever brings it.
final class Worker extends FastThreadLocalThread implements Executor, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private volatile boolean asleep;
  private volatile boolean closing;
  private volatile boolean ended;

  Worker(String name) {
    super(name);
    setDaemon(true);
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
    if (asleep) {
      if (ended) {
        runAll();
      } else {
        LockSupport.unpark(this);
      }
    }
  }

  @Override
  public void run() {
    while (true) {
      Runnable task = tasks.poll();
      if (task != null) {
        execute0(task);
      } else if (closing) {
        end();
        return;
      } else {
        sleep();
      }
    }
  }

  private void sleep() {
    asleep = true;
    if (tasks.isEmpty() && !closing) {
      LockSupport.park(this);
    }
    asleep = false;
  }

  private void end() {
    asleep = true;
    ended = true;
    runAll();
  }

  private void runAll() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      execute0(task);
    }
  }

  private static void execute0(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error bug) {
      log.error("a task failed", bug);
    }
  }

  /** Ends the thread when it has done what it was given; what comes later is done at once. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(this);
  }
}
