package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.nfsproxy.nfs.table.CompoundOperation;
import org.nfsproxy.nfs.table.LayoutVisitor;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Callback;
import org.nfsproxy.nfs.table.Nfs4Procedure;
import org.nfsproxy.nfs.table.OperationTable;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Position;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Finds each operation in the arguments of a COMPOUND, with the filehandles and names in them. One
 * walk serves many calls and allocates nothing once it has met a COMPOUND of the usual size; not
 * for several threads at once.
 *
 * <pre>
 *  COMPOUND, RFC 8881 section 16.2.1 (CB_COMPOUND has a callback_ident behind the minor version):
 *  +----+-----+-------+-------+----+-----------+----+-----------+- - -+
 *  |len | tag | minor | count | op | arguments | op | arguments |     |
 *  +----+-----+-------+-------+----+-----------+----+-----------+- - -+
 *       ^ tagAt()     ^countAt()                                      ^ end()
 *                             ^ at(0)          ^ end(0) = at(1)
 * </pre>
 *
 * <p>The arguments must be in the clear: those of a call under RPCSEC_GSS are not.
 *
 * @param <O> the rows
 */
// What the outcomes mean to an origin, as read in the Linux server (fs/nfsd/nfs4xdr.c,
// nfsd4_decode_compound):
//
// UNKNOWN_OPERATION: an origin that does not know the number either, or not in this minor version,
// executes what stands before it, answers NFS4ERR_OP_ILLEGAL for it and executes nothing behind it.
// An origin that is newer than this table executes it. So the operations before it are what can be
// judged; whoever restricts anything had better refuse the rest.
//
// GARBAGE: Linux executes the operations before the broken one and answers NFS4ERR_BADXDR for it;
// other servers answer GARBAGE_ARGS to all of it. count() tells how many were whole.
//
// TOO_MANY_OPERATIONS: Linux has a bound of its own (50 for long) and answers NFS4ERR_RESOURCE.
//
// Bytes behind the last operation are let pass, as Linux does.
public final class CompoundWalk<O extends CompoundOperation> extends OperationsFound<O> {
  private final OperationTable<O> table;
  private final boolean callback;
  private final XdrReader reader = new XdrReader();
  private final Found found = new Found(parts.found());
  private int minorVersion;
  private int callbackIdent;

  private CompoundWalk(OperationTable<O> table, O[] rows, boolean callback) {
    super(rows);
    this.table = table;
    this.callback = callback;
  }

  /**
   * A walk over COMPOUND.
   *
   * @return the walk
   */
  public static CompoundWalk<Nfs4> ofCalls() {
    return new CompoundWalk<>(Nfs4.OPERATIONS, new Nfs4[OPERATIONS_USUAL], false);
  }

  /**
   * A walk over CB_COMPOUND.
   *
   * @return the walk
   */
  public static CompoundWalk<Nfs4Callback> ofCallbacks() {
    return new CompoundWalk<>(Nfs4Callback.OPERATIONS, new Nfs4Callback[OPERATIONS_USUAL], true);
  }

  /**
   * Walks over a COMPOUND's arguments.
   *
   * @param buffer the record
   * @param argumentsAt index of the arguments' first byte
   * @param end index behind the record's last byte
   * @param operationsMax the most operations allowed
   * @return what it came to. {@link #count} operations were read whole in any case; the COMPOUND's
   *     own numbers hold unless it is {@link Outcome#GARBAGE} and {@link #count} is 0
   */
  public Outcome walk(ByteBuf buffer, int argumentsAt, int end, int operationsMax) {
    forget();
    minorVersion = 0;
    found.forget();
    try {
      reader.reset(buffer, argumentsAt, end);
      tagAt = argumentsAt + 4;
      tagLength = reader.skipOpaque(Nfs4Procedure.TAG_BYTES_MAX);
      minorVersion = reader.int32();
      callbackIdent = callback ? reader.int32() : 0;
      countAt = reader.position();
      announced = reader.int32();
      if (Integer.compareUnsigned(minorVersion, table.minorVersionMax()) > 0) {
        return Outcome.UNKNOWN_MINOR;
      }
      if (Integer.compareUnsigned(announced, operationsMax) > 0) {
        return Outcome.TOO_MANY_OPERATIONS;
      }
      return walkOperations();
    } catch (XdrException garbage) {
      return garbage();
    }
  }

  private Outcome walkOperations() {
    while (count() < announced) {
      int at = reader.position();
      int number = reader.int32();
      O row = table.find(number, minorVersion);
      if (row == table.illegal()) {
        return unknown(number);
      }
      if (makeRoom()) {
        found.grow(2 * count());
      }
      found.begin(count(), row.effect().writes());
      row.arguments().pass(reader, found);
      add(row, at, reader.position());
    }
    return Outcome.WHOLE;
  }

