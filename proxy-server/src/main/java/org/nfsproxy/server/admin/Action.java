package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;

/** What a POST to one path does. Asked on an event loop, so it only begins what takes long. */
@FunctionalInterface
public interface Action {
  /**
   * Does it, or begins to.
   *
   * @return what is to be said
   * @throws ActionQuery.NonsenseException if the parameters mean nothing, with what would mean
   *     something
   */
  Future<Page.Answer> begin(MultiMap parameters);
}
