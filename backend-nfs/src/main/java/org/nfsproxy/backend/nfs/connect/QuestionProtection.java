package org.nfsproxy.backend.nfs.connect;

import io.netty.channel.Channel;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.SecuredServer;

/**
 * Which of the connections for the proxy's own questions have TLS: those to the port of NFS.
 *
 * @param server gives it to them; null where none has
 * @param port of NFS
 * @param millis how long it may take
 */
record QuestionProtection(@Nullable SecuredServer server, int port, int millis) {
  /** None has. */
  static final QuestionProtection NONE = new QuestionProtection(null, 0, 0);

  /** Whether a connection to a port has. */
  boolean covers(int to) {
    return server != null && to == port;
  }

  /** Gives it to one that is covered, see {@link SecuredServer#secure}. */
  Future<Void> secure(Channel channel) {
    return server == null ? Future.succeededFuture() : server.secure(channel, true, millis);
  }
}
