package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.wire.GrantedCall;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmLock;

/** Sends requests under the owners that the origin knows. Used on one event loop. */
final class OriginRequests {
  /** The one NSM state that the origin knows: odd, as of a host that is up. */
  static final int STATE = 1;

  private final UpstreamLocks upstream;

  OriginRequests(UpstreamLocks upstream) {
    this.upstream = upstream;
  }

  static byte[] untagged(byte[] owner) {
    return Arrays.copyOfRange(owner, OwnerRows.TAG_BYTES, owner.length);
  }

  /** Sends a request to the origin, under the owner that the origin knows. */
  Future<LockResults> send(LockRequest request, int row, CallCredential credential) {
    NlmLock lock = request.lock();
    byte[] owner = OwnerRows.tagged(row, lock.owner());
    int svid = OwnerRows.svid(row, lock.svid());
    LockProcedure procedure = request.procedure();
    return upstream
        .address()
        .compose(
            from -> {
              NlmLock sent = withName(lock.of(lock.caller(), owner, svid), from);
              return upstream.call(
                  procedure.sentAs(), credential, out -> request.write(out, sent, STATE));
            })
        .map(in -> LockResults.read(procedure, in));
  }

  /** Unlocks, as root, what the origin granted to an owner that nobody here knows. */
  Future<?> unlock(GrantedCall call) {
    NlmLock lock = call.lock();
    LockRequest request = LockRequest.own(LockProcedure.UNLOCK, call.exclusive(), lock);
    return upstream
        .address()
        .compose(
            from ->
                upstream.call(
                    Nlm4.UNLOCK,
                    CallCredential.sys("nfs-proxy", 0, 0),
                    out -> request.write(out, withName(lock, from), STATE)));
  }

  private static NlmLock withName(NlmLock lock, InetAddress from) {
    byte[] name = from.getHostAddress().getBytes(StandardCharsets.US_ASCII);
    return lock.of(name, lock.owner(), lock.svid());
  }
}
