package org.nfsproxy.nfs;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Finds each operation's results in the reply to a COMPOUND, with the parts in them. One walk
 * serves many replies and allocates nothing once it has met one of the usual size; not for several
 * threads at once.
 *
 * <pre>
 *  COMPOUND's results, RFC 8881 section 16.2.2:
 *  +--------+----+-----+-------+----+--------+------+----+--------+------+- - -+
 *  | status |len | tag | count | op | status | body | op | status | body |     |
 *  +--------+----+-----+-------+----+--------+------+----+--------+------+- - -+
 *  ^ statusAt()  ^     ^countAt()   ^ statusAt(0)   ^ end(0) = at(1)           ^ end()
 *                tagAt()       ^ at(0)
 * </pre>
 *
 * <p>The results must be in the clear: those of a call under RPCSEC_GSS are not.
 */
// A reply does not say its minor version, so every row is looked for.
//
// A failure that has a body by the RFC may come without one at the reply's end: the Linux server
// cuts results off behind the status when the reply would be too long (fs/nfsd/nfs4xdr.c,
// nfsd4_encode_operation), SETATTR's bitmap too. Clients look at the status first.
//
// An operation without a row cannot be passed over. A server that knows operations we do not know
// answers them only to those who ask for them, and a call that does is not WHOLE either.
public final class CompoundReplyWalk {
  private static final int RESULTS_USUAL = 16;

  private final OperationTable<Nfs4> table = Nfs4.OPERATIONS;
  private final XdrReader reader = new XdrReader();
  private final Parts parts = new Parts();
  private int statusAt;
  private int status;
  private int tagAt;
  private int tagLength;
  private int countAt;
  private int announced;
  private int count;
  private int stoppedBy;
  private Nfs4[] rows = new Nfs4[RESULTS_USUAL];
  private int[] statuses = new int[RESULTS_USUAL];
  private int[] from = new int[RESULTS_USUAL];
  private int[] to = new int[RESULTS_USUAL];
  private int[] partsTo = new int[RESULTS_USUAL];

  /**
   * Walks over the results of a COMPOUND.
   *
   * @param buffer the record
   * @param resultsAt index of the results' first byte
   * @param end index behind the record's last byte
   * @param operationsMax the most operations allowed
   * @return what it came to. {@link #count} results were read whole in any case; the COMPOUND's own
   *     numbers hold unless it is {@link Outcome#GARBAGE} and {@link #count} is 0
   */
  public Outcome walk(ByteBuf buffer, int resultsAt, int end, int operationsMax) {
    statusAt = resultsAt;
    status = 0;
    tagLength = 0;
    announced = 0;
    count = 0;
    stoppedBy = 0;
    parts.clear();
    try {
      reader.reset(buffer, resultsAt, end);
      status = reader.int32();
      tagAt = reader.position() + 4;
      tagLength = reader.skipOpaque(CompoundWalk.TAG_BYTES_MAX);
      countAt = reader.position();
      announced = reader.int32();
      if (Integer.compareUnsigned(announced, operationsMax) > 0) {
        return Outcome.TOO_MANY_OPERATIONS;
      }
      return walkResults();
    } catch (XdrException garbage) {
      parts.truncate(partsOfWhole());
      return Outcome.GARBAGE;
    }
  }

  private Outcome walkResults() {
    while (count < announced) {
      int at = reader.position();
      int number = reader.int32();
      Nfs4 row = table.find(number, table.minorVersionMax());
      if (row == table.illegal() && number != row.number()) {
        stoppedBy = number;
        return Outcome.UNKNOWN_OPERATION;
      }
      makeRoom();
      statuses[count] = passResult(row);
      rows[count] = row;
      from[count] = at;
      to[count] = reader.position();
      partsTo[count] = parts.count();
      count++;
    }
    return Outcome.WHOLE;
  }

  private int passResult(Nfs4 row) {
    int at = reader.position();
    int status = reader.int32();
    if (status == NfsStatus.OK || reader.remaining() > 0) {
      reader.position(at);
      row.results().pass(reader, parts.found());
    }
    return status;
  }

  // Grows as results are really there, so a count alone makes nobody pay for its arrays.
  private void makeRoom() {
    if (count == from.length) {
      int length = 2 * count;
      rows = Arrays.copyOf(rows, length);
      statuses = Arrays.copyOf(statuses, length);
      from = Arrays.copyOf(from, length);
      to = Arrays.copyOf(to, length);
      partsTo = Arrays.copyOf(partsTo, length);
    }
  }

  private int partsOfWhole() {
    return count == 0 ? 0 : partsTo[count - 1];
  }

  /**
   * The COMPOUND's status: that of its last result.
   *
   * @return as on the wire
   */
  public int status() {
    return status;
  }

  /**
   * Where the COMPOUND's status stands.
   *
   * @return index of the word
   */
  public int statusAt() {
    return statusAt;
  }

  /**
   * Where the tag sits.
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
   * Where the number of results stands.
   *
   * @return index of the word
   */
  public int countAt() {
    return countAt;
  }

  /**
   * How many results the reply says it has.
   *
   * @return as on the wire, unsigned
   */
  public int announced() {
    return announced;
  }

  /**
   * How many results were read whole.
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
    return stoppedBy;
  }

  /**
   * Whose results they are.
   *
   * @param i 0 to {@link #count} - 1
   * @return the row; {@link Nfs4#ILLEGAL} for a number that the server did not know
   */
  public Nfs4 operation(int i) {
    return rows[checked(i)];
  }

  /**
   * What an operation came to.
   *
   * @param i 0 to {@link #count} - 1
   * @return its status, as on the wire
   */
  public int status(int i) {
    return statuses[checked(i)];
  }

  /**
   * Where an operation's status stands.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of the word
   */
  public int statusAt(int i) {
    return from[checked(i)] + 4;
  }

  /**
   * Where an operation's results begin.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of its number
   */
  public int at(int i) {
    return from[checked(i)];
  }

  /**
   * Where an operation's results end.
   *
   * @param i 0 to {@link #count} - 1
   * @return index behind them
   */
  public int end(int i) {
    return to[checked(i)];
  }

  /**
   * Where the results read whole end.
   *
   * @return index behind the last one; more may follow in the record
   */
  public int end() {
    return count == 0 ? countAt + 4 : to[count - 1];
  }

  /**
   * What was found in all results: filehandles ({@link Part#HANDLE}), attributes ({@link
   * Part#FATTR4}) and more, in the order of the bytes.
   *
   * @return the parts, of which {@link #partsFrom(int)} to {@link #partsTo(int)} are a result's
   */
  public Parts parts() {
    return parts;
  }

  /**
   * The first part of a result.
   *
   * @param i 0 to {@link #count} - 1
   * @return its number among {@link #parts}
   */
  public int partsFrom(int i) {
    return checked(i) == 0 ? 0 : partsTo[i - 1];
  }

  /**
   * Behind the last part of a result.
   *
   * @param i 0 to {@link #count} - 1
   * @return a number of {@link #parts}
   */
  public int partsTo(int i) {
    return partsTo[checked(i)];
  }

  /**
   * Finds a part of a result.
   *
   * @param i 0 to {@link #count} - 1
   * @param part which
   * @return the number of the first among {@link #parts}; -1 if there is none
   */
  public int find(int i, Part part) {
    return parts.find(part, partsFrom(i), partsTo(i));
  }

  private int checked(int i) {
    if (i < 0 || i >= count) {
      throw new IndexOutOfBoundsException("result " + i + " of " + count);
    }
    return i;
  }
}
