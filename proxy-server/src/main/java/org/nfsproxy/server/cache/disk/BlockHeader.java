package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/**
 * What stands in front of a block's data, and a second time in its slab's table: what the data are.
 *
 * <pre>
 *  0       8    24         32     36     40       48       52       56       60
 *  +-------+----+----------+------+------+--------+--------+--------+--------+
 *  | magic | id | sequence | slab | slot | offset | length | NFS v. | handle |
 *  |       |    |          |      |      |        |        |        | length |
 *  +-------+----+----------+------+------+--------+--------+--------+--------+
 *  60       188      252          504           508          512
 *  +--------+---------+- - - - - -+-------------+------------+- - -
 *  | handle | version | zeros     | sum of data | sum of     | data
 *  |        |         |           | and header  | the header |
 *  +--------+---------+- - - - - -+-------------+------------+- - -
 * </pre>
 *
 * @param sequence which write it was, so that the later one of two counts
 * @param slab where it was put
 * @param slot in which of its slots
 */
// That it says where it was put makes a slab that somebody has renamed, and a write that the disk
// has put elsewhere, worth nothing.
record BlockHeader(
    StoreId id,
    long sequence,
    int slab,
    int slot,
    FileKey key,
    FileVersion version,
    long offset,
    int length) {
  static final int BYTES = 512;

  private static final long MAGIC = 0x4e465350424c4b31L; // NFSPBLK1
  private static final int ID = 8;
  private static final int SEQUENCE = 24;
  private static final int SLAB = 32;
  private static final int SLOT = 36;
  private static final int OFFSET = 40;
  private static final int LENGTH = 48;
  private static final int NFS_VERSION = 52;
  private static final int HANDLE_LENGTH = 56;
  private static final int HANDLE = 60;
  private static final int VERSION = HANDLE + Filehandle.NFS4_BYTES_MAX;
  private static final int DATA_SUM = BYTES - 8;
  private static final int HEADER_SUM = BYTES - 4;

  /**
   * Writes it in front of its data, with the sums of both.
   *
   * @param buffer has the data already, {@link #BYTES} behind {@code at}
   */
  void write(ByteBuf buffer, int at) {
    buffer.setZero(at, BYTES);
    buffer.setLong(at, MAGIC);
    id.write(buffer, at + ID);
    buffer.setLong(at + SEQUENCE, sequence);
    buffer.setInt(at + SLAB, slab).setInt(at + SLOT, slot);
    buffer.setLong(at + OFFSET, offset).setInt(at + LENGTH, length);
    buffer.setInt(at + NFS_VERSION, key.nfsVersion());
    byte[] handle = key.handle().bytes();
    buffer.setInt(at + HANDLE_LENGTH, handle.length).setBytes(at + HANDLE, handle);
    write(version, buffer, at + VERSION);
    buffer.setInt(at + DATA_SUM, Sums.of(buffer, at, DATA_SUM, at + BYTES, length));
    buffer.setInt(at + HEADER_SUM, Sums.of(buffer, at, HEADER_SUM));
  }

  private static void write(FileVersion version, ByteBuf buffer, int at) {
    buffer.setLong(at, version.change()).setLong(at + 8, version.size());
    buffer.setLong(at + 16, version.fsidMajor()).setLong(at + 24, version.fsidMinor());
    buffer.setLong(at + 32, version.fileid());
    buffer.setLong(at + 40, version.modified()).setInt(at + 48, version.modifiedNanos());
    buffer.setLong(at + 52, version.changed()).setInt(at + 60, version.changedNanos());
  }

  /**
   * Reads one.
   *
   * @param buffer has {@link #BYTES} from {@code at} on
   * @return null if it is none that was written whole
   */
  static @Nullable BlockHeader read(ByteBuf buffer, int at) {
    if (buffer.getLong(at) != MAGIC
        || buffer.getInt(at + HEADER_SUM) != Sums.of(buffer, at, HEADER_SUM)) {
      return null;
    }
    int handleLength = buffer.getInt(at + HANDLE_LENGTH);
    int nfsVersion = buffer.getInt(at + NFS_VERSION);
    long offset = buffer.getLong(at + OFFSET);
    int length = buffer.getInt(at + LENGTH);
    FileVersion version = version(buffer, at + VERSION);
    if (handleLength < 0
        || handleLength > Filehandle.NFS4_BYTES_MAX
        || !isRange(offset, length, version)) {
      return null;
    }
    return new BlockHeader(
        StoreId.read(buffer, at + ID),
        buffer.getLong(at + SEQUENCE),
        buffer.getInt(at + SLAB),
        buffer.getInt(at + SLOT),
        new FileKey(Filehandle.copy(buffer, at + HANDLE, handleLength), nfsVersion),
        version,
        offset,
        length);
  }

  private static FileVersion version(ByteBuf buffer, int at) {
    return new FileVersion(
        buffer.getLong(at),
        buffer.getLong(at + 8),
        buffer.getLong(at + 16),
        buffer.getLong(at + 24),
        buffer.getLong(at + 32),
        buffer.getLong(at + 40),
        buffer.getInt(at + 48),
        buffer.getLong(at + 52),
        buffer.getInt(at + 60));
  }

  /** Whether a version of a file can have bytes there. */
  static boolean isRange(long offset, int length, FileVersion version) {
    return offset >= 0
        && length > 0
        && version.size() >= length
        && offset <= version.size() - length;
  }

  /** Whether it and the data behind it are what was written together. */
  boolean goesWithData(ByteBuf buffer, int at) {
    return buffer.getInt(at + DATA_SUM) == Sums.of(buffer, at, DATA_SUM, at + BYTES, length);
  }

  /** Whether it is of a block, as that should be. */
  boolean isOf(DiskBlock block, StoreId store) {
    return id.equals(store)
        && slab == block.slab.number
        && slot == block.slot
        && offset == block.offset
        && length == block.length
        && key.equals(block.file.key)
        && version.equals(block.file.version);
  }
}
