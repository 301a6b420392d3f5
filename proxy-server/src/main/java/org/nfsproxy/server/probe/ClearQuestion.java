package org.nfsproxy.server.probe;

import java.util.function.Consumer;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AuthStatus;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.xdr.XdrWriter;

/** Whether a server denies calls outside TLS, by one that does nothing. */
// NULL passes everywhere, so that nobody can tell by it. A proxy like this one says AUTH_TOOWEAK;
// Linux's knfsd takes all calls, and refuses them by export.
final class ClearQuestion {
  /** COMPOUND of NFSv4, GETATTR of NFSv3. */
  private static final int PROCEDURE = 1;

  private static final Consumer<XdrWriter> NO_OPERATIONS = out -> out.int32(0).int32(0).int32(0);
  private static final Consumer<XdrWriter> NO_HANDLE = out -> out.int32(0);

  private ClearQuestion() {}

  /** Asks, outside TLS. */
  static boolean isDenied(ProbeConnection nfs, ProbeFacts facts) {
    if (!facts.hasVersion4() && !facts.hasVersion3()) {
      return false;
    }
    try {
      nfs.ask(
          Programs.NFS,
          facts.hasVersion4() ? 4 : 3,
          PROCEDURE,
          ProbeCredentials.ROOT,
          facts.hasVersion4() ? NO_OPERATIONS : NO_HANDLE,
          in -> in);
      return false;
    } catch (NoAnswerException none) {
      RpcException denial = none.denial();
      return denial != null && denial.authStatus().orElse(-1) == AuthStatus.AUTH_TOOWEAK.ordinal();
    }
  }
}
