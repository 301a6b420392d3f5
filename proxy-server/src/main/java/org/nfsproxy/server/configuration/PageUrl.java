package org.nfsproxy.server.configuration;

import java.net.URI;
import org.nfsproxy.configuration.TextForm;

/** Where administrators read an instance's page: what may become a link on another one's. */
public final class PageUrl {
  /** As long as a host's name may be, and a port and a path behind it. */
  private static final int CHARACTERS_MAX = 512;

  private static final int PORT_MAX = 65535;

  static final TextForm FORM =
      TextForm.of(
          PageUrl::isOne,
          "a URL that begins with http:// or https://, without a user, a port from 1 to 65535 if any,"
              + " of at most "
              + CHARACTERS_MAX
              + " characters",
          "(?=.{1," + CHARACTERS_MAX + "}$)" + Forms.HTTP_URL.pattern());

  private PageUrl() {}

  /** Whether a text is one. */
  public static boolean isOne(String text) {
    if (text.length() > CHARACTERS_MAX || !Forms.isHttpUrl(text)) {
      return false;
    }
    URI url = URI.create(text);
    return url.getUserInfo() == null && url.getPort() <= PORT_MAX && url.getPort() != 0;
  }
}
