package org.nfsproxy.server.cache;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that takes in what was read ahead: it copies each byte once, and keeps nobody waiting.
 */
public final class ReadAheadThread implements Turns {
  private static final Logger log = LoggerFactory.getLogger(ReadAheadThread.class);

  private final Promise<Void> ended = Promise.promise();
  private final ScheduledThreadPoolExecutor thread;

  /** A thread that is not there before the first turn. */
  public ReadAheadThread() {
    thread =
        new ScheduledThreadPoolExecutor(1, ReadAheadThread::daemon) {
          @Override
          protected void terminated() {
            ended.complete();
          }
        };
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  private static Thread daemon(Runnable work) {
    Thread made = new Thread(work, "read-ahead");
    made.setDaemon(true);
    return made;
  }

  @Override
  public void run(Runnable turn) {
    later(0, turn);
  }

  @Override
  public void later(long millis, Runnable turn) {
    try {
      thread.schedule(() -> guarded(turn), millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      log.debug("closed before it was done");
    }
  }

  private static void guarded(Runnable turn) {
    try {
      turn.run();
    } catch (RuntimeException bug) {
      log.error("reading ahead failed", bug);
    }
  }

  /**
   * Does nothing more.
   *
   * @return completes when the turn that was under way is over
   */
  public Future<Void> close() {
    thread.shutdown();
    return ended.future();
  }
}
