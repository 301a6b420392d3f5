package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.VersionedRead;

/**
 * What the origin says to a READ, whatever the version of NFS. One is used for many replies; not
 * for several threads at once.
 *
 * <pre>
 *  READ's results, from the eof on, RFC 1813 section 3.3.6, RFC 8881 section 18.22:
 *            +-----+--------+------+-----+
 *            | eof | length | data | pad |
 *            +-----+--------+------+-----+
 *                           ^ dataAt
 * </pre>
 */
abstract class ReadReply {
  private static final int EOF = -8;
  private static final int LENGTH = -4;

  int status;
  int dataAt;
  int dataLength;
  @Nullable FileVersion version;

  /** Whether it is the reply to another call, which the origin has sent again. */
  boolean isOfAnother;

  /**
   * Reads one.
   *
   * @param record the origin's whole record, marker included; stays the caller's
   * @param call what the client's COMPOUND was made into; null in NFSv3
   * @throws org.nfsproxy.xdr.XdrException if it is no reply to such a call
   */
  abstract void read(ByteBuf record, @Nullable VersionedRead call);

  /**
   * Takes out what the client did not ask for, in place; the record may begin further on then.
   *
   * @param record the one that was read
   */
  abstract void strip(ByteBuf record);

  /**
   * Writes the count of bytes where it stands beside their length, relative to the data's index.
   */
  abstract void count(ByteBuf head, int dataAt, int count);

  /** Whether there are data, and it is known which version they are of. */
  boolean hasData() {
    return dataAt >= 0 && version != null;
  }

  /**
   * Writes eof and length into a copy of what stands before the data.
   *
   * @param head the copy; it ends where the data begin
   * @param eof whether the data reach the file's end
   * @param length how many bytes they are
   */
  final void say(ByteBuf head, boolean eof, int length) {
    int at = head.writerIndex();
    head.setInt(at + EOF, eof ? 1 : 0);
    head.setInt(at + LENGTH, length);
    count(head, at, length);
  }
}
