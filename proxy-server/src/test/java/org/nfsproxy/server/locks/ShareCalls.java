package org.nfsproxy.server.locks;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** SHARE and UNSHARE of a host "client" with oh "0@client", and what of them comes to an origin. */
final class ShareCalls {
  static final int SHARE = 20;
  static final int UNSHARE = 21;
  static final int NOTHING = 0;
  static final int READ = 1;
  static final int WRITE = 2;
  static final int BOTH = 3;
  private static final byte[] OWNER = "0@client".getBytes(StandardCharsets.US_ASCII);

  private ShareCalls() {}

  /** Arguments, RFC 1813 Appendix II and X/Open XNFS. */
  static Consumer<XdrWriter> arguments(
      byte[] handle, byte[] owner, int mode, int access, boolean reclaim) {
    return out -> {
      out.opaque(LockRig.COOKIE).string("client").opaque(handle).opaque(owner);
      out.int32(mode).int32(access).bool(reclaim);
    };
  }

  static byte[] call(int xid, int procedure, CallCredential as, Consumer<XdrWriter> arguments) {
    return LockSocket.call(xid, LockSocket.NLM, 4, procedure, as, arguments);
  }

  static byte[] share(int xid, int access, int deny) {
    return share(xid, access, deny, LockRig.ALICE);
  }

  static byte[] share(int xid, int access, int deny, CallCredential as) {
    return call(xid, SHARE, as, arguments(LockRig.HANDLE, OWNER, deny, access, false));
  }

  static byte[] reclaim(int xid, int access, int deny) {
    return call(xid, SHARE, LockRig.ALICE, arguments(LockRig.HANDLE, OWNER, deny, access, true));
  }

  static byte[] shareOf(int xid, byte[] handle) {
    return call(xid, SHARE, LockRig.ALICE, arguments(handle, OWNER, NOTHING, READ, false));
  }

  static byte[] unshare(int xid, CallCredential as) {
    return call(xid, UNSHARE, as, arguments(LockRig.HANDLE, OWNER, NOTHING, NOTHING, false));
  }

  /** What the origin was told. */
  record Shared(
      int procedure,
      String caller,
      byte[] handle,
      byte[] owner,
      int mode,
      int access,
      boolean reclaim) {
    static Shared of(Came call) {
      XdrReader in = call.arguments();
      in.opaque(1024);
      return new Shared(
          call.procedure(),
          in.string(1024),
          in.opaque(64),
          in.opaque(1024),
          in.int32(),
          in.int32(),
          in.bool());
    }
  }
}
