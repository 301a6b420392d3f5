package org.nfsproxy.server;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks again and again at files that others replace while the proxy runs. */
// On a thread of its own, and the next look waits for the one before: a disk that hangs keeps this
// thread and nobody else's, and no looks pile up meanwhile.
final class FilesLookedAt {
  private static final Logger log = LoggerFactory.getLogger(FilesLookedAt.class);

  private FilesLookedAt() {}

  /**
   * Begins.
   *
   * @param scanMillis between two looks; 0 for none
   * @param look blocks for as long as the disk takes
   * @param isOver when there is nothing more to look at; asked before each look
   */
  static void every(int scanMillis, Runnable look, BooleanSupplier isOver) {
    if (scanMillis == 0) {
      return;
    }
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "files");
              made.setDaemon(true);
              return made;
            });
    thread.scheduleWithFixedDelay(
        () -> {
          if (isOver.getAsBoolean()) {
            thread.shutdown();
          } else {
            look(look);
          }
        },
        scanMillis,
        scanMillis,
        TimeUnit.MILLISECONDS);
  }

  // What fails once is no reason to look no more.
  private static void look(Runnable look) {
    try {
      look.run();
    } catch (RuntimeException | Error bug) {
      log.error("files could not be looked at", bug);
    }
  }
}
