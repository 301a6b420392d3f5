package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.member.FrameSocket;

/** Files, versions and bytes for tests. */
final class Told {
  static final long SIZE = 1L << 30;

  private Told() {}

  static FileKey file(int number) {
    return new FileKey(Filehandle.of(ByteBuffer.allocate(32).putInt(number).array()), 3);
  }

  /** A version of a file of 1 GiB; higher numbers are newer. */
  static FileVersion version(int number) {
    return version(number, SIZE);
  }

  static FileVersion version(int number, long size) {
    return new FileVersion(0, size, 1, 0, 7, 1000 + number, 5, 1000 + number, 9);
  }

  /** By somebody whose data will be proven to be of a version. */
  static Question ask(FileKey key, FileVersion known, long from, long to) {
    return new Question(key, known, true, from, to);
  }

  /** By somebody who knows nothing of the file. */
  static Question ask(FileKey key, long from, long to) {
    return new Question(key, null, false, from, to);
  }

  static byte[] bytes(FileVersion version, long from, long to) {
    byte[] bytes = new byte[(int) (to - from)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ((from + i) * 31 + (from + i >> 8) + version.changed());
    }
    return bytes;
  }

  static ByteBuf buffer(FileVersion version, long from, long to) {
    return Unpooled.wrappedBuffer(bytes(version, from, to));
  }

  /** A frame as it is sent in the clear. */
  static byte[] record(NeighbourFrame frame) {
    return ByteBufUtil.getBytes(
        FrameSocket.record(new NeighbourFrame.Form(Integer.MAX_VALUE), frame));
  }

  static String hex(byte[] bytes) {
    return ByteBufUtil.hexDump(bytes);
  }
}
