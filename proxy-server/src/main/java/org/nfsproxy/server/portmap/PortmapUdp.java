package org.nfsproxy.server.portmap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.Optional;
import org.nfsproxy.rpc.RecordMarking;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The portmapper on UDP. Everything runs on the socket's one event loop. */
// Whoever forges a sender must gain nothing: replies are about as long as their calls (the table of
// procedures sees to it), and nothing but a call is answered, so two portmappers cannot be set on
// each other.
final class PortmapUdp {
  /** One datagram that no network on the way cuts in two. */
  static final int CALL_BYTES_MAX = 1400;

  /** Replies the system has not taken yet; more are dropped, as the network would. */
  static final int REPLIES_UNSENT_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(PortmapUdp.class);

  private final PortmapProgram program;
  private final Optional<InetAddress> advertised;
  private final DatagramSocket socket;
  private Optional<InetAddress> bound = Optional.empty();
  private int repliesUnsent;

  PortmapUdp(Vertx vertx, PortmapProgram program, Optional<InetAddress> advertised, String host) {
    this.program = program;
    this.advertised = advertised;
    DatagramSocketOptions options = new DatagramSocketOptions().setIpV6(host.contains(":"));
    this.socket = vertx.createDatagramSocket(options).handler(this::read);
    socket.exceptionHandler(broken -> LOG.debug("portmap datagrams: {}", broken.toString()));
  }

  /** Listens; completes when calls are answered. */
  Future<Void> listen(String host, int port) {
    bound = Addresses.parse(host).filter(address -> !address.isAnyLocalAddress());
    return socket.listen(port, host).mapEmpty();
  }

  Future<Void> close() {
    return socket.close();
  }

  private void read(DatagramPacket packet) {
    ByteBuf call = ((BufferInternal) packet.data()).getByteBuf();
    SocketAddress sender = packet.sender();
    if (call.readableBytes() > CALL_BYTES_MAX || sender.port() == 0) {
      return;
    }
    ByteBuf reply = program.answer(call, Transport.UDP, () -> addressFor(sender));
    if (reply == null) {
      return;
    }
    reply.skipBytes(RecordMarking.MARKER_BYTES);
    send(Buffer.buffer(ByteBufUtil.getBytes(reply)), sender);
    reply.release();
  }

  private Optional<InetAddress> addressFor(SocketAddress sender) {
    return advertised.or(() -> bound).or(() -> Addresses.towards(sender));
  }

  private void send(Buffer reply, SocketAddress sender) {
    if (repliesUnsent >= REPLIES_UNSENT_MAX) {
      return;
    }
    repliesUnsent++;
    socket
        .send(reply, sender.port(), sender.hostAddress())
        .onComplete(
            sent -> {
              repliesUnsent--;
              if (sent.failed()) {
                LOG.debug("portmap reply to {}: {}", sender, sent.cause().toString());
              }
            });
  }
}
