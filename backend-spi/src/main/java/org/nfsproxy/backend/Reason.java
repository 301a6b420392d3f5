package org.nfsproxy.backend;

import org.jspecify.annotations.Nullable;

/** Why something failed, for a line that is read by people. */
// Many exceptions of the JDK have no message: ClosedChannelException, TimeoutException and others
// say all by what they are.
public final class Reason {
  private Reason() {}

  /**
   * What to tell of a failure.
   *
   * @param failure what went wrong; null where nobody says
   * @return its message, or what kind of failure it is if it has none
   */
  public static String of(@Nullable Throwable failure) {
    if (failure == null) {
      return "nobody says why";
    }
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
