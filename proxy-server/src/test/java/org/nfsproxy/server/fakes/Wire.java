package org.nfsproxy.server.fakes;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.xdr.XdrWriter;

/** RPC messages and records as bytes, RFC 5531 sections 9 and 11. */
public final class Wire {
  /** NFS. */
  public static final int NFS = 100003;

  /** MOUNT. */
  public static final int MOUNT = 100005;

  /** READ of NFSv3. */
  public static final int READ = 6;

  /** WRITE of NFSv3. */
  public static final int WRITE = 7;

  private static final byte[] HANDLE = new byte[32];

  private Wire() {}

  /**
   * Bytes in XDR.
   *
   * @param writing writes them
   * @return the bytes
   */
  public static byte[] xdr(Consumer<XdrWriter> writing) {
    ByteBuf buffer = Unpooled.buffer();
    writing.accept(new XdrWriter(buffer));
    return ByteBufUtil.getBytes(buffer);
  }

  /**
   * A message as a record of one fragment.
   *
   * @param message the message
   * @return marker and message
   */
  public static byte[] record(byte[] message) {
    return concat(marker(RecordMarking.lastFragment(message.length)), message);
  }

  /**
   * A record marker, or any other word.
   *
   * @param word the bit for the last fragment, and a length
   * @return four bytes
   */
  public static byte[] marker(int word) {
    return ByteBuffer.allocate(RecordMarking.MARKER_BYTES).putInt(word).array();
  }

  /**
   * Bytes one behind the other.
   *
   * @param parts the bytes
   * @return all of them
   */
  public static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /**
   * A message as fragments of one byte each, and an empty last one.
   *
   * @param message the message
   * @return the record
   */
  public static byte[] crumbs(byte[] message) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    for (byte each : message) {
      record.writeBytes(marker(1));
      record.write(each);
    }
    record.writeBytes(marker(RecordMarking.lastFragment(0)));
    return record.toByteArray();
  }

  /**
   * A call's message with AUTH_NONE.
   *
   * @param xid its xid
   * @param program its program
   * @param version the program's version
   * @param procedure its procedure
   * @param arguments writes its arguments
   * @return the message, without marker
   */
  public static byte[] call(
      int xid, int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    return call(xid, program, version, procedure, 0, new byte[0], arguments);
  }

  /**
   * A call's message with any credential, and a verifier of AUTH_NONE.
   *
   * @param xid its xid
   * @param program its program
   * @param version the program's version
   * @param procedure its procedure
   * @param flavor the credential's flavor
   * @param credential the credential's body, of any length
   * @param arguments writes its arguments
   * @return the message, without marker
   */
  public static byte[] call(
      int xid,
      int program,
      int version,
      int procedure,
      int flavor,
      byte[] credential,
      Consumer<XdrWriter> arguments) {
    return xdr(
        out -> {
          out.int32(xid).int32(0).int32(2).int32(program).int32(version).int32(procedure);
          out.int32(flavor).opaque(credential).int32(0).int32(0);
          arguments.accept(out);
        });
  }

  /**
   * The record of a call of NULL of NFSv3.
   *
   * @param xid its xid
   * @return the record
   */
  public static byte[] nfsNull(int xid) {
    return record(call(xid, NFS, 3, 0, none -> {}));
  }

  /**
   * The record of a call of NULL of MOUNT version 3.
   *
   * @param xid its xid
   * @return the record
   */
  public static byte[] mountNull(int xid) {
    return record(call(xid, MOUNT, 3, 0, none -> {}));
  }

  /**
   * The record of a call of READ of NFSv3.
   *
   * @param xid its xid
   * @return the record
   */
  public static byte[] read(int xid) {
    return record(call(xid, NFS, 3, READ, out -> out.opaque(HANDLE).int64(0).int32(1 << 20)));
  }

  /**
   * The message of a call of WRITE of NFSv3.
   *
   * @param xid its xid
   * @param messageBytes how long it shall be, a multiple of 4 and at least 100
   * @return the message, without marker
   */
  public static byte[] write(int xid, int messageBytes) {
    int payload = messageBytes - call(xid, NFS, 3, WRITE, out -> write(out, 0)).length;
    return call(xid, NFS, 3, WRITE, out -> write(out, payload));
  }

  private static void write(XdrWriter out, int payload) {
    out.opaque(HANDLE).int64(0).int32(payload).int32(0).opaque(new byte[payload]);
  }

  /**
   * The record of an accepted reply with SUCCESS.
   *
   * @param xid the call's
   * @param results what follows the status
   * @return the record
   */
  public static byte[] reply(int xid, byte... results) {
    return record(replyMessage(xid, results));
  }

  /**
   * The message of an accepted reply with SUCCESS.
   *
   * @param xid the call's
   * @param results what follows the status
   * @return the message, without marker
   */
  public static byte[] replyMessage(int xid, byte... results) {
    return concat(words(xid, 1, 0, 0, 0, 0), results);
  }

  /**
   * The record of a callback: CB_NULL, or whatever else has no arguments.
   *
   * @param xid its xid, of the origin's choice
   * @return the record
   */
  public static byte[] callback(int xid) {
    return record(call(xid, 0x4000_0000, 1, 0, none -> {}));
  }

  /**
   * 32-bit words.
   *
   * @param words the words
   * @return their bytes
   */
  public static byte[] words(int... words) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * words.length);
    for (int word : words) {
      bytes.putInt(word);
    }
    return bytes.array();
  }

  /**
   * One word of a message.
   *
   * @param message the message, without marker
   * @param index which, from 0; 0 is the xid
   * @return the word
   */
  public static int word(byte[] message, int index) {
    return ByteBuffer.wrap(message).getInt(4 * index);
  }
}
