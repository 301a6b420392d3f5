package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.nfsproxy.rpc.RpcClient;

/** A runtime, a fake origin and a way to wait, for tests of questions. */
public abstract class Asking {
  /** Long enough that no test meets it by the machine being slow. */
  static final int PATIENCE_MILLIS = 20_000;

  protected final Vertx vertx = Vertx.vertx();
  final NetClient client = vertx.createNetClient();
  final AtomicInteger connects = new AtomicInteger();
  AnsweringOrigin fake;

  @BeforeEach
  void startFake() throws Exception {
    fake = new AnsweringOrigin();
  }

  @AfterEach
  void stop() throws Exception {
    fake.close();
    await(vertx.close());
  }

  /** Connections on which a call may take so long. */
  Connector connector(int callMillis) {
    RpcClient.Bounds bounds = new RpcClient.Bounds(1 << 16, 256, 1 << 20, callMillis);
    return server -> {
      connects.incrementAndGet();
      return RpcClient.connect(vertx, client, server, bounds);
    };
  }

  static SocketAddress loopback(int port) {
    return SocketAddress.inetSocketAddress(port, "127.0.0.1");
  }

  protected static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }

  protected static <T extends Throwable> T failure(Class<T> type, Future<?> future) {
    ExecutionException failed = assertThrows(ExecutionException.class, () -> await(future));
    return org.junit.jupiter.api.Assertions.assertInstanceOf(type, failed.getCause());
  }
}
