package org.nfsproxy.server.cluster;

import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.backend.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that calls Hazelcast: whatever it waits for there, nobody waits for it. */
final class ClusterThread {
  private static final Logger log = LoggerFactory.getLogger(ClusterThread.class);

  /**
   * An origin's filesystems told at once, a good many; what is dropped is told again in a minute.
   */
  private static final int WAITING_MAX = 4096;

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "cluster");
            thread.setDaemon(true);
            return thread;
          });

  ClusterThread() {
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.setRemoveOnCancelPolicy(true);
  }

  /** Does a task soon, or never if too many wait already. */
  void run(Runnable task) {
    if (executor.getQueue().size() < WAITING_MAX) {
      after(0, task);
    }
  }

  /** Does a task soon, or says that it is not done. */
  void always(Runnable task, Runnable refused) {
    try {
      if (executor.getQueue().size() < WAITING_MAX) {
        executor.schedule(() -> guarded(task), 0, TimeUnit.MILLISECONDS);
        return;
      }
    } catch (RejectedExecutionException stopping) {
      log.debug("too late", stopping);
    }
    refused.run();
  }

  void after(long millis, Runnable task) {
    try {
      executor.schedule(() -> guarded(task), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopping) {
      log.debug("too late", stopping);
    }
  }

  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failed) {
      log.debug("cluster: {}", reason(failed), failed);
    }
  }

  /** Does the last task. */
  void end(Runnable last) {
    after(
        0,
        () -> {
          try {
            last.run();
          } finally {
            executor.shutdown();
          }
        });
  }

  static String reason(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return Reason.of(cause);
  }
}
