package org.nfsproxy.server.exports;

import org.nfsproxy.backend.NfsStatusException;

/** What an origin's no to a question means. */
// The numbers are those of RFC 1813 section 2.6 and RFC 8881 section 15.1.
//
// No answer is remembered but which filesystem a handle is in: a no of any kind may be a yes the
// next moment (a filesystem is mounted again, a disk answers again, the export list was changed),
// and who is told an old one is told a lie. What a client asks in a loop costs one question for
// each of its calls, in its own turn: as much as the call itself would cost the origin.
final class Failure {
  static final int NOENT = 2;
  static final int STALE = 70;
  static final int NOTDIR = 20;

  /** NFS4ERR_DELAY, NFS3ERR_JUKEBOX. */
  static final int DELAY = 10008;

  private static final int GRACE = 10013;

  private Failure() {}

  /** Whether it is to be asked again in a moment. */
  static boolean isBusy(Throwable failure) {
    return isStatus(failure, DELAY) || isStatus(failure, GRACE);
  }

  static boolean isStatus(Throwable failure, int status) {
    return failure instanceof NfsStatusException said && said.status() == status;
  }
}
