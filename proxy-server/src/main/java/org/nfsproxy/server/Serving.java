package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nfsproxy.server.cli.ExitCode;
import org.nfsproxy.server.cli.Launch;
import org.nfsproxy.server.configuration.ConfigurationException;
import org.nfsproxy.server.configuration.ConfigurationReader;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.demo.Demo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what the command line asks for, and stops it at SIGTERM or SIGINT. */
// The JVM ends a process that got SIGTERM with 143 whatever its hooks do. A proxy that has stopped
// in order should end with 0, so the hook itself ends the process when all is done.
final class Serving implements Launch {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  private static final String LOOPBACK = "127.0.0.1";

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
    try {
      boolean same =
          await(Demo.run(vertx, (origin, port) -> startDemo(vertx, origin, port), System.out));
      if (!same) {
        return ExitCode.FAILED;
      }
      new CountDownLatch(1).await();
      return ExitCode.DONE;
    } catch (ExecutionException failed) {
      log.error("{}", failed.getCause().getMessage());
      return ExitCode.FAILED;
    } catch (InterruptedException stopped) {
      return ExitCode.DONE;
    }
  }

  private static Future<Integer> startDemo(Vertx vertx, int originPort, int listenPort) {
    Configured configured;
    try {
      configured = ConfigurationReader.ofClassPath(vertx).read(demoFile(originPort, listenPort));
    } catch (ConfigurationException cannotBe) {
      return Future.failedFuture(cannotBe);
    }
    return Proxy.start(vertx, configured)
        .map(
            proxy -> {
              stopAtSignal(proxy, configured.proxy().limits().drainMillis());
              return proxy.port();
            });
  }

  private static JsonObject demoFile(int originPort, int listenPort) {
    JsonObject ports = new JsonObject().put("mount", originPort).put("acl", originPort);
    JsonObject origin =
        new JsonObject()
            .put("host", LOOPBACK)
            .put("port", originPort)
            .put("ports", ports)
            .put("reservedPorts", "never");
    return new JsonObject()
        .put("listen", new JsonObject().put("host", LOOPBACK).put("port", listenPort))
        .put("backend", new JsonObject().put("type", "nfs").put("origin", origin));
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
