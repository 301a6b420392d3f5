package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundWalk;

/**
 * A COMPOUND with a READ that asks for the file's version as well, and for an answer to this call
 * and no other. {@link VersionedReadReply} takes both out of the reply.
 *
 * <pre>
 *  | marker | header | n      | tag         | minor | n     | SEQUENCE | PUTFH | READ |
 *  | marker'| header | n + 12 | nonce | tag | minor | n + 1 | SEQUENCE | PUTFH | READ | GETATTR |
 *                                                                                   ^ 16 bytes
 * </pre>
 *
 * @param operations how many operations the client sent
 * @param read which of them is the READ
 * @param tagLength how long the client's tag is, in bytes
 * @param nonce of which {@link #NONCE_BITS} are told
 */
// READ says nothing of the file's version in NFSv4; in NFSv3 its attributes come with the data. The
// GETATTR stands behind all that the client sent, so nothing of the client's depends on it, and the
// results of what the client sent are those of a COMPOUND without it.
//
// An origin may answer a call with the reply that it has kept of another one: of the same slot and
// sequence number (RFC 8881 section 2.10.6.1.3.1: it need not find out that the call is another),
// or of the same xid. Whose file, offset and moment the data are of, such a reply does not tell. A
// reply repeats its call's tag (section 16.2), and nobody but the origin sees the nonce in it.
public record VersionedRead(int operations, int read, int tagLength, long nonce) {
  /** What the nonce adds to a call's tag, and to its reply's: five bits to a letter. */
  public static final int NONCE_BYTES = 12;

  /** How many of its bits are told. */
  public static final int NONCE_BITS = 5 * NONCE_BYTES;

  private static final int GETATTR_BYTES = 16;

  /** What it adds to a call: the nonce, and GETATTR's number and bitmap of two words. */
  public static final int CALL_BYTES = NONCE_BYTES + GETATTR_BYTES;

  /** What it adds to a reply: the nonce; number, status, bitmap, length, and the values. */
  public static final int REPLY_BYTES = NONCE_BYTES + 8 + 12 + 4 + 64;

  /** A longer tag is left as it is. Linux sends none, and takes 128 bytes. */
  public static final int TAG_BYTES_MAX = 64;

  private static final int COUNT_BEHIND = 8;

  /**
   * What is to be asked of a COMPOUND.
   *
   * @param walk what was found in it, whose last operation is about the file that is read
   * @param read the number of its READ
   * @param nonce one that no client can know
   */
  public static VersionedRead of(CompoundWalk<Nfs4> walk, int read, long nonce) {
    return new VersionedRead(walk.count(), read, walk.tagLength(), nonce);
  }

  /**
   * Lowers the count of a READ to one byte, in place.
   *
   * @param record where it is
   * @param rangeAt where its {@link Part#RANGE} begins
   */
  public static void askForOneByte(ByteBuf record, int rangeAt) {
    record.setInt(rangeAt + COUNT_BEHIND, 1);
  }

  /**
   * Puts the GETATTR behind the COMPOUND's last operation, and the nonce before its tag.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param walk what was found in it
   * @return the record, marker included; the caller's
   */
  public ByteBuf ask(ByteBuf record, CompoundWalk<Nfs4> walk) {
    return new Splice(record)
        .word(walk.tagAt() - 4, tagLength + NONCE_BYTES)
        .bytes(walk.tagAt(), 0, letters())
        .word(walk.countAt(), operations + 1)
        .bytes(walk.end(), record.writerIndex() - walk.end(), getattr())
        .end();
  }

  private byte[] letters() {
    byte[] letters = new byte[NONCE_BYTES];
    for (int i = 0; i < NONCE_BYTES; i++) {
      letters[i] = letter(i);
    }
    return letters;
  }

  private byte letter(int i) {
    int bits = (int) (nonce >>> 5 * i) & 31;
    return (byte) (bits < 26 ? 'a' + bits : '2' + bits - 26);
  }

  /** Whether a tag begins with the nonce, and is as long as the one that was sent. */
  boolean hasNonce(ByteBuf record, int tagAt, int length) {
    if (length != tagLength + NONCE_BYTES) {
      return false;
    }
    int others = 0;
    for (int i = 0; i < NONCE_BYTES; i++) {
      others |= record.getByte(tagAt + i) ^ letter(i);
    }
    return others == 0;
  }

  /**
   * The GETATTR that asks for the version, as it stands in a call.
   *
   * @return number and bitmap, a multiple of four bytes
   */
  public static byte[] getattr() {
    return ByteBuffer.allocate(GETATTR_BYTES)
        .putInt(Nfs4.GETATTR.number())
        .putInt(2)
        .putInt(bits(0, Attribute4.CHANGE, Attribute4.SIZE, Attribute4.FSID, Attribute4.FILEID))
        .putInt(bits(1, Attribute4.TIME_METADATA, Attribute4.TIME_MODIFY))
        .array();
  }

  private static int bits(int word, Attribute4... attributes) {
    int bits = 0;
    for (Attribute4 attribute : attributes) {
      bits |= 1 << attribute.number() - 32 * word;
    }
    return bits;
  }
}
