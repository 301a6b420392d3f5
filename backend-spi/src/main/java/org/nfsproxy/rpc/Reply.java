package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * The header of one reply, read from a record and reusable for the next.
 *
 * <pre>
 *  an accepted message, RFC 5531 section 9 (offsets from its first byte):
 *  0    4         8             12       16    20   verifier
 *  +----+---------+-------------+--------+-----+------+-----+---------+-----------
 *  |xid | REPLY=1 | ACCEPTED=0  |flavor  |len  | body | pad | SUCCESS | results
 *  +----+---------+-------------+--------+-----+------+-----+---------+-----------
 * </pre>
 *
 * <p>Indices are those of the buffer that was read, so the bytes themselves stay where they are.
 */
// A flyweight like Call: no reply that is only looked at may cost an object.
public final class Reply {
  /** What {@link #read} found. */
  public enum Form {
    /** A reply with results; all of this object's numbers hold. */
    RESULTS,
    /** A reply that says why there are none: denied, or accepted without success. */
    NO_RESULTS,
    /** A call; only {@link #xid()} holds. */
    CALL,
    /** A reply that ends inside its own header; only {@link #xid()} holds. */
    TRUNCATED,
    /** No RPC message at all; nothing holds. */
    NOT_RPC
  }

  private static final int MSG_ACCEPTED = 0;

  private final XdrReader reader = new XdrReader();
  private int xid;
  private int resultsAt;
  private int end;

  /**
   * Reads the header of the message at a buffer's range.
   *
   * @param buffer the record
   * @param from index of the message's first byte (behind the record marker)
   * @param to index behind its last byte
   * @return what it is; never throws for what the bytes say
   */
  public Form read(ByteBuf buffer, int from, int to) {
    end = to;
    if (to - from < 8) {
      return Form.NOT_RPC;
    }
    xid = buffer.getInt(from);
    int type = buffer.getInt(from + 4);
    if (type != MessageType.REPLY) {
      return type == MessageType.CALL ? Form.CALL : Form.NOT_RPC;
    }
    try {
      return readHeader(reader.reset(buffer, from + 8, to));
    } catch (XdrException truncated) {
      return Form.TRUNCATED;
    }
  }

  private Form readHeader(XdrReader in) {
    if (in.int32() != MSG_ACCEPTED) {
      return Form.NO_RESULTS;
    }
    in.int32();
    in.skipOpaque(AuthFlavor.BODY_BYTES_MAX);
    if (in.int32() != AcceptStatus.SUCCESS.ordinal()) {
      return Form.NO_RESULTS;
    }
    resultsAt = in.position();
    return Form.RESULTS;
  }

  /**
   * Matches the reply to its call.
   *
   * @return the xid
   */
  public int xid() {
    return xid;
  }

  /**
   * Where the procedure's results begin.
   *
   * @return index in the buffer that was read
   */
  public int resultsAt() {
    return resultsAt;
  }

  /**
   * Where the message ends.
   *
   * @return index behind its last byte
   */
  public int end() {
    return end;
  }
}
