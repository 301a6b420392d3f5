package org.nfsproxy.nfs;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The opaque name of an object, exactly as its server gave it: 32 bytes in NFSv2, up to 64 in NFSv3
 * (RFC 1813 section 2.4), up to 128 in NFSv4 (RFC 8881 section 3.1). Compared byte by byte, never
 * padded, never looked into.
 */
public final class Filehandle {
  /** Length of an NFSv2 filehandle. */
  public static final int NFS2_BYTES = 32;

  /** The longest NFSv3 filehandle. */
  public static final int NFS3_BYTES_MAX = 64;

  /** The longest NFSv4 filehandle. */
  public static final int NFS4_BYTES_MAX = 128;

  private final byte[] bytes;
  private final int hash;

  private Filehandle(byte[] bytes) {
    if (bytes.length > NFS4_BYTES_MAX) {
      throw new IllegalArgumentException("filehandle of " + bytes.length + " bytes");
    }
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /**
   * A filehandle of these bytes.
   *
   * @param bytes copied
   * @return the filehandle
   * @throws IllegalArgumentException if there are more than {@link #NFS4_BYTES_MAX}
   */
  public static Filehandle of(byte[] bytes) {
    return new Filehandle(bytes.clone());
  }

  /**
   * A filehandle copied out of a record.
   *
   * @param buffer the record
   * @param at index of the first byte
   * @param length bytes
   * @return the filehandle
   */
  public static Filehandle copy(ByteBuf buffer, int at, int length) {
    return new Filehandle(ByteBufUtil.getBytes(buffer, at, length, true));
  }

  /**
   * Length on the wire.
   *
   * @return bytes
   */
  public int length() {
    return bytes.length;
  }

  /**
   * The bytes.
   *
   * @return a copy
   */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Filehandle that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** Hexadecimal, as packet dissectors print it. */
  @Override
  public String toString() {
    return ByteBufUtil.hexDump(bytes);
  }
}
