package org.nfsproxy.server.cache;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.nfs.table.NfsStatus;

/** Why something could not be read, for an administrator. */
final class WarmCause {
  private static final int PERM = 1;
  private static final int SYMLINK = 10029;

  private WarmCause() {}

  /** In words. */
  static String of(Throwable failure) {
    return failure instanceof NfsStatusException said
        ? "%s (NFS status %d)".formatted(words(said.status()), said.status())
        : Reason.of(failure);
  }

  private static String words(int status) {
    return switch (status) {
      case NfsStatus.NOENT -> "there is no such name";
      case PERM, NfsStatus.ACCES -> "the origin does not allow it to cache.warm.uid and its groups";
      case NfsStatus.NOTDIR, SYMLINK ->
          "something on the way to it is no directory; symbolic links are not followed";
      case NfsStatus.DELAY -> "the origin has asked to come back later, time and again";
      default -> "the origin refuses it";
    };
  }

  /** Whether the origin asks to come back later. */
  static boolean isForNow(Throwable failure) {
    return failure instanceof NfsStatusException said
        && (said.status() == NfsStatus.DELAY || said.status() == NfsStatus.GRACE);
  }

  /** Whether the origin cannot be reached, so that nothing else will do better. */
  static boolean isOfConnection(Throwable failure) {
    return failure instanceof IOException || failure instanceof TimeoutException;
  }
}
