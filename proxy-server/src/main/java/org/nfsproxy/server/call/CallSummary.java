package org.nfsproxy.server.call;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call and will be counted when it is answered: what it does, where, and when
 * it came by. Operations and exports are numbers here, which whoever counts gives out.
 */
// Filled on the way: the listener says when, the judge says what, on its worker, and the listener
// counts. It is with one of them at a time, as the batch and the reply are. Objects are used again,
// so a call costs none.
public final class CallSummary {
  /** Of a longer COMPOUND the rest is not counted. */
  public static final int OPERATIONS_MAX = 256;

  /** A call that is about no filesystem. */
  public static final long NO_EXPORT = 0;

  /** A call about a filehandle that nobody here knows. */
  public static final long UNKNOWN_EXPORT = -1;

  /** A caller without a number: anonymous, or under RPCSEC_GSS. */
  public static final long NO_USER = -1;

  private static final int OPERATIONS_USUAL = 8;

  private byte[] operations = new byte[OPERATIONS_USUAL];
  private int operationCount;
  private int tagBytes;
  private int firstRow;
  private int row;
  private int refusal;
  private long user;
  private int bytes;
  private boolean isBegun;
  private boolean isSealed;
  private int noting;
  private @Nullable CallNote note;
  private volatile long export;
  private long arrivedNanos;
  private long sentNanos;
  private long repliedNanos;

  /**
   * Forgets the call before.
   *
   * @param arrivedNanos when all of this one was there, as nanoTime
   * @param bytes how long it is, marker included
   */
  public void begin(long arrivedNanos, int bytes) {
    this.arrivedNanos = arrivedNanos;
    this.bytes = bytes;
    isBegun = true;
    refusal = 0;
    user = NO_USER;
    noting = Noting.NOTHING;
    judge(0, false);
  }

  /** Says that it is of no call any more. */
  public void forget() {
    isBegun = false;
    note = null;
    if (operations.length > OPERATIONS_USUAL) {
      operations = new byte[OPERATIONS_USUAL];
    }
  }

  /**
   * Whether it is of a call.
   *
   * @return false before {@link #begin} and behind {@link #forget}
   */
  public boolean isBegun() {
    return isBegun;
  }

  /**
   * Says what it calls, from the beginning: a call may be judged twice.
   *
   * @param isSealed whether nobody can read its results
   */
  public void judge(int row, boolean isSealed) {
    this.row = row;
    this.isSealed = isSealed;
    export = NO_EXPORT;
    operationCount = 0;
    tagBytes = 0;
    note = null;
  }

  /**
   * Says whether somebody wants to be told of it.
   *
   * @param noting bits of {@link Noting}
   */
  public void noting(int noting) {
    this.noting = noting;
  }

  /**
   * Whether somebody wants to be told of it.
   *
   * @return bits of {@link Noting}
   */
  public int noting() {
    return noting;
  }

  /** Keeps what it asks for. */
  public void note(CallNote note) {
    this.note = note;
  }

  /**
   * What it asks for.
   *
   * @return null where nobody wants to be told of it
   */
  public @Nullable CallNote note() {
    return note;
  }

  /**
   * Says that it is a COMPOUND.
   *
   * @param firstRow the number that those of its operations are counted from
   * @param tagBytes the length of its tag, which stands in its reply before the number of results
   */
  public void compound(int firstRow, int tagBytes) {
    this.firstRow = firstRow;
    this.tagBytes = tagBytes;
    operationCount = 0;
  }

  /**
   * Says which of its operations it is about.
   *
   * @param row that operation's number
   */
  public void about(int row) {
    this.row = row;
  }

  /**
   * Adds an operation of the COMPOUND, in their order.
   *
   * @param offset its number less {@code firstRow}, 0 to 255
   */
  public void operation(int offset) {
    if (operationCount == operations.length) {
      if (operationCount == OPERATIONS_MAX) {
        return;
      }
      operations = Arrays.copyOf(operations, 2 * operationCount);
    }
    operations[operationCount++] = (byte) offset;
  }

  /**
   * Says where it acts.
   *
   * @param export the export's number; or {@link #UNKNOWN_EXPORT}
   */
  public void at(long export) {
    this.export = export;
  }

  /**
   * Says whose call it is, as the client claims.
   *
   * @param uid unsigned; {@link #NO_USER} for none
   */
  public void of(long uid) {
    user = uid;
  }

  /**
   * Whose call it is, as the client claims.
   *
   * @return a uid; {@link #NO_USER} for none
   */
  public long user() {
    return user;
  }

  /**
   * Says that it is refused, as a whole or from an operation on.
   *
   * @param why a number above 0
   */
  public void refused(int why) {
    refusal = why;
  }

  /**
   * Says that it goes to the origin.
   *
   * @param nanos when, as nanoTime
   */
  public void sent(long nanos) {
    sentNanos = nanos;
  }

  /**
   * Says that its reply has come from the origin.
   *
   * @param nanos when, as nanoTime
   */
  public void replied(long nanos) {
    repliedNanos = nanos;
  }

  /** How long a COMPOUND's tag is; 0 for none. */
  public int tagBytes() {
    return tagBytes;
  }

  /** What the call is about. */
  public int row() {
    return row;
  }

  /**
   * How many operations of a COMPOUND are known.
   *
   * @return 0 for any other call
   */
  public int operations() {
    return operationCount;
  }

  /**
   * An operation of a COMPOUND.
   *
   * @param i from 0
   */
  public int rowOf(int i) {
    return firstRow + (operations[i] & 0xff);
  }

  /**
   * Whether nobody can read its results.
   *
   * @return true under RPCSEC_GSS
   */
  public boolean isSealed() {
    return isSealed;
  }

  /**
   * Where it acts.
   *
   * @return an export's number, {@link #NO_EXPORT} or {@link #UNKNOWN_EXPORT}
   */
  public long export() {
    return export;
  }

  /**
   * Why it was refused.
   *
   * @return 0 if it was not
   */
  public int refusal() {
    return refusal;
  }

  /**
   * How long it was.
   *
   * @return bytes, marker included
   */
  public int bytes() {
    return bytes;
  }

  /** When it came. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  /** When it went to the origin. */
  public long sentNanos() {
    return sentNanos;
  }

  /** When its reply came. */
  public long repliedNanos() {
    return repliedNanos;
  }
}
