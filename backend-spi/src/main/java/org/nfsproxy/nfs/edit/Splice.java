package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.rpc.RecordMarking;

/**
 * Changes places of a record and leaves the rest where it is: nothing of it is copied. Changes are
 * told in the order of the bytes; the record marker is set anew at the end.
 *
 * <pre>
 *  record   | marker | kept | old | kept                | cut | kept |
 *  becomes  | marker'| kept | longer new bytes  | kept        | kept |
 *             ^ ours   ^ slices of the record's own memory  ^      ^
 * </pre>
 */
// A READDIR with an attribute to drop in each of its entries makes some 2,000 pieces. They cost
// more than a copy then, in memory and in every later access, so above PIECES_MAX the end is one
// copy.
public final class Splice {
  /** A gathering write of Linux takes 1024 pieces (IOV_MAX); a record should be a part of one. */
  static final int PIECES_MAX = 64;

  private final ByteBuf record;
  private final List<ByteBuf> pieces = new ArrayList<>();
  private final int end;
  private int at;
  private int slices;

  /**
   * Begins at a record's first byte.
   *
   * @param record the whole record, marker included, as a single fragment; now this splice's, until
   *     {@link #end} gives another one back
   */
  public Splice(ByteBuf record) {
    this.record = record;
    this.end = record.writerIndex();
    this.at = record.readerIndex() + RecordMarking.MARKER_BYTES;
  }

  /**
   * Replaces bytes by others.
   *
   * @param at index in the record of the first one
   * @param length how many, a multiple of four
   * @param replacement what stands there now, a multiple of four
   * @return this
   * @throws IllegalArgumentException if it lies before a change already told, or not in the record
   */
  public Splice bytes(int at, int length, byte[] replacement) {
    if (at < this.at || length < 0 || at > end - length) {
      throw new IllegalArgumentException(
          "change of " + length + " at " + at + ", between " + this.at + " and " + end);
    }
    boolean isRest = at + length == end; // clients may send any number of bytes behind the last
    if (length % 4 != 0 && !isRest || replacement.length % 4 != 0) {
      throw new IllegalArgumentException(length + " bytes by " + replacement.length);
    }
    keepUntil(at);
    if (replacement.length > 0) {
      pieces.add(Unpooled.wrappedBuffer(replacement));
    }
    this.at = at + length;
    return this;
  }

  private void keepUntil(int to) {
    if (to > at) {
      pieces.add(record.slice(at, to - at));
      slices++;
    }
    at = to;
  }

  /**
   * Takes bytes out.
   *
   * @param at index in the record of the first one
   * @param length how many, a multiple of four
   * @return this
   */
  public Splice cut(int at, int length) {
    return bytes(at, length, new byte[0]);
  }

  /**
   * Changes a word.
   *
   * @param at index in the record of its first byte
   * @param value what it is now
   * @return this
   */
  public Splice word(int at, int value) {
    return bytes(at, 4, words(value));
  }

  /**
   * Replaces opaque data of variable length, with its length and its padding.
   *
   * @param at index in the record of its first byte, behind its length
   * @param length bytes without padding
   * @param replacement what it is now, without padding
   * @return this
   */
  public Splice opaque(int at, int length, byte[] replacement) {
    byte[] whole = new byte[4 + padded(replacement.length)];
    System.arraycopy(words(replacement.length), 0, whole, 0, 4);
    System.arraycopy(replacement, 0, whole, 4, replacement.length);
    return bytes(at - 4, 4 + padded(length), whole);
  }

  /**
   * Puts bytes behind the record's last one.
   *
   * @param words as 32-bit words
   * @return this
   */
  public Splice append(int... words) {
    return bytes(end, 0, words(words));
  }

  /**
   * Makes the changes.
   *
   * @return the record, marker included; the caller's
   */
  public ByteBuf end() {
    keepUntil(end);
    int length = 0;
    for (ByteBuf piece : pieces) {
      length += piece.readableBytes();
    }
    int marker = RecordMarking.lastFragment(length);
    return pieces.size() < PIECES_MAX ? composite(marker) : copy(marker, length);
  }

  private ByteBuf composite(int marker) {
    CompositeByteBuf whole = record.alloc().compositeBuffer(PIECES_MAX);
    whole.addComponent(true, Unpooled.wrappedBuffer(words(marker)));
    // A component gives its reference back; each slice needs one to give.
    if (slices > 0) {
      record.retain(slices);
    }
    whole.addComponents(true, pieces);
    record.release();
    return whole;
  }

  private ByteBuf copy(int marker, int length) {
    ByteBuf whole = record.alloc().buffer(RecordMarking.MARKER_BYTES + length).writeInt(marker);
    for (ByteBuf piece : pieces) {
      whole.writeBytes(piece);
    }
    record.release();
    return whole;
  }

  /**
   * Replaces opaque data of variable length in a record, and does nothing else.
   *
   * @param record the whole record, marker included, as a single fragment; no longer the caller's
   * @param at index of the data's first byte, behind its length
   * @param length bytes without padding
   * @param replacement what it is now, without padding
   * @return the record, marker included; the caller's
   */
  public static ByteBuf replace(ByteBuf record, int at, int length, byte[] replacement) {
    return new Splice(record).opaque(at, length, replacement).end();
  }

  private static int padded(int length) {
    return (length + 3) & ~3;
  }

  private static byte[] words(int... words) {
    byte[] bytes = new byte[4 * words.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (words[i / 4] >>> 24 - 8 * (i % 4));
    }
    return bytes;
  }
}
