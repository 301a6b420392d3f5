package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.file.Path;

/** A directory in which data must not be kept, or cannot be; says which, why, and what to do. */
public final class UnfitDirectoryException extends IOException {
  private static final long serialVersionUID = 1L;

  private UnfitDirectoryException(String message) {
    super(message);
  }

  static UnfitDirectoryException of(Path configured, String why, String cure) {
    return new UnfitDirectoryException(
        "cache.directory: found \"%s\", but %s, expected a directory of this proxy's own: %s"
            .formatted(configured, why, cure));
  }
}
