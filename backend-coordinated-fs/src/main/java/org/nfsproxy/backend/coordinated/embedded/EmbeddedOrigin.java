package org.nfsproxy.backend.coordinated.embedded;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.nfsproxy.backend.coordinated.Engines;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.files.Files;

/**
 * An NFS server on the loopback interface: MOUNT and NFS version 3 on one TCP port, and what {@link
 * org.nfsproxy.backend.coordinated.engine.FurtherProgram} adds, without a portmapper. It is the
 * demo's origin, and that of tests.
 */
public final class EmbeddedOrigin {
  private static final String LOOPBACK = "127.0.0.1";

  /** A demo and its user's tools; each may hold {@link OriginConnection#CALLS_MAX} calls. */
  private static final int CONNECTIONS_MAX = 64;

  /** Calls that are executed at once: more than the cores of a machine a demo runs on. */
  private static final int WORKERS = 8;

  private final NetServer server;
  private final WorkerExecutor workers;
  private final Engine engine;
  private final Set<NetSocket> connections = ConcurrentHashMap.newKeySet();

  private EmbeddedOrigin(Vertx vertx, Files files, int port) {
    engine = Engines.overMemory(files);
    workers =
        vertx.createSharedWorkerExecutor(
            "embedded-origin-" + System.identityHashCode(this), WORKERS);
    NetServerOptions options =
        new NetServerOptions().setHost(LOOPBACK).setPort(port).setTcpNoDelay(true);
    server = vertx.createNetServer(options).connectHandler(this::accept);
  }

  /**
   * Starts serving.
   *
   * @param vertx the runtime
   * @param files what is served
   * @param port where to listen, or 0 for any free port
   * @return the origin, to be closed by the caller
   */
  public static Future<EmbeddedOrigin> start(Vertx vertx, Files files, int port) {
    EmbeddedOrigin origin = new EmbeddedOrigin(vertx, files, port);
    return origin.server.listen().map(origin).onFailure(refused -> origin.close());
  }

  private void accept(NetSocket socket) {
    if (connections.size() >= CONNECTIONS_MAX) {
      socket.close();
      return;
    }
    connections.add(socket);
    new OriginConnection(socket, engine, workers, () -> connections.remove(socket));
  }

  /**
   * Where it listens.
   *
   * @return the port
   */
  public int port() {
    return server.actualPort();
  }

  /**
   * Stops serving. Calls that are being executed get no reply.
   *
   * @return completes when no connection is served any more; the kernel may take one for as long as
   *     the selector's next turn needs
   */
  public Future<Void> close() {
    return server.close().eventually(workers::close).eventually(this::forget);
  }

  private Future<Void> forget() {
    engine.close();
    return Future.succeededFuture();
  }
}
