package org.nfsproxy.server.cache;

import io.vertx.core.Future;

/** Which files' data are kept, where they are read before a client asks. */
@FunctionalInterface
public interface KeptFiles {
  /** Those that a client has just read through the cache. */
  KeptFiles ALL = file -> Future.succeededFuture(true);

  /**
   * Whether data of a file are kept, as they would be if a client read it by this handle now.
   *
   * @return the answer, on any thread; never fails
   */
  Future<Boolean> keeps(FileKey file);
}
