package org.nfsproxy.backend.nfs.connect;

import java.net.BindException;

/** Tells failures of a source port from failures of the way to the origin. */
// The transports give different exceptions for one errno, so the system's own words are compared:
// they do not change with the locale, since the JVM and Netty ask strerror in the C locale.
final class ConnectFailure {
  private ConnectFailure() {}

  /** EADDRINUSE when binding, EADDRNOTAVAIL when connecting: somebody else has that source. */
  static boolean isSourceTaken(Throwable cause) {
    return says(cause, "already in use") || says(cause, "Cannot assign requested address");
  }

  /** EACCES when binding a port below 1024. */
  static boolean isPermission(Throwable cause) {
    return says(cause, "Permission denied") || says(cause, "Operation not permitted");
  }

  private static boolean says(Throwable cause, String words) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each.getMessage() != null && each.getMessage().contains(words)) {
        return true;
      }
      if (each instanceof BindException && each.getMessage() == null) {
        return words.equals("already in use");
      }
    }
    return false;
  }
}
