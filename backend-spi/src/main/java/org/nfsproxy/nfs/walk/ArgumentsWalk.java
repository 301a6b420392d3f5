package org.nfsproxy.nfs.walk;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.LayoutVisitor;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * Finds the filehandles and names in the arguments of a procedure, and whether the arguments are
 * all there. One walk serves many calls and allocates nothing; not for several threads at once.
 *
 * <pre>
 *  RENAME of NFSv3, RFC 1813 section 3.3.14:
 *  +----+-------------+----+----------+----+-------------+----+----------+
 *  |len | from handle |len | old name |len |  to handle  |len | new name |
 *  +----+-------------+----+----------+----+-------------+----+----------+
 *       ^ handleAt(0)      ^ nameAt(0)     ^ handleAt(1)      ^ nameAt(1)
 * </pre>
 *
 * <p>The arguments must be in the clear: those of a call under RPCSEC_GSS are not.
 */
// Bytes behind the arguments are let pass, as the Linux server and libtirpc do: they read what the
// procedure has and never ask whether the record ends there.
public final class ArgumentsWalk {
  private static final int MAX = 2;

  private final XdrReader reader = new XdrReader();
  private final Found found = new Found();

  /**
   * Walks over a procedure's arguments.
   *
   * @param procedure the row
   * @param buffer the record
   * @param argumentsAt index of the arguments' first byte
   * @param end index behind the record's last byte
   * @return {@link Outcome#WHOLE} or {@link Outcome#GARBAGE}; with the latter nothing else holds
   */
  public Outcome walk(Procedure procedure, ByteBuf buffer, int argumentsAt, int end) {
    found.handles = 0;
    found.names = 0;
    found.payloadAt = -1;
    found.payloadLength = 0;
    found.rangeAt = -1;
    found.writes = procedure.effect().writes();
    try {
      reader.reset(buffer, argumentsAt, end);
      procedure.arguments().pass(reader, found);
      return Outcome.WHOLE;
    } catch (XdrException garbage) {
      found.handles = 0;
      found.names = 0;
      found.payloadAt = -1;
      found.rangeAt = -1;
      return Outcome.GARBAGE;
    }
  }

  /**
   * Filehandles in the arguments.
   *
   * @return 0 to 2
   */
  public int handles() {
    return found.handles;
  }

  /**
   * Where a filehandle sits.
   *
   * @param i 0 or 1, less than {@link #handles}
   * @return index of its first byte, behind its length
   */
  public int handleAt(int i) {
    return found.handleAt[i];
  }

  /**
   * How long a filehandle is.
   *
   * @param i 0 or 1, less than {@link #handles}
   * @return bytes without padding
   */
  public int handleLength(int i) {
    return found.handleLength[i];
  }

  /**
   * Names in the arguments: of an object in a directory, or MOUNT's path.
   *
   * @return 0 to 2
   */
  public int names() {
    return found.names;
  }

  /**
   * Where a name sits.
   *
   * @param i 0 or 1, less than {@link #names}
   * @return index of its first byte, behind its length
   */
  public int nameAt(int i) {
    return found.nameAt[i];
  }

  /**
   * How long a name is.
   *
   * @param i 0 or 1, less than {@link #names}
   * @return bytes without padding
   */
  public int nameLength(int i) {
    return found.nameLength[i];
  }

  /**
   * Whether the call changes files.
   *
   * @return true if its row or its arguments say so
   */
  public boolean writes() {
    return found.writes;
  }

  /**
   * Where the payload sits.
   *
   * @return index of the first byte of the {@link Part#PAYLOAD}, behind its length; -1 if there is
   *     none
   */
  public int payloadAt() {
    return found.payloadAt;
  }

  /**
   * How long the payload is.
   *
   * @return bytes without padding; holds if there is one
   */
  public int payloadLength() {
    return found.payloadLength;
  }

  /**
   * Which bytes a READ asks for.
   *
   * @return index of the first byte of the {@link Part#RANGE}; -1 if there is none
   */
  public int rangeAt() {
    return found.rangeAt;
  }

  /**
   * Where the arguments end.
   *
   * @return index behind their last byte; more may follow in the record
   */
  public int end() {
    return reader.position();
  }

  private static final class Found implements LayoutVisitor {
    private final int[] handleAt = new int[MAX];
    private final int[] handleLength = new int[MAX];
    private final int[] nameAt = new int[MAX];
    private final int[] nameLength = new int[MAX];
    private int handles;
    private int names;
    private int payloadAt;
    private int payloadLength;
    private int rangeAt;
    private boolean writes;

    @Override
    public void handle(int at, int length) {
      handleAt[handles] = at;
      handleLength[handles++] = length;
    }

    @Override
    public void name(int at, int length) {
      nameAt[names] = at;
      nameLength[names++] = length;
    }

    @Override
    public void writes() {
      writes = true;
    }

    @Override
    public void part(Part part, int at, int length) {
      if (part == Part.PAYLOAD) {
        payloadAt = at;
        payloadLength = length;
      } else if (part == Part.RANGE) {
        rangeAt = at;
      }
    }
  }
}
