package org.nfsproxy.server.cache.disk;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;

/** CRC32C of what is in buffers. */
final class Sums {
  private Sums() {}

  static int of(ByteBuf buffer, int at, int length) {
    return of(buffer, at, length, 0, 0);
  }

  /** Of two parts, one behind the other. */
  static int of(ByteBuf buffer, int at, int length, int thenAt, int thenLength) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.nioBuffer(at, length));
    crc.update(buffer.nioBuffer(thenAt, thenLength));
    return (int) crc.getValue();
  }
}
