package org.nfsproxy.xdr;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Writes XDR items (RFC 4506) at the writer index of a buffer, which grows as it must. */
public final class XdrWriter {
  private final ByteBuf buffer;

  /**
   * Writes into a buffer.
   *
   * @param buffer where to; stays the caller's
   */
  public XdrWriter(ByteBuf buffer) {
    this.buffer = buffer;
  }

  /**
   * The buffer that is written.
   *
   * @return the buffer given to the constructor
   */
  public ByteBuf buffer() {
    return buffer;
  }

  /**
   * Four bytes.
   *
   * @param value signed or unsigned
   * @return this
   */
  public XdrWriter int32(int value) {
    buffer.writeInt(value);
    return this;
  }

  /**
   * Eight bytes.
   *
   * @param value signed or unsigned
   * @return this
   */
  public XdrWriter int64(long value) {
    buffer.writeLong(value);
    return this;
  }

  /**
   * A boolean, as 0 or 1 in four bytes.
   *
   * @param value the value
   * @return this
   */
  public XdrWriter bool(boolean value) {
    buffer.writeInt(value ? 1 : 0);
    return this;
  }

  /**
   * Variable-length opaque data: length, bytes, padding.
   *
   * @param bytes the bytes
   * @return this
   */
  public XdrWriter opaque(byte[] bytes) {
    buffer.writeInt(bytes.length);
    return fixed(bytes);
  }

  /**
   * Fixed-length opaque data: bytes, padding.
   *
   * @param bytes the bytes
   * @return this
   */
  public XdrWriter fixed(byte[] bytes) {
    buffer.writeBytes(bytes);
    buffer.writeZero(-bytes.length & 3);
    return this;
  }

  /**
   * A string in UTF-8.
   *
   * @param text the text
   * @return this
   */
  public XdrWriter string(String text) {
    return opaque(text.getBytes(StandardCharsets.UTF_8));
  }
}
