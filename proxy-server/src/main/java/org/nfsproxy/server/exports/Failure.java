package org.nfsproxy.server.exports;

import java.util.Map;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.rpc.RpcException;

/** What kind of no an origin said to a question, and how long it is remembered. */
// The numbers are those of RFC 1813 section 2.6 and RFC 8881 section 15.1.
enum Failure {
  /**
   * The handle names nothing any more. It may again: a filesystem can be unmounted for a moment.
   */
  GONE(2_000),
  /** The origin does not let us ask. Whoever changes that waits for it no longer than this. */
  FORBIDDEN(10_000),
  /** It is busy; ask again. */
  BUSY(0),
  /** Any other status: it is the answer to this handle, whenever it is asked. */
  REFUSED(10_000),
  /**
   * No answer: time-out, lost connection, garbage. Asked again as soon as it may be there again.
   */
  AWAY(1_000);

  static final int NOENT = 2;
  static final int STALE = 70;
  static final int NOTDIR = 20;

  private static final Map<Integer, Failure> STATUSES =
      Map.of(
          70, GONE, // STALE
          10001, GONE, // BADHANDLE
          10014, GONE, // FHEXPIRED
          1, FORBIDDEN, // PERM
          13, FORBIDDEN, // ACCESS
          10016, FORBIDDEN, // WRONGSEC
          10008, BUSY, // DELAY, JUKEBOX
          10013, BUSY); // GRACE

  private final int rememberedMillis;

  Failure(int rememberedMillis) {
    this.rememberedMillis = rememberedMillis;
  }

  int rememberedMillis() {
    return rememberedMillis;
  }

  static Failure of(Throwable failure) {
    if (failure instanceof NfsStatusException status) {
      return STATUSES.getOrDefault(status.status(), REFUSED);
    }
    if (failure instanceof UnsupportedOperationException) {
      return REFUSED;
    }
    return failure instanceof RpcException ? FORBIDDEN : AWAY;
  }

  static boolean isStatus(Throwable failure, int status) {
    return failure instanceof NfsStatusException said && said.status() == status;
  }
}
