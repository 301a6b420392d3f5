package org.nfsproxy.server.portmap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.server.socket.CloseNow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The portmapper on TCP. Everything runs on the server's one event loop. */
// A caller asks one question and leaves. Connections that stay are a burden or an attack: when
// there are too many, the one that has asked nothing for the longest time goes, so that a newcomer
// with a question is always served. One that asks on and reads no replies goes as well: to pause it
// would keep what it has no right to, and Vert.x loses the buffers of a connection that ends while
// paused.
final class PortmapTcp {
  /** What mount and the lock managers of a few dozen clients that start at once need. */
  static final int CONNECTIONS_MAX = 64;

  /** Longest call: a header with 2 x 400 bytes of credentials, an rpcb structure, and room. */
  static final int RECORD_BYTES_MAX = 4096;

  /** Twice the patience of a Linux client's question. */
  static final int IDLE_SECONDS = 30;

  private static final Logger LOG = LoggerFactory.getLogger(PortmapTcp.class);

  private final PortmapProgram program;
  private final Optional<InetAddress> advertised;
  private final NetServer server;

  /** In order of the last whole record; the first is the first to go. */
  private final Map<NetSocket, Boolean> connections = new LinkedHashMap<>(16, 0.75f, true);

  PortmapTcp(Vertx vertx, PortmapProgram program, Optional<InetAddress> advertised) {
    this(vertx, program, advertised, IDLE_SECONDS);
  }

  PortmapTcp(
      Vertx vertx, PortmapProgram program, Optional<InetAddress> advertised, int idleSeconds) {
    this.program = program;
    this.advertised = advertised;
    NetServerOptions options =
        new NetServerOptions().setIdleTimeout(idleSeconds).setIdleTimeoutUnit(TimeUnit.SECONDS);
    this.server = vertx.createNetServer(options).connectHandler(this::accept);
  }

  /** Listens; completes with the port. */
  Future<Integer> listen(String host, int port) {
    return server.listen(port, host).map(NetServer::actualPort);
  }

  Future<Void> close() {
    return server.close();
  }

  private void accept(NetSocket socket) {
    if (connections.size() >= CONNECTIONS_MAX) {
      NetSocket quietest = connections.keySet().iterator().next();
      connections.remove(quietest);
      CloseNow.of(quietest);
    }
    connections.put(socket, Boolean.TRUE);
    socket.closeHandler(closed -> connections.remove(socket));
    socket.exceptionHandler(broken -> LOG.debug("portmap connection: {}", broken.toString()));
    HeapRecords records = new HeapRecords(RECORD_BYTES_MAX, record -> answer(socket, record));
    socket.handler(bytes -> read(socket, records, bytes));
  }

  private void read(NetSocket socket, HeapRecords records, Buffer bytes) {
    try {
      records.accept(((BufferInternal) bytes).getByteBuf());
    } catch (RecordException tooLong) {
      LOG.debug("portmap caller {}: {}", socket.remoteAddress(), tooLong.getMessage());
      CloseNow.of(socket);
      return;
    }
    if (socket.writeQueueFull()) {
      LOG.debug("portmap caller {}: does not read its replies", socket.remoteAddress());
      CloseNow.of(socket);
    }
  }

  private void answer(NetSocket socket, ByteBuf record) {
    connections.get(socket);
    Supplier<Optional<InetAddress>> address =
        () -> advertised.or(() -> Addresses.parse(socket.localAddress().hostAddress()));
    ByteBuf reply = program.answer(record, Transport.TCP, address);
    if (reply == null) {
      CloseNow.of(socket);
      return;
    }
    socket.write(Buffer.buffer(ByteBufUtil.getBytes(reply)));
    reply.release();
  }
}