  /**
   * The minor version of a COMPOUND that need not be walked for more.
   *
   * @param call the header of a call of NFSv4
   * @param record where it is; may be the record's beginning alone
   * @return as on the wire; -1 if it is no COMPOUND, or ends before it
   */
  public static int minorVersion(Call call, ByteBuf record) {
    int tagAt = call.argumentsAt();
    int end = Math.min(call.end(), record.writerIndex());
    if (call.procedure() != Nfs4Procedure.COMPOUND.number() || tagAt + 4 > end) {
      return -1;
    }
    long minorAt = tagAt + 4 + (record.getUnsignedInt(tagAt) + 3 & ~3L);
    return minorAt + 4 <= end ? record.getInt((int) minorAt) : -1;
  }

  /**
   * The minor version.
   *
   * @return as on the wire
   */
  public int minorVersion() {
    return minorVersion;
  }

  /**
   * What a 4.0 client calls itself in callbacks.
   *
   * @return callback_ident; 0 for calls
   */
  public int callbackIdent() {
    return callbackIdent;
  }

  /**
   * Where the filehandle in an operation's arguments sits.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of its first byte, behind its length; -1 if there is none
   */
  public int handleAt(int i) {
    return found.handleAt[checked(i)];
  }

  /**
   * How long the filehandle in an operation's arguments is.
   *
   * @param i 0 to {@link #count} - 1
   * @return bytes without padding; 0 if there is none
   */
  public int handleLength(int i) {
    return found.handleLength[checked(i)];
  }

  /**
   * Where the first name in an operation's arguments sits.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of its first byte, behind its length; -1 if there is none
   */
  public int nameAt(int i) {
    return found.nameAt[checked(i)];
  }

  /**
   * How long the first name in an operation's arguments is.
   *
   * @param i 0 to {@link #count} - 1
   * @return bytes without padding; 0 if there is none
   */
  public int nameLength(int i) {
    return found.nameLength[checked(i)];
  }

  /**
   * Where the last name in an operation's arguments sits: the second one of RENAME, else the only
   * one.
   *
   * @param i 0 to {@link #count} - 1
   * @return index of its first byte, behind its length; -1 if there is none
   */
  public int lastNameAt(int i) {
    return found.lastNameAt[checked(i)];
  }

  /**
   * How long the last name in an operation's arguments is.
   *
   * @param i 0 to {@link #count} - 1
   * @return bytes without padding; 0 if there is none
   */
  public int lastNameLength(int i) {
    return found.lastNameLength[checked(i)];
  }

  /**
   * Whether an operation changes files.
   *
   * @param i 0 to {@link #count} - 1
   * @return true if its row or its arguments say so
   */
  public boolean writes(int i) {
    return found.writes[checked(i)];
  }

  /**
   * Whether the COMPOUND belongs to a session: its first operation names a slot.
   *
   * @return true with SEQUENCE or CB_SEQUENCE
   */
  public boolean isInSession() {
    return count() > 0 && operation(0).place() == Position.FIRST;
  }

  private static final class Found implements LayoutVisitor {
    private int[] handleAt = new int[OPERATIONS_USUAL];
    private int[] handleLength = new int[OPERATIONS_USUAL];
    private int[] nameAt = new int[OPERATIONS_USUAL];
    private int[] nameLength = new int[OPERATIONS_USUAL];
    private int[] lastNameAt = new int[OPERATIONS_USUAL];
    private int[] lastNameLength = new int[OPERATIONS_USUAL];
    private boolean[] writes = new boolean[OPERATIONS_USUAL];
    private final LayoutVisitor others;
    private int operation;

    Found(LayoutVisitor others) {
      this.others = others;
    }

    void forget() {
      operation = 0;
    }

    void begin(int operation, boolean writes) {
      this.operation = operation;
      this.handleAt[operation] = -1;
      this.handleLength[operation] = 0;
      this.nameAt[operation] = -1;
      this.nameLength[operation] = 0;
      this.lastNameAt[operation] = -1;
      this.lastNameLength[operation] = 0;
      this.writes[operation] = writes;
    }

    void grow(int length) {
      handleAt = Arrays.copyOf(handleAt, length);
      handleLength = Arrays.copyOf(handleLength, length);
      nameAt = Arrays.copyOf(nameAt, length);
      nameLength = Arrays.copyOf(nameLength, length);
      lastNameAt = Arrays.copyOf(lastNameAt, length);
      lastNameLength = Arrays.copyOf(lastNameLength, length);
      writes = Arrays.copyOf(writes, length);
    }

    @Override
    public void handle(int at, int length) {
      handleAt[operation] = at;
      handleLength[operation] = length;
    }

    @Override
    public void name(int at, int length) {
      if (nameAt[operation] < 0) {
        nameAt[operation] = at;
        nameLength[operation] = length;
      }
      lastNameAt[operation] = at;
      lastNameLength[operation] = length;
    }

    @Override
    public void writes() {
      writes[operation] = true;
    }

    @Override
    public void part(Part part, int at, int length) {
      others.part(part, at, length);
    }
  }
}
