package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Callback;
import org.nfsproxy.nfs.table.NfsStatus;

/**
 * The operations after whose reply the origin may still owe the client a callback, from NFSv4.1 on:
 * what the reply must say for that, and which callback it is.
 */
// Whoever ends a connection in between takes the callback's way with it: a Linux client then waits
// for CB_OFFLOAD without end, and for a lock until it asks again.
public enum CallbackToCome {
  // spotless:off
  //      operation        in the call  status of its result  behind it     callback
  COPIED (Nfs4.COPY,       Asked.ANY,   NfsStatus.OK,         PeerExport.STATEID, Nfs4Callback.CB_OFFLOAD,     0),
  WRITTEN(Nfs4.WRITE_SAME, Asked.ANY,   NfsStatus.OK,         PeerExport.STATEID, Nfs4Callback.CB_OFFLOAD,     0),
  LOCKED (Nfs4.LOCK,       Asked.WAITS, NfsStatus.DENIED,     PeerExport.ANY,     Nfs4Callback.CB_NOTIFY_LOCK, 90);
  // spotless:on

  /** What the call must ask for. */
  private enum Asked {
    ANY,
    /** nfs_lock_type4 READW_LT or WRITEW_LT, the first word of the arguments. */
    WAITS
  }

  /** What the result must tell behind its status. */
  private enum PeerExport {
    ANY,
    /**
     * A callback id, the first item of write_response4 (RFC 7862 section 15.2.2): an array of 1.
     */
    STATEID
  }

  private static final int READW_LT = 3;
  private static final int WRITEW_LT = 4;
  private static final CallbackToCome[] BY_OPERATION = new CallbackToCome[Nfs4.values().length];

  static {
    for (CallbackToCome each : values()) {
      BY_OPERATION[each.operation.ordinal()] = each;
    }
  }

  private final Nfs4 operation;
  private final Asked asked;
  private final int status;
  private final PeerExport told;
  private final Nfs4Callback callback;
  private final int secondsMax;

  CallbackToCome(
      Nfs4 operation,
      Asked asked,
      int status,
      PeerExport told,
      Nfs4Callback callback,
      int secondsMax) {
    this.operation = operation;
    this.asked = asked;
    this.status = status;
    this.told = told;
    this.callback = callback;
    this.secondsMax = secondsMax;
  }

  /**
   * Whether a callback may follow the reply to a COMPOUND.
   *
   * @param walk what was found in the call
   * @param record the call
   * @return false for nearly all
   */
  public static boolean mayFollow(CompoundWalk<Nfs4> walk, ByteBuf record) {
    for (int i = 0; i < walk.count(); i++) {
      CallbackToCome row = BY_OPERATION[walk.operation(i).ordinal()];
      if (row != null && walk.minorVersion() > 0 && row.isAskedIn(walk, i, record)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAskedIn(CompoundWalk<Nfs4> walk, int i, ByteBuf record) {
    int firstWord = record.getInt(walk.at(i) + 4);
    return asked == Asked.ANY || firstWord == READW_LT || firstWord == WRITEW_LT;
  }

  /**
   * What follows a result.
   *
   * @param walk what was found in a reply
   * @param i which result
   * @param record the reply
   * @return null if no callback does
   */
  public static @Nullable CallbackToCome following(CompoundReplyWalk walk, int i, ByteBuf record) {
    CallbackToCome row = BY_OPERATION[walk.operation(i).ordinal()];
    if (row == null || walk.status(i) != row.status) {
      return null;
    }
    return row.told == PeerExport.ANY || record.getInt(walk.statusAt(i) + 4) == 1 ? row : null;
  }

  /**
   * The callback.
   *
   * @return its row
   */
  public Nfs4Callback callback() {
    return callback;
  }

  /**
   * How long it may come. A server tells of a lock once however often it was asked for, and forgets
   * about it after a lease: Linux's has 90 s.
   *
   * @return seconds; 0 if each is told of, whenever it is done
   */
  public int secondsMax() {
    return secondsMax;
  }
}
