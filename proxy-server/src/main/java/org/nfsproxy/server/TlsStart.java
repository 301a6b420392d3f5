package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.nfsproxy.server.configuration.ListenTls;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.tls.TlsFilesException;

/** Reads the files of TLS before anything is opened, and looks at them while the proxy runs. */
final class TlsStart {
  private TlsStart() {}

  /** What clients are shown; empty where there is no TLS. */
  static Future<Optional<ServerTls>> of(Vertx vertx, ProxyConfiguration configuration) {
    ListenTls settings = configuration.listen().tls();
    if (!settings.enabled()) {
      return Future.succeededFuture(Optional.empty());
    }
    return vertx
        .executeBlocking(() -> Optional.of(read(settings)), false)
        .onSuccess(tls -> watch(tls.orElseThrow(), configuration.reload().scanMillis()));
  }

  private static ServerTls read(ListenTls settings) throws IOException {
    try {
      ServerTls tls =
          ServerTls.start(settings.files(), settings.clients(), settings.handshakeMillis());
      tls.look(System.currentTimeMillis());
      return tls;
    } catch (TlsFilesException | SSLException unusable) {
      throw new IOException(unusable.getMessage(), unusable);
    }
  }

  private static void watch(ServerTls tls, int scanMillis) {
    FilesLookedAt.every(scanMillis, () -> tls.look(System.currentTimeMillis()), tls::isClosed);
  }
}
