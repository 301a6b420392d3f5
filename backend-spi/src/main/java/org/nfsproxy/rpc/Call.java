package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * The header of one call, read from a record and reusable for the next.
 *
 * <pre>
 *  the message, RFC 5531 section 9 (offsets from its first byte):
 *  0    4       8        12       16       20         24           credential      verifier
 *  +----+-------+--------+--------+--------+----------+------+-----+------+--------+------+----+-----------
 *  |xid | CALL=0|rpcvers |program |version |procedure |flavor|len  | body |pad     |flavor|len | body  args
 *  +----+-------+--------+--------+--------+----------+------+-----+------+--------+------+----+-----------
 * </pre>
 *
 * <p>Indices are those of the buffer that was read, so the bytes themselves stay where they are.
 */
// A flyweight: a connection reads some 100,000 calls a second through a few of these, so they are
// filled again and again instead of being made anew. All numbers are as on the wire, unsigned.
public final class Call {
  /** What {@link #read} found. */
  public enum Form {
    /** A call whose header is whole; all of this object's numbers hold. */
    CALL,
    /** A reply; only {@link #xid()} holds. */
    REPLY,
    /** A call of another version of RPC; only {@link #xid()} holds. */
    RPC_MISMATCH,
    /** A call whose credential or verifier is longer than the RFC allows. */
    BAD_CREDENTIAL,
    /** A call that ends inside its own header; only {@link #xid()} holds. */
    TRUNCATED,
    /** No RPC message at all; nothing holds. */
    NOT_RPC
  }

  private final XdrReader reader = new XdrReader();
  private Form form = Form.NOT_RPC;
  private int xid;
  private int program;
  private int version;
  private int procedure;
  private int flavor;
  private int credentialAt;
  private int credentialLength;
  private int argumentsAt;
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
      return form = Form.NOT_RPC;
    }
    xid = buffer.getInt(from);
    int type = buffer.getInt(from + 4);
    if (type != MessageType.CALL) {
      return form = type == MessageType.REPLY ? Form.REPLY : Form.NOT_RPC;
    }
    try {
      return form = readHeader(reader.reset(buffer, from + 8, to));
    } catch (XdrException truncated) {
      return form = Form.TRUNCATED;
    }
  }

  private Form readHeader(XdrReader in) {
    if (in.int32() != 2) {
      return Form.RPC_MISMATCH;
    }
    program = in.int32();
    version = in.int32();
    procedure = in.int32();
    flavor = in.int32();
    credentialLength = in.int32();
    if (tooLong(credentialLength)) {
      return Form.BAD_CREDENTIAL;
    }
    credentialAt = in.position();
    in.skip(credentialLength);
    in.int32();
    int verifierLength = in.int32();
    if (tooLong(verifierLength)) {
      return Form.BAD_CREDENTIAL;
    }
    in.skip(verifierLength);
    argumentsAt = in.position();
    return Form.CALL;
  }

  private static boolean tooLong(int bodyLength) {
    return bodyLength < 0 || bodyLength > AuthFlavor.BODY_BYTES_MAX;
  }

  /**
   * What the last {@link #read} found.
   *
   * @return the form
   */
  public Form form() {
    return form;
  }

  /**
   * Matches the reply to the call; the client's own.
   *
   * @return the xid
   */
  public int xid() {
    return xid;
  }

  /**
   * Program number.
   *
   * @return as on the wire
   */
  public int program() {
    return program;
  }

  /**
   * The program's version.
   *
   * @return as on the wire
   */
  public int version() {
    return version;
  }

  /**
   * Procedure number.
   *
   * @return as on the wire
   */
  public int procedure() {
    return procedure;
  }

  /**
   * The credential's flavor, see {@link AuthFlavor}.
   *
   * @return as on the wire
   */
  public int flavor() {
    return flavor;
  }

  /**
   * Where the credential's body begins.
   *
   * @return index in the buffer that was read
   */
  public int credentialAt() {
    return credentialAt;
  }

  /**
   * Length of the credential's body.
   *
   * @return bytes without padding, 0 to 400
   */
  public int credentialLength() {
    return credentialLength;
  }

  /**
   * Where the procedure's arguments begin.
   *
   * @return index in the buffer that was read
   */
  public int argumentsAt() {
    return argumentsAt;
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
