package org.nfsproxy.server;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.access.AdminToken;
import org.nfsproxy.server.access.TokenFileException;
import org.nfsproxy.server.admin.AdminListener;
import org.nfsproxy.server.admin.Guard;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.ProxyConfiguration;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.tls.TlsFilesException;

/**
 * Reads the certificate and the token of the admin pages before anything is opened, and looks at
 * their files while the proxy runs.
 */
final class AdminStart {
  private AdminStart() {}

  /** What protects the pages. */
  static Future<Guard> of(Vertx vertx, ProxyConfiguration configuration) {
    Admin admin = configuration.admin();
    boolean isOpen = !admin.access().isEncrypted() && !admin.access().hasToken();
    return !admin.enabled() || isOpen
        ? Future.succeededFuture(Guard.NONE)
        : vertx
            .executeBlocking(() -> read(admin.access()), false)
            .onSuccess(guard -> watch(guard, configuration.reload().scanMillis()));
  }

  private static Guard read(AdminAccess access) throws IOException {
    try {
      AdminToken token = access.hasToken() ? AdminToken.start(access.tokenFile()) : null;
      return new Guard(tls(access), token, new AtomicBoolean());
    } catch (TlsFilesException | TokenFileException | SSLException unusable) {
      throw new IOException(unusable.getMessage(), unusable);
    }
  }

  private static @Nullable ServerTls tls(AdminAccess access)
      throws TlsFilesException, SSLException {
    if (!access.isEncrypted()) {
      return null;
    }
    ServerTls tls = ServerTls.ofPages(access.tls(), AdminListener.HANDSHAKE_MILLIS);
    tls.look(System.currentTimeMillis());
    return tls;
  }

  private static void watch(Guard guard, int scanMillis) {
    FilesLookedAt.every(scanMillis, () -> guard.look(System.currentTimeMillis()), guard::isClosed);
  }
}
