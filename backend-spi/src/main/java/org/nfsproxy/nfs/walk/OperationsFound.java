package org.nfsproxy.nfs.walk;

import java.util.Arrays;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;

/**
 * The operations that a walk over a COMPOUND or over its reply has found, one behind the other.
 * Valid until the next walk.
 *
 * <pre>
 *  | ... |len | tag | ... | count | op | its bytes | op | its bytes | - -
 *             ^ tagAt()   ^countAt()                                ^ end()
 *                                 ^ at(0)          ^ end(0) = at(1)
 * </pre>
 *
 * @param <O> the rows
 */
// The columns grow as operations are really there, so a count alone makes nobody pay for them.
public abstract sealed class OperationsFound<O> permits CompoundWalk, CompoundReplyWalk {
  static final int OPERATIONS_USUAL = 16;

  final Parts parts = new Parts();
  int tagAt;
  int tagLength;
  int countAt;
  int announced;
  private int count;
  private int unknownNumber;
  private O[] rows;
  private int[] from = new int[OPERATIONS_USUAL];
  private int[] to = new int[OPERATIONS_USUAL];
  private int[] partsTo = new int[OPERATIONS_USUAL];

  /**
   * Begins without operations.
   *
   * @param rows room for the usual number of them
   */
  OperationsFound(O[] rows) {
    this.rows = rows;
  }

  final void forget() {
    tagLength = 0;
    announced = 0;
    count = 0;
    unknownNumber = 0;
    parts.clear();
  }

  /** Makes room for one more; says whether there was none. */
  final boolean makeRoom() {
    if (count < from.length) {
      return false;
    }
    int length = 2 * count;
    rows = Arrays.copyOf(rows, length);
    from = Arrays.copyOf(from, length);
    to = Arrays.copyOf(to, length);
    partsTo = Arrays.copyOf(partsTo, length);
    return true;
  }

  final void add(O row, int at, int end) {
    rows[count] = row;
    from[count] = at;
    to[count] = end;
    partsTo[count] = parts.count();
    count++;
  }

  final Outcome unknown(int number) {
    unknownNumber = number;
    return Outcome.UNKNOWN_OPERATION;
  }

  /** Forgets what was found of an operation that turned out to be broken. */
  final Outcome garbage() {
    parts.truncate(count == 0 ? 0 : partsTo[count - 1]);
    return Outcome.GARBAGE;
  }

  /**
   * Where the tag sits, which a reply repeats.
   *
   * @return index of its first byte, behind its length
   */
  public int tagAt() {
    return tagAt;
  }

  /**
   * How long the tag is.
   *
   * @return bytes without padding
   */
  public int tagLength() {
    return tagLength;
  }

  /**
   * Where the number of operations stands.
   *
   * @return index of the word
   */
  public int countAt() {
    return countAt;
  }

  /**
   * How many operations there are said to be.
   *
   * @return as on the wire, unsigned
   */
  public int announced() {
    return announced;
  }

  /**
   * How many operations were read whole.
   *
   * @return all of them if the outcome was {@link Outcome#WHOLE}
   */
  public int count() {
    return count;
  }

  /**
   * The number that has no row.
   *
   * @return as on the wire; holds for {@link Outcome#UNKNOWN_OPERATION}
   */
  public int unknownNumber() {
    return unknownNumber;
  }

  /**
   * The row of an operation.
   *
   * @param i 0 to {@link #count} - 1
   * @return the row; in a reply {@link Nfs4#ILLEGAL} for a number that the server did not know
   */
  public O operation(int i) {
    return rows[checked(i)];
  }

  /**
   * Where an operation begins.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of its number
   */
  public int at(int i) {
    return from[checked(i)];
  }

  /**
   * Where an operation ends.
   *
   * @param i 0 to {@link #count} - 1
   * @return index behind its arguments or results
   */
  public int end(int i) {
    return to[checked(i)];
  }

  /**
   * Where the operations read whole end.
   *
   * @return index behind the last one; more may follow in the record
   */
  public int end() {
    return count == 0 ? countAt + 4 : to[count - 1];
  }

  /**
   * What was found in all operations, in the order of the bytes. In calls: {@link Part#OWNER},
   * {@link Part#EXCHANGE_FLAGS}, {@link Part#SERVER}, {@link Part#ASKED}, {@link Part#PAYLOAD}, but
   * neither filehandles nor names; in replies: {@link Part#HANDLE}, {@link Part#FATTR4} and more.
   *
   * @return the parts, of which {@link #partsFrom(int)} to {@link #partsTo(int)} are an operation's
   */
  public Parts parts() {
    return parts;
  }

  /**
   * The first part of an operation.
   *
   * @param i 0 to {@link #count} - 1
   * @return its number among {@link #parts}
   */
  public int partsFrom(int i) {
    return checked(i) == 0 ? 0 : partsTo[i - 1];
  }

  /**
   * Behind the last part of an operation.
   *
   * @param i 0 to {@link #count} - 1
   * @return a number of {@link #parts}
   */
  public int partsTo(int i) {
    return partsTo[checked(i)];
  }

  /**
   * Finds a part of an operation.
   *
   * @param i 0 to {@link #count} - 1
   * @param part which
   * @return the number of the first among {@link #parts}; -1 if there is none
   */
  public int find(int i, Part part) {
    return parts.find(part, partsFrom(i), partsTo(i));
  }

  final int checked(int i) {
    if (i < 0 || i >= count) {
      throw new IndexOutOfBoundsException("operation " + i + " of " + count);
    }
    return i;
  }
}
