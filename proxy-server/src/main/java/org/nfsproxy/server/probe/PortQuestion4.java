package org.nfsproxy.server.probe;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;

/** Finds out by NFSv4 whether a filesystem may be had from a source port above 1023. */
final class PortQuestion4 {
  private final boolean isReserved;
  private final @Nullable ProbeCompounds unreserved;

  /**
   * Asks.
   *
   * @param isReserved whether the other questions leave from a port below 1024
   * @param unreserved asked from one above 1023; null if that cannot be
   */
  PortQuestion4(boolean isReserved, @Nullable ProbeCompounds unreserved) {
    this.isReserved = isReserved;
    this.unreserved = unreserved;
  }

  /** Of a filesystem that was reached. */
  PortNeed ask(Filehandle root) {
    if (!isReserved) {
      return PortNeed.ANY;
    }
    if (unreserved == null) {
      return PortNeed.UNKNOWN;
    }
    try {
      return unreserved.ask(
          ProbeCredentials.ROOT,
          new OperationList().putFh(root).getAttr(Attribute4.TYPE),
          in -> {
            ProbeCompounds.expect(in, Nfs4.PUTFH);
            ProbeCompounds.expect(in, Nfs4.GETATTR);
            return PortNeed.ANY;
          });
    } catch (NoAnswerException none) {
      return none.isRefusal() ? PortNeed.RESERVED : PortNeed.UNKNOWN;
    }
  }

  /** Of a filesystem that was refused. */
  PortNeed ofRefusal(NoAnswerException refusal) {
    return ofRefusal(isReserved, refusal);
  }

  /** PERM is what a Linux server says to a port above 1023, and little else. */
  static PortNeed ofRefusal(boolean isReserved, NoAnswerException refusal) {
    return !isReserved && refusal.status() == StatusName.PERM
        ? PortNeed.RESERVED
        : PortNeed.UNKNOWN;
  }
}
