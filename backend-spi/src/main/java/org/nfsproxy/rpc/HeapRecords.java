package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nfsproxy.xdr.XdrException;

/**
 * Puts records together (RFC 5531 section 11) that arrive cut anywhere, and hands each out as a
 * heap buffer that needs no release: for questions, tests and an embedded server, where a copy does
 * not matter. Used by one thread at a time.
 */
// The array grows with the bytes that really came, never with a length that was only announced: a
// marker of 2 GiB costs its sender a closed connection, and us nothing.
public final class HeapRecords {
  private static final int FIRST_BYTES = 512;

  private final int recordBytesMax;
  private final Consumer<ByteBuf> records;
  private byte[] record = new byte[FIRST_BYTES];
  private int recordBytes;
  private int marker;
  private int markerBytes;
  private int fragmentLeft;

  /**
   * Begins at the start of a record.
   *
   * @param recordBytesMax the longest record accepted, in bytes without markers
   * @param records is given each record as soon as it is whole, without markers
   */
  public HeapRecords(int recordBytesMax, Consumer<ByteBuf> records) {
    this.recordBytesMax = recordBytesMax;
    this.records = records;
  }

  /**
   * Takes more of the stream.
   *
   * @param bytes read to their end; not released
   * @throws XdrException if a record is longer than allowed; nothing more can be read then
   */
  public void accept(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (markerBytes < RecordMarking.MARKER_BYTES) {
        marker = marker << 8 | bytes.readUnsignedByte();
        if (++markerBytes < RecordMarking.MARKER_BYTES) {
          continue;
        }
        beginFragment();
      } else {
        int length = Math.min(fragmentLeft, bytes.readableBytes());
        bytes.readBytes(room(length), recordBytes, length);
        recordBytes += length;
        fragmentLeft -= length;
      }
      if (fragmentLeft == 0) {
        endFragment();
      }
    }
  }

  private void beginFragment() {
    fragmentLeft = RecordMarking.length(marker);
    if (fragmentLeft > recordBytesMax - recordBytes) {
      throw new XdrException(
          "record of " + ((long) recordBytes + fragmentLeft) + " bytes, above " + recordBytesMax);
    }
  }

  private void endFragment() {
    markerBytes = 0;
    if (RecordMarking.isLast(marker)) {
      ByteBuf whole = Unpooled.wrappedBuffer(record, 0, recordBytes);
      record = new byte[FIRST_BYTES];
      recordBytes = 0;
      records.accept(whole);
    }
  }

  private byte[] room(int length) {
    int needed = recordBytes + length;
    if (needed > record.length) {
      record = Arrays.copyOf(record, (int) Math.max(needed, Math.min(recordBytesMax, 2L * needed)));
    }
    return record;
  }
}
