package org.nfsproxy.server.portmap;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.server.socket.BindFailure;
import org.nfsproxy.server.socket.ListeningPlace;

/**
 * Tells clients where the proxy's programs are: portmap version 2, rpcbind versions 3 and 4 (RFC
 * 1833), over TCP and UDP. Read-only: nobody can register a program.
 */
public final class Portmapper {
  private final PortmapTcp tcp;
  private final PortmapUdp udp;
  private final PortmapSettings settings;
  private final Supplier<List<ServedProgram>> served;
  private final List<PlacedProgram> others;
  private volatile int port;

  private Portmapper(
      Vertx vertx,
      PortmapSettings settings,
      Supplier<List<ServedProgram>> served,
      List<PlacedProgram> others) {
    this.settings = settings;
    this.served = served;
    this.others = others;
    Optional<InetAddress> advertised = Addresses.parse(settings.advertise());
    this.tcp = new PortmapTcp(vertx, program(), advertised);
    this.udp = new PortmapUdp(vertx, program(), advertised, settings.host());
  }

  /** One for each socket, since each has a thread of its own. */
  private PortmapProgram program() {
    return new PortmapProgram(
        UnpooledByteBufAllocator.DEFAULT,
        () -> new Registrations(port, served.get(), settings.servedPort(), others));
  }

  /**
   * Listens on TCP and UDP.
   *
   * @param settings where, and what to tell
   * @param served the programs served; asked anew for each call, from an event loop
   * @return the portmapper, to be closed by the caller; or a failure whose message says how to cure
   *     it
   */
  public static Future<Portmapper> start(
      Vertx vertx, PortmapSettings settings, Supplier<List<ServedProgram>> served) {
    return start(vertx, settings, served, List.of());
  }

  /**
   * The same, with programs that have ports of their own.
   *
   * @param settings where, and what to tell
   * @param served the programs served at one port; asked anew for each call, from an event loop
   * @return the portmapper, to be closed by the caller; or a failure whose message says how to cure
   *     it
   */
  public static Future<Portmapper> start(
      Vertx vertx,
      PortmapSettings settings,
      Supplier<List<ServedProgram>> served,
      List<PlacedProgram> others) {
    Portmapper portmapper = new Portmapper(vertx, settings, served, others);
    return portmapper.listen().map(portmapper);
  }

  // UDP follows TCP, so that a port chosen by the system is one for both.
  private Future<Void> listen() {
    String host = settings.host();
    return tcp.listen(host, settings.port())
        .recover(failure -> Future.failedFuture(bindFailure("TCP", settings.port(), failure)))
        .compose(
            chosen -> {
              port = chosen;
              return udp.listen(host, chosen)
                  .recover(failure -> Future.failedFuture(bindFailure("UDP", chosen, failure)));
            })
        .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
  }

  private IOException bindFailure(String transport, int port, Throwable failure) {
    String message =
        BindFailure.told(failure, ListeningPlace.PORTMAP, settings.host(), port, transport);
    return new IOException(message, failure);
  }

  /**
   * Where callers reach it.
   *
   * @return the port, the same for TCP and UDP
   */
  public int port() {
    return port;
  }

  /**
   * Stops.
   *
   * @return completes when both sockets and all connections are closed
   */
  public Future<Void> close() {
    return Future.join(tcp.close(), udp.close()).mapEmpty();
  }
}
