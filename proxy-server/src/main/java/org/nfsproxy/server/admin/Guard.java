package org.nfsproxy.server.admin;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.access.AdminToken;
import org.nfsproxy.server.tls.ServerTls;

/**
 * What protects the pages, read from its files.
 *
 * @param tls null if they are served in the clear
 * @param token null if nobody needs one
 * @param closed whether nobody comes any more
 */
public record Guard(@Nullable ServerTls tls, @Nullable AdminToken token, AtomicBoolean closed) {
  /** Nothing does. */
  public static final Guard NONE = new Guard(null, null, new AtomicBoolean());

  /** Looks whether the files have changed. Blocks for as long as the disk takes. */
  public void look(long nowMillis) {
    if (tls != null) {
      tls.look(nowMillis);
    }
    if (token != null) {
      token.look();
    }
  }

  /** Whether it has ended. */
  public boolean isClosed() {
    return closed.get();
  }

  /** Ends its threads. */
  public void close() {
    closed.set(true);
    if (tls != null) {
      tls.close();
    }
  }
}
