package org.nfsproxy.backend.coordinated.agreement;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What an instance says about one of its filesystems.
 *
 * @param serves whether it serves it, or asks first
 * @param sinceMillis since when, by its clock; 0 if it asks
 * @param evidence what it has
 */
// XDR: version 1, serves, since, path, root, kind, UUID, fsid, born.
record MemberStatement(boolean serves, long sinceMillis, FilesystemTraits evidence) {
  private static final int VERSION = 1;
  private static final int TEXT_BYTES_MAX = 4096;

  byte[] bytes() {
    ByteBuf buffer = Unpooled.buffer();
    new XdrWriter(buffer)
        .int32(VERSION)
        .bool(serves)
        .int64(sinceMillis)
        .string(evidence.path())
        .opaque(evidence.root())
        .string(evidence.kind())
        .opaque(evidence.uuid())
        .int64(evidence.fsid())
        .int64(evidence.born());
    return ByteBufUtil.getBytes(buffer);
  }

  /** Nothing if these bytes are no statement of this version: it may come from anybody. */
  static Optional<MemberStatement> read(byte[] bytes) {
    XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(bytes));
    try {
      if (in.int32() != VERSION) {
        return Optional.empty();
      }
      MemberStatement read =
          new MemberStatement(
              in.bool(),
              in.int64(),
              new FilesystemTraits(
                  text(in),
                  in.opaque(TEXT_BYTES_MAX),
                  text(in),
                  in.opaque(TEXT_BYTES_MAX),
                  in.int64(),
                  in.int64()));
      return in.remaining() == 0 ? Optional.of(read) : Optional.empty();
    } catch (XdrException garbage) {
      return Optional.empty();
    }
  }

  private static String text(XdrReader in) {
    return new String(in.opaque(TEXT_BYTES_MAX), StandardCharsets.UTF_8);
  }
}
