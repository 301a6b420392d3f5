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
import org.nfsproxy.server.demo.ProxyStarter;
import org.nfsproxy.server.socket.ServiceNotice;
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
            .onSuccess(proxy -> ServiceNotice.ready(System.getenv(ServiceNotice.VARIABLE)))
            .onSuccess(proxy -> proxy.watch(vertx, source, configured))
            .compose(Proxy::backendStarted)
            .map(true));
  }

  @Override
  public int demo(Vertx vertx, boolean once) {
    StopAtSignal signals = new StopAtSignal();
    ProxyStarter starter =
        (originPort, listenPort) ->
            DemoProxy.start(vertx, originPort, listenPort)
                .onSuccess(signals::stops)
                .map(Proxy::port);
    return once
        ? compare(signals, Demo.once(vertx, starter, System.out))
        : serve(signals, Demo.run(vertx, starter, System.out));
  }

  private static int compare(StopAtSignal signals, Future<Boolean> compared) {
    boolean same = compared.toCompletionStage().toCompletableFuture().join();
    signals.disarm();
    return same ? ExitCode.DONE : ExitCode.FAILED;
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
