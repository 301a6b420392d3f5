package org.nfsproxy.server.cache.disk;

import java.io.IOException;

/** A directory in which data must not be kept, or cannot be; says which, why, and what to do. */
public final class UnfitDirectoryException extends IOException {
  private static final long serialVersionUID = 1L;

  UnfitDirectoryException(String message) {
    super(message);
  }
}
