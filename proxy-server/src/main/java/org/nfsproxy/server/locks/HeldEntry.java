package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.ShareMode;

/** What an owner may hold, or waits for, in one file. Used by one thread. */
// Never less than what the origin holds: a range is here before the LOCK leaves, and goes when the
// origin has said that it is not held. What is here too long costs an unlock of nothing.
final class HeldEntry {
  /** A process that waits for more ranges of one file than this has threads that wait. */
  static final int WAITING_MAX = 32;

  final HeldKey key;
  final LockOwner owner;
  final long sinceMillis;
  final ByteRanges ranges;
  final Set<LockedRange> waiting = new LinkedHashSet<>();

  /** What it may share of the file; null if nothing, as where the key is that of locks. */
  @Nullable ShareMode share;

  /** As whom the last lock was made: the origin unlocks for nobody else. */
  int flavor;

  byte[] credentialBody;

  /** The client's NSM state; 0 where it has not told any. */
  int state;

  /** Where the client reached us, and expects us to call from; null if nobody knows. */
  @Nullable InetAddress reached;

  /** Whether the last lock was for this owner alone. */
  boolean isExclusive;

  /** Which change it was that made it as it is, counted through all terms; 0 if nobody counts. */
  long sequence;

  /** Grants that the origin called about. */
  int grants;

  /** The range of the LOCK that has no results yet; null if there is none. */
  @Nullable LockedRange underWay;

  /** Whether the origin has granted that one already, by a call that overtook the results. */
  boolean isGrantedUnderWay;

  /** Where {@link HeldLocks} has it, and what it counts for there. */
  int place;

  int recordBytes;
  int waitingCounted;

  HeldEntry(
      HeldKey key,
      LockOwner owner,
      long sinceMillis,
      ByteRanges ranges,
      int flavor,
      byte[] credentialBody) {
    this.key = key;
    this.owner = owner;
    this.sinceMillis = sinceMillis;
    this.ranges = ranges;
    this.flavor = flavor;
    this.credentialBody = credentialBody;
  }

  CallCredential credential() {
    return CallCredential.of(flavor, credentialBody);
  }

  boolean isEmpty() {
    return ranges.isEmpty() && waiting.isEmpty() && share == null;
  }
}
