package org.nfsproxy.backend.nfs.connect;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.concurrent.SingleFlight;

/** The origin's name, resolved anew for each connection. Concurrent questions are one question. */
// The system's own resolver is asked, on a worker, because it honours what the administrator's
// tools honour (hosts file, nsswitch). The process sets the JVM's cache to a second, see Main.
final class OriginName {
  private final Vertx vertx;
  private final String host;
  private final @Nullable Future<List<InetAddress>> literal;
  private final SingleFlight<String, List<InetAddress>> lookUps = new SingleFlight<>();
  private volatile List<InetAddress> last = List.of();

  OriginName(Vertx vertx, String host) {
    this.vertx = vertx;
    this.host = host;
    this.literal = literal(host);
  }

  /**
   * The addresses, in the order to try them.
   *
   * @return one or more; or failed with an {@link IOException} that names the host
   */
  Future<List<InetAddress>> addresses() {
    return literal != null ? literal : resolve();
  }

  /** What was found last; nothing before anybody asked, nor where the host is an address. */
  List<InetAddress> lastAddresses() {
    return last;
  }

  private Future<List<InetAddress>> resolve() {
    return lookUps.join(host, () -> vertx.executeBlocking(this::lookUp, false));
  }

  private List<InetAddress> lookUp() throws IOException {
    try {
      last = List.of(InetAddress.getAllByName(host));
      return last;
    } catch (UnknownHostException unknown) {
      throw new IOException("no address is known for the origin's name " + host);
    }
  }

  private static @Nullable Future<List<InetAddress>> literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      return null;
    }
    try {
      return Future.succeededFuture(List.of(InetAddress.getByAddress(host, bytes)));
    } catch (UnknownHostException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }
}
