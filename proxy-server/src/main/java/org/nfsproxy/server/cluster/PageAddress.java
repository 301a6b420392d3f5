package org.nfsproxy.server.cluster;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.configuration.PageUrl;

/** Where administrators read an instance's page, as instances tell it each other. */
// Whoever takes part in the cluster can say anything here, and it becomes a link in the browser of
// somebody who trusts the page that shows it.
final class PageAddress {
  static final String ATTRIBUTE = "page";

  private PageAddress() {}

  /**
   * What somebody said.
   *
   * @return null if it is no plain address of a page, or nothing was said
   */
  static @Nullable String heard(@Nullable String said) {
    return said != null && PageUrl.isOne(said) ? said : null;
  }
}
