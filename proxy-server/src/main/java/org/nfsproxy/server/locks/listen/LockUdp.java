package org.nfsproxy.server.locks.listen;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RecordMarking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls over UDP. Everything runs on the event loop that made it. */
// A datagram's sender may be forged: a reply that is much longer than its call is not sent, so that
// nobody can be flooded by way of us.
public final class LockUdp {
  /** One datagram that no network on the way cuts in two. */
  static final int CALL_BYTES_MAX = 1400;

  /** How much longer a reply may be: that of a TEST tells of an owner as long as the caller's. */
  static final int REPLY_BYTES_MORE = 128;

  /** Replies that the system has not taken yet; more are dropped, as the network would. */
  static final int REPLIES_UNSENT_MAX = 256;

  private static final Logger log = LoggerFactory.getLogger(LockUdp.class);

  private final LockCalls calls;
  private final DatagramSocket socket;
  private final RouteProbe routes = new RouteProbe();
  private @Nullable InetAddress bound;
  private int repliesUnsent;

  /**
   * Listens to nobody yet.
   *
   * @param host where it will listen
   */
  public LockUdp(Vertx vertx, LockCalls calls, String host) {
    this.calls = calls;
    DatagramSocketOptions options = new DatagramSocketOptions().setIpV6(host.contains(":"));
    this.socket = vertx.createDatagramSocket(options).handler(this::read);
    socket.exceptionHandler(broken -> log.debug("a lock manager's datagrams", broken));
  }

  /**
   * Listens.
   *
   * @return completes when calls are answered
   */
  public Future<Void> listen(String host, int port) {
    return socket
        .listen(port, host)
        .onSuccess(
            listening -> {
              InetAddress address = LockTcp.address(socket.localAddress());
              bound = address == null || address.isAnyLocalAddress() ? null : address;
            })
        .mapEmpty();
  }

  /**
   * Stops.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    routes.close();
    return socket.close();
  }

  private void read(DatagramPacket packet) {
    ByteBuf call = ((BufferInternal) packet.data()).getByteBuf();
    SocketAddress sender = packet.sender();
    InetAddress client = LockTcp.address(sender);
    if (call.readableBytes() > CALL_BYTES_MAX || sender.port() == 0 || client == null) {
      return;
    }
    int length = call.readableBytes();
    InetAddress reached = bound == null ? towards(client, sender.port()) : bound;
    calls.call(
        new LockCaller(client, reached, false),
        LockTcp.withMarker(call),
        reply -> send(reply, sender, length + REPLY_BYTES_MORE));
  }

  // Which address a datagram came to, nothing tells; this is the one its reply leaves from.
  private @Nullable InetAddress towards(InetAddress client, int port) {
    return routes.towards(client, port);
  }

  private void send(byte[] reply, SocketAddress sender, int bytesMax) {
    if (repliesUnsent >= REPLIES_UNSENT_MAX || reply.length > bytesMax) {
      return;
    }
    repliesUnsent++;
    byte[] message = Arrays.copyOfRange(reply, RecordMarking.MARKER_BYTES, reply.length);
    socket
        .send(Buffer.buffer(message), sender.port(), sender.hostAddress())
        .onComplete(sent -> repliesUnsent--);
  }
}
