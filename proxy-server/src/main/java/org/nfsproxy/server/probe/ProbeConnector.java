package org.nfsproxy.server.probe;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpClientConfig;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.questions.Connector;
import org.nfsproxy.backend.nfs.tls.SecuredServer;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.rpc.RpcTcp;

/**
 * Connects to one address of the origin, from a port below 1024 where that is wanted and allowed.
 */
// Ports are tried from a random one of those that Linux clients use; one that is taken costs a
// moment, and after a few the connection leaves from any. Connections end by a reset, as the
// proxy's do, so that none of the few ports is kept for a minute (docs/decisions/0050).
final class ProbeConnector implements Connector {
  private static final int PORT_MIN = 665;
  private static final int PORT_MAX = 1023;
  private static final int ATTEMPTS_MAX = 16;

  /** A second SYN leaves after one second, and answers come within a round trip. */
  private static final int CONNECT_MILLIS = 2_500;

  /** A connection, and what made it: Vert.x closes what a NetClient made that nobody holds. */
  private record Made(NetClient client, NetSocket socket) {}

  private final VertxInternal vertx;
  private final InetAddress origin;
  private final boolean reserved;
  private final Protection protection;

  /**
   * Which connections have TLS.
   *
   * @param server gives it to them; null for none
   * @param port of NFS; those to others have none, as the proxy's own
   */
  record Protection(@Nullable SecuredServer server, int port) {
    /** None has. */
    static final Protection NONE = new Protection(null, 0);
  }

  /**
   * Connects nowhere yet.
   *
   * @param vertx the runtime, which ends all connections with it
   * @param origin where to
   * @param reserved whether from a port below 1024
   */
  ProbeConnector(Vertx vertx, InetAddress origin, boolean reserved, Protection protection) {
    this.vertx = (VertxInternal) vertx;
    this.protection = protection;
    this.origin = origin;
    this.reserved = reserved;
  }

  /** Whether this process may bind ports below 1024. */
  static boolean mayReserve() {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try (ServerSocket bound = new ServerSocket()) {
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), reservedPort()));
        return true;
      } catch (BindException taken) {
        if (says(taken, "ermission")) {
          return false;
        }
      } catch (IOException forbidden) {
        return false;
      }
    }
    return false;
  }

  private static int reservedPort() {
    return ThreadLocalRandom.current().nextInt(PORT_MIN, PORT_MAX + 1);
  }

  /**
   * Connects to this address, whatever name the server is given.
   *
   * @param server of which the port counts
   */
  @Override
  public Future<RpcClient> connect(SocketAddress server) {
    SecuredServer tls = server.port() == protection.port ? protection.server : null;
    return (tls == null ? made(server) : secured(server, tls))
        .map(made -> RpcClient.over(vertx, made.client, made.socket, RpcClient.Bounds.DEFAULT));
  }

  /** The same, without TLS, and without RPC on top. */
  Future<Channel> plainly(SocketAddress server) {
    return made(server)
        .map(
            made -> {
              channel(made).closeFuture().addListener(closed -> made.client.close());
              return channel(made);
            });
  }

  // Looked after on its own event loop from the moment it is there, as the proxy does it: nothing
  // comes past TLS, and inside it nobody speaks before a question is asked.
  private Future<Made> secured(SocketAddress server, SecuredServer tls) {
    Promise<Future<Made>> reached = Promise.promise();
    vertx
        .createEventLoopContext()
        .runOnContext(here -> made(server).map(made -> secure(made, tls)).onComplete(reached));
    return reached.future().compose(made -> made);
  }

  private static Future<Made> secure(Made made, SecuredServer tls) {
    made.socket.handler(unasked -> made.socket.close());
    return tls.secure(channel(made), true, ProbeConnection.QUESTION_MILLIS)
        .map(secured -> made)
        .onFailure(failed -> made.client.close());
  }

  private static Channel channel(Made made) {
    return ((NetSocketInternal) made.socket).channelHandlerContext().channel();
  }

  private Future<Made> made(SocketAddress server) {
    SocketAddress to =
        SocketAddress.inetSocketAddress(new InetSocketAddress(origin, server.port()));
    return reserved ? connectReserved(to, ATTEMPTS_MAX) : over(config(), to);
  }

  private Future<Made> connectReserved(SocketAddress to, int attempts) {
    TcpClientConfig config = config();
    config.setLocalAddress(
        SocketAddress.inetSocketAddress(new InetSocketAddress(wildcard(), reservedPort())));
    return over(config, to)
        .recover(
            failure -> {
              if (!isAboutSource(failure)) {
                return Future.failedFuture(failure);
              }
              return attempts == 1 ? over(config(), to) : connectReserved(to, attempts - 1);
            });
  }

  private static TcpClientConfig config() {
    TcpClientConfig config =
        new TcpClientConfig().setConnectTimeout(Duration.ofMillis(CONNECT_MILLIS));
    config.setTransportConfig(RpcTcp.config().setSoLinger(0));
    return config;
  }

  private Future<Made> over(TcpClientConfig config, SocketAddress to) {
    NetClient client = vertx.createNetClient(config);
    return client
        .connect(to)
        .map(socket -> new Made(client, socket))
        .onFailure(failed -> client.close());
  }

  // The system's own words, which do not change with the locale.
  private static boolean isAboutSource(Throwable failure) {
    return failure instanceof BindException
        || says(failure, "already in use")
        || says(failure, "Cannot assign requested address")
        || says(failure, "Permission denied");
  }

  private static boolean says(Throwable failure, String words) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (String.valueOf(each.getMessage()).contains(words)) {
        return true;
      }
    }
    return false;
  }

  private InetAddress wildcard() {
    try {
      return InetAddress.getByAddress(new byte[origin instanceof Inet4Address ? 4 : 16]);
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }
}
