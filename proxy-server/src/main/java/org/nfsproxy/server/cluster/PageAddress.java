package org.nfsproxy.server.cluster;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where administrators read an instance's page, as instances tell it each other. */
// Whoever takes part in the cluster can say anything here, and it becomes a link in the browser of
// somebody who trusts the page that shows it.
final class PageAddress {
  static final String ATTRIBUTE = "page";

  /** As long as a host's name may be, and a port and a path behind it. */
  private static final int CHARACTERS_MAX = 512;

  private static final int PORT_MAX = 65535;

  private PageAddress() {}

  /**
   * What somebody said.
   *
   * @return null if it is no plain address of a page, or nothing was said
   */
  static @Nullable String heard(@Nullable String said) {
    if (said == null || said.isEmpty() || said.length() > CHARACTERS_MAX) {
      return null;
    }
    try {
      URI address = new URI(said);
      boolean isOfTheWeb =
          "http".equals(address.getScheme()) || "https".equals(address.getScheme());
      boolean isPlain = address.getUserInfo() == null && address.getRawFragment() == null;
      boolean hasPort = address.getPort() <= PORT_MAX && address.getPort() != 0;
      return isOfTheWeb && isPlain && hasPort && address.getHost() != null ? said : null;
    } catch (URISyntaxException none) {
      return null;
    }
  }
}
