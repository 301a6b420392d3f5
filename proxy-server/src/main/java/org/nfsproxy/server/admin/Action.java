package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

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

  /** How long a body may be that it reads; 0 if it reads none. */
  default int bodyBytesMax() {
    return 0;
  }

  /**
   * Does it with what stands in the body, if it reads one.
   *
   * @throws ActionQuery.NonsenseException as {@link #begin(MultiMap)}
   */
  default Future<Page.Answer> begin(MultiMap parameters, Buffer body) {
    return begin(parameters);
  }
}
