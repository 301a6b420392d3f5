package org.nfsproxy.server.socket;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.socket.InheritedSockets.Descriptor;

/**
 * A listening socket that was handed over: clients that come while no process is there wait in it.
 */
// It is Netty's server channel, in which binding does nothing. It reads nothing, so accepts nobody,
// until all event loops are there: who waited would all be the first one's otherwise.
public final class InheritedSocket {
  // Linux, asm-generic/socket.h and bits/socket.h.
  private static final int SOL_SOCKET = 1;
  private static final IntegerUnixChannelOption TYPE = option("SO_TYPE", 3);
  private static final IntegerUnixChannelOption ACCEPTS = option("SO_ACCEPTCONN", 30);
  private static final IntegerUnixChannelOption PROTOCOL = option("SO_PROTOCOL", 38);
  private static final IntegerUnixChannelOption DOMAIN = option("SO_DOMAIN", 39);
  private static final int SOCK_STREAM = 1;
  private static final int IPPROTO_TCP = 6;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private final Descriptor descriptor;
  private final InheritedTransport transport;
  private final EpollServerSocketChannel channel;
  private final InetSocketAddress address;

  private InheritedSocket(
      Descriptor descriptor,
      InheritedTransport transport,
      EpollServerSocketChannel channel,
      InetSocketAddress address) {
    this.descriptor = descriptor;
    this.transport = transport;
    this.channel = channel;
    this.address = address;
  }

  private static IntegerUnixChannelOption option(String name, int number) {
    return new IntegerUnixChannelOption(name, SOL_SOCKET, number);
  }

  /** What a descriptor stands for; fails unless that is a TCP socket that listens. */
  static InheritedSocket open(Descriptor descriptor, InheritedTransport transport)
      throws IOException {
    try {
      EpollServerSocketChannel channel = new EpollServerSocketChannel(descriptor.number());
      int domain = channel.config().getOption(DOMAIN);
      boolean isTcp =
          (domain == AF_INET || domain == AF_INET6)
              && channel.config().getOption(TYPE) == SOCK_STREAM
              && channel.config().getOption(PROTOCOL) == IPPROTO_TCP;
      if (!isTcp || channel.config().getOption(ACCEPTS) == 0) {
        throw wrong(descriptor, isTcp ? "a socket that does not listen" : "no TCP socket");
      }
      channel.config().setAutoRead(false);
      channel.pipeline().addLast(new AlreadyBound());
      return new InheritedSocket(descriptor, transport, channel, channel.localAddress());
    } catch (ChannelException none) {
      throw wrong(descriptor, Reason.of(none));
    }
  }

  private static IOException wrong(Descriptor descriptor, String found) {
    return new IOException(
        "descriptor %d was handed over as \"%s\": found %s, expected a TCP socket that listens"
            .formatted(descriptor.number(), descriptor.name(), found));
  }

  Descriptor descriptor() {
    return descriptor;
  }

  void expect(String section, String host, int port) throws IOException {
    if (port != 0 && port != address.getPort()) {
      throw elsewhere(section + ".port", String.valueOf(port), address.getPort());
    }
    if (!isWithin(host)) {
      String here = address.getAddress().getHostAddress();
      throw elsewhere(section + ".host", host, here);
    }
  }

  private IOException elsewhere(String key, String configured, Object here) {
    return new IOException(
        "%s was handed over, and %s is %s: set that to %s, or ListenStream= of the .socket unit to what is meant"
            .formatted(this, key, configured, here));
  }

  // 0.0.0.0 is all of IPv4, :: is everything; whoever accepts more than the file says is refused.
  private boolean isWithin(String host) throws IOException {
    InetAddress configured = InetAddress.getByName(host);
    InetAddress here = address.getAddress();
    if (!configured.isAnyLocalAddress()) {
      return configured.equals(here);
    }
    return !(configured instanceof Inet4Address) || here instanceof Inet4Address;
  }

  /**
   * Lets a server accept what comes here.
   *
   * @param server one of those that share it
   * @return completes when it would accept
   */
  public Future<NetServer> listen(NetServer server) {
    io.vertx.core.net.SocketAddress here =
        io.vertx.core.net.SocketAddress.inetSocketAddress(address);
    return transport.listeningOn(channel, () -> server.listen(here));
  }

  void accept() {
    channel.config().setAutoRead(true);
  }

  @Override
  public String toString() {
    return "the socket \"%s\" on %s port %d"
        .formatted(descriptor.name(), address.getAddress().getHostAddress(), address.getPort());
  }

  // Bound, and listening, since before this process began.
  private static final class AlreadyBound extends ChannelOutboundHandlerAdapter {
    @Override
    public void bind(ChannelHandlerContext context, SocketAddress to, ChannelPromise promise) {
      context.pipeline().remove(this);
      promise.setSuccess();
    }
  }
}
