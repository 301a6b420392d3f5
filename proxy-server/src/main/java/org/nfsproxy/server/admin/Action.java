package org.nfsproxy.server.admin;

import io.vertx.core.MultiMap;

/** What a POST to one path does. Asked on an event loop, so it only begins what takes long. */
@FunctionalInterface
public interface Action {
  /**
   * Does it.
   *
   * @return what is to be said
   */
  Page.Answer act(MultiMap parameters);
}
