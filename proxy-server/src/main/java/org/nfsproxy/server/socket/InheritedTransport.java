package org.nfsproxy.server.socket;

import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.transports.EpollTransport;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.socket.InheritedSockets.Descriptor;

/** Netty's epoll for a runtime whose servers may listen on sockets that were handed over. */
// Vert.x asks its transport for the server's channel while a server is told to listen on a numeric
// address, in the same thread: so a channel that is there already is handed out for that time. A
// Vert.x upgrade has to look at this; InheritedSocketsTest fails if a socket is opened instead.
public final class InheritedTransport extends EpollTransport {
  private final List<Descriptor> descriptors;
  private final ThreadLocal<@Nullable ServerChannel> asked = new ThreadLocal<>();

  private InheritedTransport(List<Descriptor> descriptors) {
    this.descriptors = descriptors;
  }

  /**
   * A runtime for a process, with the sockets that it was given.
   *
   * @param options of the runtime
   * @param environment the process's environment variables
   * @param pid its number
   * @return the runtime
   * @throws IOException if sockets were given and cannot be told from the variables, or there is no
   *     native transport for them
   */
  public static Vertx vertx(VertxOptions options, Map<String, String> environment, long pid)
      throws IOException {
    List<Descriptor> descriptors = InheritedSockets.descriptors(environment, pid);
    return descriptors.isEmpty() ? Vertx.vertx(options) : vertx(options, descriptors);
  }

  /**
   * A runtime with certain sockets.
   *
   * @param options of the runtime
   * @param descriptors what was handed over
   * @return the runtime
   * @throws IOException if there is no native transport for them
   */
  public static Vertx vertx(VertxOptions options, List<Descriptor> descriptors) throws IOException {
    InheritedTransport transport = new InheritedTransport(descriptors);
    if (!transport.isAvailable()) {
      throw new IOException(
          "listening sockets were handed over (LISTEN_FDS), which only Netty's epoll can take, and"
              + " that is not available: "
              + transport.unavailabilityCause());
    }
    return Vertx.builder().with(options).withTransport(transport.named()).build();
  }

  private Transport named() {
    return new Transport() {
      @Override
      public String name() {
        return "epoll";
      }

      @Override
      public boolean available() {
        return isAvailable();
      }

      @Override
      public @Nullable Throwable unavailabilityCause() {
        return InheritedTransport.this.unavailabilityCause();
      }

      @Override
      public io.vertx.core.spi.transport.Transport implementation() {
        return InheritedTransport.this;
      }
    };
  }

  List<Descriptor> descriptors() {
    return descriptors;
  }

  <T> T listeningOn(ServerChannel channel, Supplier<T> listen) {
    asked.set(channel);
    try {
      return listen.get();
    } finally {
      asked.remove();
    }
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    ServerChannel inherited = asked.get();
    return inherited == null ? super.serverChannelFactory(domainSocket) : () -> inherited;
  }
}
