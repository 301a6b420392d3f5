package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Supplier;
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
  private final Supplier<Future<Void>> mayGiveBack;

  /**
   * Through a connection.
   *
   * @param mayGiveBack asked before an unlock or the like leaves; what locks has been confirmed
   *     already
   */
  OriginRequests(UpstreamLocks upstream, Supplier<Future<Void>> mayGiveBack) {
    this.upstream = upstream;
    this.mayGiveBack = mayGiveBack;
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
    return address(!procedure.isJudged())
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
    return address(true)
        .compose(
            from ->
                upstream.call(
                    Nlm4.UNLOCK,
                    CallCredential.sys("nfs-proxy", 0, 0),
                    out -> request.write(out, withName(lock, from), STATE)));
  }

  private Future<InetAddress> address(boolean givesBack) {
    return givesBack ? mayGiveBack.get().compose(ours -> upstream.address()) : upstream.address();
  }

  private static NlmLock withName(NlmLock lock, InetAddress from) {
    byte[] name = from.getHostAddress().getBytes(StandardCharsets.US_ASCII);
    return lock.of(name, lock.owner(), lock.svid());
  }
}
