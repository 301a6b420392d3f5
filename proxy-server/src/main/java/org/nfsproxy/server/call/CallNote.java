package org.nfsproxy.server.call;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call asks for, as its client sent it: made for the few that somebody wants to be told
 * of.
 */
// The judge fills it, on its worker, while it has the call; from when the call is answered nothing
// is written any more, but for the reply's length. A reply that is refused late, on a worker, when
// its connection has ended and was told of already, is the exception; so that field is volatile.
public final class CallNote {
  /** The group of a caller that names none. */
  public static final long NO_GROUP = -1;

  private final int xid;
  private final String program;
  private final String version;
  private final String flavor;
  private final long user;
  private final long group;
  private final boolean isSealed;
  private final List<NotedOperation> operations = new ArrayList<>(2);
  private volatile @Nullable NotedRefusal refusal;
  private volatile int replyBytes;

  /**
   * A call of which the header has been read.
   *
   * @param program for example {@code nfs}, as metrics call it
   * @param version for example {@code 4.1}
   * @param flavor how the caller is known; {@code sys}, {@code krb5p}
   * @param user the uid that the client claims; {@link CallSummary#NO_USER} for none
   * @param group the gid; {@link #NO_GROUP} for none
   * @param isSealed whether nothing behind the header can be read
   */
  public CallNote(
      int xid,
      String program,
      String version,
      String flavor,
      long user,
      long group,
      boolean isSealed) {
    this.xid = xid;
    this.program = program;
    this.version = version;
    this.flavor = flavor;
    this.user = user;
    this.group = group;
    this.isSealed = isSealed;
  }

  /** Adds an operation, in their order. */
  public void add(NotedOperation operation) {
    operations.add(operation);
  }

  /** Says that it is refused, as a whole or from an operation on. */
  public void refuse(NotedRefusal why) {
    refusal = why;
  }

  /**
   * Says that its reply has passed.
   *
   * @param bytes how long the reply was, markers included
   */
  public void replied(int bytes) {
    replyBytes = bytes;
  }

  /** The call's xid. */
  public int xid() {
    return xid;
  }

  /** The program, as metrics call it. */
  public String program() {
    return program;
  }

  /** The version, as metrics call it. */
  public String version() {
    return version;
  }

  /** How the caller is known. */
  public String flavor() {
    return flavor;
  }

  /** The uid that the client claims; {@link CallSummary#NO_USER} for none. */
  public long user() {
    return user;
  }

  /** The gid that the client claims; {@link #NO_GROUP} for none. */
  public long group() {
    return group;
  }

  /** Whether nothing behind the header can be read. */
  public boolean isSealed() {
    return isSealed;
  }

  /** The operations that were noted: all, or those that change files. */
  public List<NotedOperation> operations() {
    return operations;
  }

  /** What was refused; null for nothing. */
  public @Nullable NotedRefusal refusal() {
    return refusal;
  }

  /** How long the reply was; 0 as long as it has not passed. */
  public int replyBytes() {
    return replyBytes;
  }

  /** How much memory it takes, roughly. */
  public int bytes() {
    int bytes = 192;
    for (NotedOperation operation : operations) {
      bytes += operation.bytes();
    }
    NotedRefusal why = refusal;
    return why == null ? bytes : bytes + 128 + why.operation().bytes();
  }
}
