package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.function.Consumer;

/**
 * Cuts a TCP byte stream into whole records (RFC 5531 section 11), however it is fragmented, and
 * hands each on as one fragment with its marker in front.
 *
 * <pre>
 *  read:  [00 00 00 01] aa [00 00 00 02] bb cc [80 00 00 00]     two fragments and an empty last one
 *  given: [80 00 00 03] aa bb cc
 * </pre>
 *
 * <p>Not safe for use by several threads at once.
 */
// Nearly every record arrives whole in one chunk: it is then a slice, and nothing is copied. The
// rest is put together: small records in one buffer of the announced length, large ones as a
// composite of slices. A slice pins its whole chunk, so pieces below SLICE_BYTES_MIN are copied;
// else a client that drips bytes would hold far more memory than it sends.
public final class RecordReader {
  /** Up to this length a record that arrives in pieces is copied into one buffer. */
  static final int FLAT_BYTES_MAX = 16 * 1024;

  /** The smallest piece of a longer record that is kept as a slice of its chunk. */
  static final int SLICE_BYTES_MIN = 4 * 1024;

  private final ByteBufAllocator alloc;
  private final int recordBytesMax;
  private final Consumer<ByteBuf> records;

  private int marker;
  private int markerBytes;
  private boolean inFragment;
  private int fragmentLeft;

  private boolean midRecord;
  private int messageBytes;
  private ByteBuf flat;
  private CompositeByteBuf parts;

  /**
   * A reader at the beginning of a stream.
   *
   * @param alloc where memory for records that arrive in pieces comes from
   * @param recordBytesMax the longest message accepted, without markers
   * @param records takes each record, and owns it
   */
  public RecordReader(ByteBufAllocator alloc, int recordBytesMax, Consumer<ByteBuf> records) {
    this.alloc = alloc;
    this.recordBytesMax = recordBytesMax;
    this.records = records;
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @param chunk the bytes; now the reader's
   * @throws RecordException if a record is announced that is longer than allowed; the stream cannot
   *     go on and the reader should be closed
   */
  public void read(ByteBuf chunk) {
    try {
      while (chunk.isReadable()) {
        if (!readWhole(chunk)) {
          readPiece(chunk);
        }
      }
    } finally {
      chunk.release();
    }
  }

  /**
   * Whether a record has begun and not ended.
   *
   * @return true from the first byte of a marker to the last byte of its record
   */
  public boolean isMidRecord() {
    return midRecord || markerBytes > 0;
  }

  /**
   * Bytes of the record that has begun.
   *
   * @return the part of the message that is held so far
   */
  public int bytesHeld() {
    return messageBytes;
  }

  /** Gives the memory of an unfinished record back. */
  public void close() {
    if (flat != null) {
      flat.release();
      flat = null;
    }
    if (parts != null) {
      parts.release();
      parts = null;
    }
    midRecord = false;
    messageBytes = 0;
  }

  private boolean readWhole(ByteBuf chunk) {
    if (midRecord || markerBytes > 0 || chunk.readableBytes() < RecordMarking.MARKER_BYTES) {
      return false;
    }
    int next = chunk.getInt(chunk.readerIndex());
    int length = RecordMarking.length(next);
    if (!RecordMarking.isLast(next)
        || length > chunk.readableBytes() - RecordMarking.MARKER_BYTES
        || length > recordBytesMax) {
      return false;
    }
    records.accept(chunk.readRetainedSlice(RecordMarking.MARKER_BYTES + length));
    return true;
  }

  private void readPiece(ByteBuf chunk) {
    if (!inFragment && !readMarker(chunk)) {
      return;
    }
    int length = Math.min(fragmentLeft, chunk.readableBytes());
    append(chunk, length);
    fragmentLeft -= length;
    if (fragmentLeft == 0) {
      inFragment = false;
      markerBytes = 0;
      if (RecordMarking.isLast(marker)) {
        records.accept(finish());
      }
    }
  }

  private boolean readMarker(ByteBuf chunk) {
    while (markerBytes < RecordMarking.MARKER_BYTES && chunk.isReadable()) {
      marker = marker << 8 | chunk.readUnsignedByte();
      markerBytes++;
    }
    if (markerBytes < RecordMarking.MARKER_BYTES) {
      return false;
    }
    fragmentLeft = RecordMarking.length(marker);
    if (fragmentLeft > recordBytesMax - messageBytes) {
      throw new RecordException(
          "a record of "
              + ((long) messageBytes + fragmentLeft)
              + " bytes, above "
              + recordBytesMax);
    }
    if (!midRecord) {
      begin();
    }
    inFragment = true;
    return true;
  }

  private void begin() {
    midRecord = true;
    if (RecordMarking.isLast(marker) && fragmentLeft <= FLAT_BYTES_MAX) {
      flat = alloc.buffer(RecordMarking.MARKER_BYTES + fragmentLeft);
      flat.writeInt(0);
    } else {
      parts = alloc.compositeBuffer(Integer.MAX_VALUE);
      flat = alloc.buffer(256).writeInt(0);
    }
  }

  private void append(ByteBuf chunk, int length) {
    messageBytes += length;
    if (parts == null || length < SLICE_BYTES_MIN) {
      if (flat == null) {
        flat = alloc.buffer(SLICE_BYTES_MIN);
      }
      flat.writeBytes(chunk, length);
      if (parts != null && flat.readableBytes() >= FLAT_BYTES_MAX) {
        addFlat();
      }
    } else {
      addFlat();
      parts.addComponent(true, chunk.readRetainedSlice(length));
    }
  }

  private void addFlat() {
    if (flat != null) {
      ByteBuf part = flat;
      flat = null;
      parts.addComponent(true, part);
    }
  }

  private ByteBuf finish() {
    ByteBuf record;
    if (parts == null) {
      record = flat;
    } else {
      addFlat();
      record = parts;
    }
    record.setInt(0, RecordMarking.lastFragment(messageBytes));
    flat = null;
    parts = null;
    midRecord = false;
    messageBytes = 0;
    return record;
  }
}
