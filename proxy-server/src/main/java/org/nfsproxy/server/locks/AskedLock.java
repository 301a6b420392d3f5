package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.Arrays;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.NlmLock;

/**
 * A client's request, and the call that it came by.
 *
 * @param row of its owner's in the table of owners
 */
record AskedLock(
    LockRequest request, LockCaller caller, Call call, ByteBuf record, int row, LockOwner owner) {
  HeldKey key() {
    NlmLock lock = request.lock();
    return request.procedure().isShare()
        ? HeldKey.ofShare(row, lock.owner(), lock.handle())
        : HeldKey.of(OwnerRows.svid(row, lock.svid()), lock.owner(), lock.handle());
  }

  /** What its owner has from now on: nothing yet. */
  HeldEntry fresh(LockVerdict.Allowed allowed) {
    return new HeldEntry(
        key(),
        owner,
        System.currentTimeMillis(),
        new ByteRanges(),
        allowed.flavor(),
        allowed.body());
  }

  /**
   * Takes over what it tells of its owner.
   *
   * @param state the client's NSM state; 0 if it is not known, and the one before stays
   * @return whether any of it is new
   */
  boolean tells(HeldEntry entry, LockVerdict.Allowed allowed, int state) {
    InetAddress reached = caller.reached();
    boolean isNews =
        entry.flavor != allowed.flavor()
            || !Arrays.equals(entry.credentialBody, allowed.body())
            || state != 0 && state != entry.state
            || reached != null && !reached.equals(entry.reached);
    entry.flavor = allowed.flavor();
    entry.credentialBody = allowed.body();
    entry.state = state == 0 ? entry.state : state;
    entry.reached = reached == null ? entry.reached : reached;
    return isNews;
  }
}
