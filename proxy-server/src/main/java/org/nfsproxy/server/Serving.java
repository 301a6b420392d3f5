package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.cli.ExitCode;
import org.nfsproxy.server.cli.Launch;
import org.nfsproxy.server.configuration.ConfigurationSource;
import org.nfsproxy.server.configuration.Configured;
import org.nfsproxy.server.demo.Demo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts what the command line asks for, and serves until a signal comes. */
final class Serving implements Launch {
  private static final Logger log = LoggerFactory.getLogger(Serving.class);

  @Override
  public int proxy(Vertx vertx, Configured configured, ConfigurationSource source) {
    StopAtSignal signals = new StopAtSignal();
    return serve(
        signals,
        Proxy.start(vertx, configured)
            .onSuccess(signals::stops)
            .onSuccess(proxy -> proxy.watch(vertx, source, configured))
            .compose(Proxy::backendStarted)
            .map(true));
  }

  @Override
  public int demo(Vertx vertx) {
    StopAtSignal signals = new StopAtSignal();
    return serve(
        signals,
        Demo.run(
            vertx,
            (originPort, listenPort) ->
                DemoProxy.start(vertx, originPort, listenPort)
                    .onSuccess(signals::stops)
                    .map(Proxy::port),
            System.out));
  }

  private static int serve(StopAtSignal signals, Future<Boolean> started) {
    try {
      if (started.toCompletionStage().toCompletableFuture().get()) {
        new CountDownLatch(1).await();
      }
    } catch (ExecutionException failed) {
      log.error("{}", Reason.of(failed.getCause()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    signals.disarm();
    return ExitCode.FAILED;
  }
}
