package org.nfsproxy.server.admin;

import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ClientMatch;

/** Who may do more than read: certain addresses, and no page in a browser. */
// Whether a token is needed beside, Authorization says. A browser on an administrator's machine is
// on that machine, and sends what
// any page on the web tells it to send; but it says so, with headers that no page can leave out.
final class Origins {
  private static final List<String> OF_BROWSERS = List.of("Origin", "Referer", "Sec-Fetch-Site");

  private final ClientMatch allowed;
  private final boolean allowsMachine;

  Origins(ClientMatch allowed) {
    this.allowed = allowed;
    this.allowsMachine =
        allowed.matches(ClientAddress.of(NetUtil.LOCALHOST6))
            || allowed.matches(ClientAddress.of(NetUtil.LOCALHOST4));
  }

  /** Why a request may not act; null if it may. */
  @Nullable String refuses(HttpServerRequest request) {
    for (String header : OF_BROWSERS) {
      if (request.headers().contains(header)) {
        return "not from a browser";
      }
    }
    return allows(ThisMachinesAddress.of(request.remoteAddress()))
        ? null
        : "not from this address: see admin.actionsFrom";
  }

  private boolean allows(InetAddress address) {
    return allowed.matches(ClientAddress.of(address))
        || allowsMachine && ThisMachinesAddress.is(address);
  }
}
