package org.nfsproxy.server;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cli.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops the proxy at SIGTERM or SIGINT, and ends the process with 0 if that went in order. */
// The JVM ends a process that got SIGTERM with 143 whatever its hooks do. A proxy that has stopped
// in order should end with 0, so the hook itself ends the process when all is done. It is there
// before anything is opened: a signal may come at any moment.
final class StopAtSignal {
  private static final Logger log = LoggerFactory.getLogger(StopAtSignal.class);

  /** What closing takes beyond the time that calls in flight have. */
  private static final long STOP_MARGIN_MILLIS = 5_000;

  private final Thread hook = new Thread(this::stop, "stop");
  private volatile @Nullable Proxy proxy;

  StopAtSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** What is to be stopped, from now on. */
  void stops(Proxy started) {
    proxy = started;
  }

  /** The process ends by itself, with an exit code of its own. */
  void disarm() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException signalled) {
      log.debug("a signal came first");
    }
  }

  private void stop() {
    int exit = ExitCode.DONE;
    Proxy running = proxy;
    if (running != null) {
      try {
        log.info("stopping, which may take {} ms", running.stopMillis());
        running
            .stop()
            .toCompletionStage()
            .toCompletableFuture()
            .get(running.stopMillis() + STOP_MARGIN_MILLIS, TimeUnit.MILLISECONDS);
        log.info("stopped");
      } catch (TimeoutException | ExecutionException | InterruptedException late) {
        log.error("did not stop in order: {}", late.toString());
        exit = ExitCode.FAILED;
      }
    }
    Runtime.getRuntime().halt(exit);
  }
}
