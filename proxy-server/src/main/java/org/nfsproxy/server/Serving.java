package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nfsproxy.server.cli.ExitCode;
import org.nfsproxy.server.cli.Launch;
import org.nfsproxy.server.configuration.Configured;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what the command line asks for, and stops it at SIGTERM or SIGINT. */
// The JVM ends a process that got SIGTERM with 143 whatever its hooks do. A proxy that has stopped
// in order should end with 0, so the hook itself ends the process when all is done.
final class Serving implements Launch {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  /** What closing takes beyond the time that calls in flight have. */
  private static final long STOP_MARGIN_MILLIS = 5_000;

  @Override
  public int proxy(Vertx vertx, Configured configured) {
    try {
      Proxy proxy = await(Proxy.start(vertx, configured));
      stopAtSignal(proxy, configured.proxy().limits().drainMillis());
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (ExecutionException failed) {
      log.error("{}", failed.getCause().getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException stopped) {
      return ExitCode.DONE;
    }
  }

  @Override
  public int demo(Vertx vertx) {
    return ExitCode.FAILED;
  }

  private static void stopAtSignal(Proxy proxy, int drainMillis) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(proxy, drainMillis), "stop"));
  }

  private static void stop(Proxy proxy, int drainMillis) {
    log.info("stopping: calls in flight have {} ms to end", drainMillis);
    int exit = ExitCode.DONE;
    try {
      proxy
          .stop()
          .toCompletionStage()
          .toCompletableFuture()
          .get(drainMillis + STOP_MARGIN_MILLIS, TimeUnit.MILLISECONDS);
      log.info("stopped");
    } catch (TimeoutException | ExecutionException | InterruptedException late) {
      log.error("did not stop in order: {}", late.toString());
      exit = ExitCode.FAILED;
    }
    Runtime.getRuntime().halt(exit);
  }

  private static <T> T await(Future<T> future) throws ExecutionException, InterruptedException {
    return future.toCompletionStage().toCompletableFuture().get();
  }
}
