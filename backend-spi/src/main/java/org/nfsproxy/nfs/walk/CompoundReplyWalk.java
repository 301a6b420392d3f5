package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Layout;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Procedure;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.OperationTable;
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
public final class CompoundReplyWalk extends OperationsFound<Nfs4> {
  private final OperationTable<Nfs4> table = Nfs4.OPERATIONS;
  private final XdrReader reader = new XdrReader();
  private int statusAt;
  private int status;
  private int[] statuses = new int[OPERATIONS_USUAL];
  // what an owner's results are taken for, other than what their operation says; usually null
  private @Nullable Layout replayed;

  /** A walk that has found nothing yet. */
  public CompoundReplyWalk() {
    super(new Nfs4[OPERATIONS_USUAL]);
  }

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
    forget();
    statusAt = resultsAt;
    status = 0;
    try {
      reader.reset(buffer, resultsAt, end);
      status = reader.int32();
      tagAt = reader.position() + 4;
      tagLength = reader.skipOpaque(Nfs4Procedure.TAG_BYTES_MAX);
      countAt = reader.position();
      announced = reader.int32();
      if (Integer.compareUnsigned(announced, operationsMax) > 0) {
        return Outcome.TOO_MANY_OPERATIONS;
      }
      return walkResults();
    } catch (XdrException garbage) {
      return garbage();
    }
  }

  /**
   * Walks over the results of an NFSv4.0 COMPOUND with an owner's operation in it, which may be a
   * replay with another operation's results ({@link Nfs4#isOfOwner}).
   *
   * @param buffer the record
   * @param resultsAt index of the results' first byte
   * @param end index behind the record's last byte
   * @param operationsMax the most operations allowed
   * @return whether they are whole up to the end, and cannot be read in another way
   */
  // The true way is always whole up to the end: so if none but the usual one is, that is it.
  public boolean walkUnambiguous(ByteBuf buffer, int resultsAt, int end, int operationsMax) {
    for (Layout other : Nfs4.replayedResults()) {
      replayed = other;
      boolean isWhole = walksToTheEnd(buffer, resultsAt, end, operationsMax);
      replayed = null;
      if (isWhole && hasReplayed(other)) {
        return false;
      }
    }
    return walksToTheEnd(buffer, resultsAt, end, operationsMax);
  }

  private boolean walksToTheEnd(ByteBuf buffer, int resultsAt, int end, int operationsMax) {
    return walk(buffer, resultsAt, end, operationsMax) == Outcome.WHOLE && reader.remaining() == 0;
  }

  private boolean hasReplayed(Layout other) {
    for (int i = 0; i < count(); i++) {
      if (operation(i).isOfOwner() && operation(i).results() != other) {
        return true;
      }
    }
    return false;
  }

  private Outcome walkResults() {
    while (count() < announced) {
      int at = reader.position();
      int number = reader.int32();
      Nfs4 row = table.find(number, table.minorVersionMax());
      if (row == table.illegal() && number != row.number()) {
        return unknown(number);
      }
      if (makeRoom()) {
        statuses = Arrays.copyOf(statuses, 2 * count());
      }
      statuses[count()] = passResult(row);
      add(row, at, reader.position());
    }
    return Outcome.WHOLE;
  }

  private int passResult(Nfs4 row) {
    int at = reader.position();
    int status = reader.int32();
    if (status == NfsStatus.OK || reader.remaining() > 0) {
      reader.position(at);
      Layout results = replayed != null && row.isOfOwner() ? replayed : row.results();
      results.pass(reader, parts.found());
    }
    return status;
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
    return at(i) + 4;
  }
}
