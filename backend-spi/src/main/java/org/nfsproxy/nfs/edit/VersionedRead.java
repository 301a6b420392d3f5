package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundWalk;

/**
 * A READ that asks for less than its client wants, and a COMPOUND with one that asks for the file's
 * version as well. {@link VersionedReadReply} takes the version out of the reply.
 *
 * <pre>
 *  | marker | header | tag | minor | n     | SEQUENCE | PUTFH | READ, 1 MiB  |
 *  | marker'| header | tag | minor | n + 1 | SEQUENCE | PUTFH | READ, 1 byte | GETATTR |
 *                                                                              ^ 16 bytes
 * </pre>
 */
// READ says nothing of the file's version in NFSv4; in NFSv3 its attributes come with the data. The
// GETATTR stands behind all that the client sent, so nothing of the client's depends on it, and the
// results of what the client sent are those of a COMPOUND without it.
public final class VersionedRead {
  /** What the GETATTR adds to a call: number, a bitmap of two words. */
  public static final int CALL_BYTES = 16;

  /** What it adds to a reply: number, status, bitmap of two words, length, and the values. */
  public static final int REPLY_BYTES = 8 + 12 + 4 + 64;

  private static final int COUNT_BEHIND = 8;

  private VersionedRead() {}

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
   * Puts the GETATTR behind a COMPOUND's last operation.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param walk what was found in it, whose last operation is about the file that is read
   * @return the record, marker included; the caller's
   */
  public static ByteBuf askForVersion(ByteBuf record, CompoundWalk<Nfs4> walk) {
    return new Splice(record)
        .word(walk.countAt(), walk.count() + 1)
        .bytes(walk.end(), record.writerIndex() - walk.end(), getattr())
        .end();
  }

  /**
   * The GETATTR that asks for the version, as it stands in a call.
   *
   * @return {@link #CALL_BYTES} bytes
   */
  public static byte[] getattr() {
    return ByteBuffer.allocate(CALL_BYTES)
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
