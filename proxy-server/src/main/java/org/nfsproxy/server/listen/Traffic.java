package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.policy.NfsVersion;

/** What one client connection has moved, counted on its event loop and read by anybody. */
// Plain fields: a reader on another thread may see numbers that are a moment old, which is all that
// an administrator's list needs, and the event loop pays an addition for each.
final class Traffic {
  private static final int NFS_4 = 4;

  private long calls;
  private long bytesIn;
  private long bytesOut;
  private int versions;
  private boolean hasOpen4;
  private boolean hasSealed4;

  void in(int bytes) {
    bytesIn += bytes;
  }

  void out(int bytes) {
    bytesOut += bytes;
  }

  /**
   * Counts a call.
   *
   * @param record where its arguments are
   */
  void call(Call call, ByteBuf record) {
    calls++;
    if (call.program() == Programs.NFS) {
      boolean is4 = call.version() == NFS_4 && call.procedure() != 0;
      boolean isSealed = call.flavor() == AuthFlavor.RPCSEC_GSS;
      hasSealed4 |= is4 && isSealed;
      hasOpen4 |= is4 && !isSealed;
      int minor = call.version() == NFS_4 ? CompoundWalk.minorVersion(call, record) : 0;
      NfsVersion version = NfsVersion.of(call.version(), minor);
      if (version != null) {
        versions |= 1 << version.ordinal();
      }
    }
  }

  /**
   * What the client takes the proxy for. A client that has a keytab introduces itself, and renews
   * its lease, in calls that RPCSEC_GSS protects and nobody can change (SP4_MACH_CRED).
   *
   * @param wanted what is shown to clients where it can be
   * @return null before the first COMPOUND
   */
  @Nullable Identity identity(Identity wanted) {
    if (hasSealed4) {
      return Identity.ORIGIN;
    }
    return hasOpen4 ? wanted : null;
  }

  long calls() {
    return calls;
  }

  long bytesIn() {
    return bytesIn;
  }

  long bytesOut() {
    return bytesOut;
  }

  /** Bit n for the version whose ordinal is n. */
  int versions() {
    return versions;
  }
}
