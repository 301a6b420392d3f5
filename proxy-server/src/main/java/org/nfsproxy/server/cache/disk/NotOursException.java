package org.nfsproxy.server.cache.disk;

import java.io.IOException;

/** Something in the directory, or at its path, that others than this proxy have put there. */
final class NotOursException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String cure;

  /**
   * Says what it is.
   *
   * @param cure what to do about it
   */
  NotOursException(String what, String cure) {
    super(what);
    this.cure = cure;
  }

  String cure() {
    return cure;
  }

  @Override
  public String toString() {
    return String.valueOf(getMessage());
  }
}
