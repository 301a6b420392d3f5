package org.nfsproxy.server.admin;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;

/** The cookie that names a browser's session (RFC 6265). */
// Scripts cannot read it, no other site can have it sent, and with TLS it never goes without. A
// browser sends a machine's cookies to all of its ports, so that another port's need another name;
// and whoever serves another port can set one of this name, so that all of them are looked at.
final class SessionCookie {
  private final String name;
  private final String attributes;

  /**
   * One.
   *
   * @param port tells this proxy from another one on the machine
   * @param isEncrypted whether the pages are served by HTTPS
   */
  SessionCookie(int port, boolean isEncrypted) {
    // A browser takes the prefix from HTTPS alone, for this host and all of its paths.
    this.name = (isEncrypted ? "__Host-" : "") + "nfs-proxy-" + port;
    this.attributes = "; Path=/; HttpOnly; SameSite=Strict" + (isEncrypted ? "; Secure" : "");
  }

  /** What begins a session. */
  String begin(String session, long seconds) {
    return name + "=" + session + "; Max-Age=" + seconds + attributes;
  }

  /** What makes a browser forget it. */
  String end() {
    return name + "=; Max-Age=0" + attributes;
  }

  /** The sessions that a request names. */
  List<String> of(HttpServerRequest request) {
    List<String> sessions = new ArrayList<>();
    for (String header : request.headers().getAll("Cookie")) {
      for (String pair : header.split(";", -1)) {
        String text = pair.strip();
        if (text.startsWith(name + "=")) {
          sessions.add(text.substring(name.length() + 1));
        }
      }
    }
    return sessions;
  }
}
