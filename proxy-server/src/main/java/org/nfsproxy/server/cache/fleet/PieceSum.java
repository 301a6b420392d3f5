package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/** A CRC32C of bytes, and of which bytes of which version of which file they are. */
// TCP's sum lets one damaged segment in some thousands pass; and a fault of ours that puts bytes in
// another's place is found by it too.
final class PieceSum {
  private static final int VERSION_BYTES = 8 * Long.BYTES + 2 * Integer.BYTES;

  private PieceSum() {}

  /**
   * Of bytes.
   *
   * @param bytes their readable ones; their reader index is not moved
   */
  static int of(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    byte[] handle = key.handle().bytes();
    ByteBuffer which = ByteBuffer.allocate(2 * Integer.BYTES + handle.length + VERSION_BYTES);
    which.putInt(key.nfsVersion()).putInt(handle.length).put(handle);
    which.putLong(version.change()).putLong(version.size());
    which.putLong(version.fsidMajor()).putLong(version.fsidMinor()).putLong(version.fileid());
    which.putLong(version.modified()).putInt(version.modifiedNanos());
    which.putLong(version.changed()).putInt(version.changedNanos());
    which.putLong(offset).flip();
    CRC32C crc = new CRC32C();
    crc.update(which);
    for (ByteBuffer part : bytes.nioBuffers()) {
      crc.update(part);
    }
    return (int) crc.getValue();
  }
}
