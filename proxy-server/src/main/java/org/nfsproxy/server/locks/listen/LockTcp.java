package org.nfsproxy.server.locks.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.socket.CloseNow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls over TCP. Everything runs on the event loop that made it. */
// A client's kernel has one connection for all its locks, and closes it after five minutes without
// any. Who asks on and reads no replies is closed, as at the portmapper.
public final class LockTcp {
  /** As many clients as {@code limits.connectionsMax} allows by default. */
  static final int CONNECTIONS_MAX = 4096;

  /** A kernel has one, a router with some kernels behind it a few. */
  static final int CONNECTIONS_PER_CLIENT_MAX = 64;

  /** Longer than a Linux client keeps one. */
  static final int IDLE_SECONDS = 360;

  /** A header with 2 x 400 bytes of credentials, three strings of 1024 bytes, and room. */
  public static final int RECORD_BYTES_MAX = 5 << 10;

  private static final Logger log = LoggerFactory.getLogger(LockTcp.class);

  private final LockCalls calls;
  private final NetServer server;
  private final Map<InetAddress, Integer> connections = new HashMap<>();
  private int connectionsInAll;

  /** Listens to nobody yet. */
  public LockTcp(Vertx vertx, LockCalls calls) {
    this.calls = calls;
    NetServerOptions options =
        new NetServerOptions().setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    this.server = vertx.createNetServer(options).connectHandler(this::accept);
  }

  /**
   * Listens.
   *
   * @param port a port, 0 for any
   */
  public Future<Integer> listen(String host, int port) {
    return server.listen(port, host).map(NetServer::actualPort);
  }

  /**
   * Stops.
   *
   * @return completes when all is closed
   */
  public Future<Void> close() {
    return server.close();
  }

  private void accept(NetSocket socket) {
    InetAddress client = address(socket.remoteAddress());
    if (client == null
        || connectionsInAll >= CONNECTIONS_MAX
        || connections.getOrDefault(client, 0) >= CONNECTIONS_PER_CLIENT_MAX) {
      CloseNow.of(socket);
      return;
    }
    connectionsInAll++;
    connections.merge(client, 1, Integer::sum);
    socket.closeHandler(
        closed -> {
          connectionsInAll--;
          connections.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1);
        });
    socket.exceptionHandler(broken -> log.debug("a lock manager's connection", broken));
    LockCaller caller = new LockCaller(client, address(socket.localAddress()), true);
    HeapRecords records = new HeapRecords(RECORD_BYTES_MAX, record -> call(socket, caller, record));
    socket.handler(bytes -> read(socket, records, bytes));
  }

  private static void read(NetSocket socket, HeapRecords records, Buffer bytes) {
    try {
      records.accept(((BufferInternal) bytes).getByteBuf());
    } catch (RecordException tooLong) {
      log.debug("lock manager {}: {}", socket.remoteAddress(), tooLong.getMessage());
      CloseNow.of(socket);
    }
  }

  private void call(NetSocket socket, LockCaller caller, ByteBuf record) {
    boolean isCall =
        calls.call(
            caller,
            withMarker(record),
            reply -> {
              if (socket.writeQueueFull()) {
                CloseNow.of(socket);
              } else {
                socket.write(Buffer.buffer(reply));
              }
            });
    if (!isCall) {
      CloseNow.of(socket);
    }
  }

  static ByteBuf withMarker(ByteBuf record) {
    int length = record.readableBytes();
    return Unpooled.buffer(RecordMarking.MARKER_BYTES + length)
        .writeInt(RecordMarking.lastFragment(length))
        .writeBytes(record);
  }

  static @Nullable InetAddress address(@Nullable SocketAddress peer) {
    String text = peer == null ? null : peer.hostAddress();
    if (text == null) {
      return null;
    }
    int scope = text.indexOf('%');
    return NetUtil.createInetAddressFromIpAddressString(
        scope < 0 ? text : text.substring(0, scope));
  }
}
