package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.Part;

/**
 * Takes back what ACCESS grants and a filesystem that may only be read cannot keep: a client that
 * is told it may write opens the file, keeps what was written in its cache, and loses it at close.
 *
 * <pre>
 *  RFC 1813 section 3.3.4, RFC 8881 section 18.1, RFC 8276 section 8.5; the same bits in NFS_ACL:
 *  0x001 READ      0x004 MODIFY    0x010 DELETE    0x040 XAREAD    0x100 XALIST
 *  0x002 LOOKUP    0x008 EXTEND    0x020 EXECUTE   0x080 XAWRITE
 * </pre>
 *
 * <p>The bits are changed where they stand, in the {@link Part#GRANTED} of a reply. What NFSv4 says
 * is {@code supported} stays: it is what the server could tell, not what it allows.
 */
// As the Linux server answers for an export that is "ro" (fs/nfsd/vfs.c, nfsd_access and
// nfsd_permission): whatever needs NFSD_MAY_WRITE, SATTR or TRUNC is not granted, of a device too.
//
// A record's bytes lie in a chunk with other records'. They are nobody else's all the same, so they
// may be written, on their way too; only a buffer that is read-only must be copied first.
public final class GrantedAccess {
  /** MODIFY, EXTEND, DELETE and XAWRITE. */
  static final int WRITES = 0x04 | 0x08 | 0x10 | 0x80;

  private GrantedAccess() {}

  /**
   * Takes back every grant of writing.
   *
   * @param bytes where the reply lies; changed in place
   * @param at where a {@link Part#GRANTED} begins
   * @return false if there is something to take back and the bytes cannot be written: then they are
   *     as they were, and {@link #writable} helps
   */
  public static boolean takeBackWrites(ByteBuf bytes, int at) {
    int granted = bytes.getInt(at);
    if ((granted & WRITES) == 0) {
      return true;
    }
    if (bytes.isReadOnly()) {
      return false;
    }
    bytes.setInt(at, granted & ~WRITES);
    return true;
  }

  /**
   * A record that can be written, with the same indices.
   *
   * @param record the whole record; no longer the caller's
   * @return the same, or a copy if that is read-only; the caller's
   */
  public static ByteBuf writable(ByteBuf record) {
    if (!record.isReadOnly()) {
      return record;
    }
    int from = record.readerIndex();
    ByteBuf copy = record.alloc().buffer(record.writerIndex()).setIndex(from, from);
    copy.writeBytes(record, from, record.readableBytes());
    record.release();
    return copy;
  }
}
