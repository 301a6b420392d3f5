package org.nfsproxy.backend.nfs.connect;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Hosts;

/**
 * Where a server is, as a configuration says it.
 *
 * @param host an IP address without brackets, or a name
 * @param port its NFS port; 0 if none was given
 */
public record OriginAddress(String host, int port) {
  /** What {@link #parse} reads, for messages. */
  static final String FORM = "HOST or HOST:PORT, an IPv6 address in [brackets]";

  private static final int PORT_MAX = 65535;

  /** Whether a text is of that form. */
  static boolean isForm(String text) {
    return parse(text) != null;
  }

  /** Reads a text; null if it is not of that form. */
  static @Nullable OriginAddress parse(String text) {
    int colon = text.indexOf(':', Math.max(0, text.lastIndexOf(']')));
    String host = colon < 0 ? text : text.substring(0, colon);
    String digits = colon < 0 ? "0" : text.substring(colon + 1);
    if (!digits.matches("[0-9]{1,5}")) {
      return null;
    }
    int port = Integer.parseInt(digits);
    boolean isBracketed = host.startsWith("[") && host.endsWith("]");
    String bare = isBracketed ? host.substring(1, host.length() - 1) : host;
    boolean isHost = isBracketed ? bare.contains(":") && Hosts.isAddress(bare) : Hosts.isHost(bare);
    boolean isPort = colon < 0 || port >= 1 && port <= PORT_MAX;
    return isHost && isPort ? new OriginAddress(bare, port) : null;
  }
}
