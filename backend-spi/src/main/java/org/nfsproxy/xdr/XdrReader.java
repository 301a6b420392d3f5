package org.nfsproxy.xdr;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over XDR items (RFC 4506) in a buffer. It copies nothing, allocates nothing and never
 * reads outside the range it was set to. Every length is compared with its bound and with the bytes
 * left before it is used, so a length of 4 GiB is an {@link XdrException} like any other.
 *
 * <p>One reader serves many records: {@link #reset} points it at the next. Not safe for use by
 * several threads at once.
 */
// The indices are the buffer's own, so a caller can keep them (where a filehandle sits, where the
// arguments begin) and come back to the bytes later without a slice.
public final class XdrReader {
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private int at;
  private int end;

  /**
   * Points the cursor at a range of a buffer, whose reader index does not matter and is not moved.
   *
   * @param buffer the bytes; the reader keeps no reference count of its own
   * @param from index of the first byte
   * @param to index behind the last byte
   * @return this
   */
  public XdrReader reset(ByteBuf buffer, int from, int to) {
    if (from < 0 || to < from || to > buffer.writerIndex()) {
      throw new XdrException("range " + from + " to " + to + " of " + buffer.writerIndex());
    }
    this.buffer = buffer;
    this.at = from;
    this.end = to;
    return this;
  }

  /**
   * Points the cursor at the readable bytes of a buffer.
   *
   * @param buffer the bytes
   * @return this
   */
  public XdrReader reset(ByteBuf buffer) {
    return reset(buffer, buffer.readerIndex(), buffer.writerIndex());
  }

  /**
   * The buffer that is read.
   *
   * @return the buffer given to {@link #reset}
   */
  public ByteBuf buffer() {
    return buffer;
  }

  /**
   * Index of the next byte, in the buffer's own counting.
   *
   * @return the index
   */
  public int position() {
    return at;
  }

  /**
   * Bytes left.
   *
   * @return how many
   */
  public int remaining() {
    return end - at;
  }

  /**
   * Goes to an index, forward or back.
   *
   * @param position an index inside the range
   */
  public void position(int position) {
    if (position < 0 || position > end) {
      throw new XdrException("position " + position + " beyond " + end);
    }
    at = position;
  }

  /**
   * Four bytes, signed or unsigned as the caller takes them.
   *
   * @return the integer
   */
  public int int32() {
    need(4);
    int value = buffer.getInt(at);
    at += 4;
    return value;
  }

  /**
   * Four bytes, unsigned.
   *
   * @return 0 to 2^32-1
   */
  public long uint32() {
    return int32() & 0xffff_ffffL;
  }

  /**
   * A hyper integer: eight bytes.
   *
   * @return the integer
   */
  public long int64() {
    need(8);
    long value = buffer.getLong(at);
    at += 8;
    return value;
  }

  /**
   * A boolean. Anything but 0 and 1 is an error, as RFC 4506 section 4.4 has it.
   *
   * @return the value
   */
  public boolean bool() {
    int value = int32();
    if ((value & ~1) != 0) {
      throw new XdrException("boolean of value " + (value & 0xffff_ffffL));
    }
    return value == 1;
  }

  /**
   * An unsigned count or length that must not exceed a bound. Nothing is skipped behind it.
   *
   * @param max the largest value allowed
   * @return 0 to max
   */
  public int count(int max) {
    int value = int32();
    if (value < 0 || value > max) {
      throw new XdrException("count " + (value & 0xffff_ffffL) + " above " + max);
    }
    return value;
  }

  /**
   * Passes over bytes that are already a multiple of four, or fixed-length opaque data together
   * with its padding.
   *
   * @param bytes length without padding
   */
  public void skip(int bytes) {
    int padded = padded(bytes);
    need(padded);
    at += padded;
  }

  /**
   * Passes over variable-length opaque data or a string: length, bytes, padding.
   *
   * @param max the longest length allowed
   * @return the length without padding; the bytes begin at the position before this call plus 4
   */
  public int skipOpaque(int max) {
    int length = count(max);
    skip(length);
    return length;
  }

  /**
   * Copies variable-length opaque data.
   *
   * @param max the longest length allowed
   * @return the bytes, without padding
   */
  public byte[] opaque(int max) {
    int length = count(max);
    int from = at;
    skip(length);
    byte[] bytes = new byte[length];
    buffer.getBytes(from, bytes);
    return bytes;
  }

  /**
   * Copies fixed-length opaque data.
   *
   * @param length the length without padding
   * @return the bytes
   */
  public byte[] fixed(int length) {
    int from = at;
    skip(length);
    byte[] bytes = new byte[length];
    buffer.getBytes(from, bytes);
    return bytes;
  }

  /**
   * A string as UTF-8, for logs and lists. Names on the wire are bytes: where they must survive,
   * use {@link #opaque}.
   *
   * @param max the longest length in bytes
   * @return the text
   */
  public String string(int max) {
    return new String(opaque(max), StandardCharsets.UTF_8);
  }

  private static int padded(int bytes) {
    if (bytes < 0 || bytes > Integer.MAX_VALUE - 3) {
      throw new XdrException("length " + (bytes & 0xffff_ffffL));
    }
    return (bytes + 3) & ~3;
  }

  private void need(int bytes) {
    if (bytes > end - at) {
      throw new XdrException("needs " + bytes + " bytes, " + (end - at) + " left");
    }
  }
}
