package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
//
// Of a long record, bytes in the middle may be handed on before its end has arrived. The record
// that is given in the end has them blank: whoever reads it anyway reads nothing that makes sense.
public final class RecordReader {
  /** Up to this length a record that arrives in pieces is copied into one buffer. */
  static final int FLAT_BYTES_MAX = 16 * 1024;

  /** The smallest piece of a longer record that is kept as a slice of its chunk. */
  static final int SLICE_BYTES_MIN = 4 * 1024;

  private final ByteBufAllocator alloc;
  private final int recordBytesMax;
  private final Consumer<ByteBuf> records;

  private final RecordScanner scanner;

  private @Nullable ByteBuf flat;
  private @Nullable CompositeByteBuf parts;
  private int handedFrom;
  private int handedTo;
  private @Nullable Consumer<ByteBuf> pieces;

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
    this.scanner = new RecordScanner(recordBytesMax);
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
    return scanner.isMidRecord();
  }

  /**
   * Bytes of the record that has begun.
   *
   * @return the part of the message that is held so far
   */
  public int bytesHeld() {
    int messageBytes = scanner.messageBytes();
    return pieces == null
        ? messageBytes
        : messageBytes - (Math.min(messageBytes, handedTo) - handedFrom);
  }

  /**
   * How long the record that has begun will be, if that is known: it has one fragment only, and is
   * longer than {@link #FLAT_BYTES_MAX}.
   *
   * @return bytes without the marker; 0 if it is not known, or no record has begun
   */
  public int announced() {
    return parts != null && scanner.isOnly() ? scanner.fragmentLeft() + scanner.messageBytes() : 0;
  }

  /**
   * A copy of the first bytes of the record that has begun; what has not arrived, or goes beyond
   * the bound, is blank.
   *
   * @param bytesMax how many to copy at most, without the marker
   * @return as long as the whole record, its marker in front; the caller's
   */
  public ByteBuf beginning(int bytesMax) {
    int length = announced();
    addFlat();
    int copied = Math.min(bytesMax, scanner.messageBytes());
    ByteBuf head = alloc.buffer(RecordMarking.MARKER_BYTES + copied);
    head.writeInt(RecordMarking.lastFragment(length));
    head.writeBytes(parts, RecordMarking.MARKER_BYTES, copied);
    CompositeByteBuf whole = alloc.compositeBuffer(Integer.MAX_VALUE).addComponent(true, head);
    return Blank.append(whole, length - copied);
  }

  /**
   * Hands bytes of the record that has begun on as soon as they are there, instead of keeping them.
   * To be called for a record whose length is {@linkplain #announced announced}, once.
   *
   * @param from index in the record, marker included, of the first one; it has arrived, or is the
   *     next to arrive
   * @param to index behind the last one, not behind the record's end
   * @param takes takes the bytes in their order, and owns them
   */
  public void handOn(int from, int to, Consumer<ByteBuf> takes) {
    int arrived = RecordMarking.MARKER_BYTES + scanner.messageBytes();
    if (announced() == 0 || pieces != null || from > arrived || to <= from) {
      throw new IllegalStateException(from + " to " + to + ", " + arrived + " have arrived");
    }
    addFlat();
    ByteBuf held = Objects.requireNonNull(parts);
    ByteBuf head = alloc.buffer(from).writeBytes(held, 0, from);
    CompositeByteBuf whole = alloc.compositeBuffer(Integer.MAX_VALUE).addComponent(true, head);
    parts = Blank.append(whole, to - from);
    if (arrived > to) {
      flat = alloc.buffer(SLICE_BYTES_MIN).writeBytes(held, to, arrived - to);
    }
    handedFrom = from - RecordMarking.MARKER_BYTES;
    handedTo = to - RecordMarking.MARKER_BYTES;
    pieces = takes;
    if (arrived > from) {
      takes.accept(held.retainedSlice(from, Math.min(arrived, to) - from));
    }
    held.release();
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
    pieces = null;
    scanner.reset();
  }

  private boolean readWhole(ByteBuf chunk) {
    if (scanner.isMidRecord() || chunk.readableBytes() < RecordMarking.MARKER_BYTES) {
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
    if (!scanner.isInFragment()) {
      chunk.readerIndex(scanner.marker(chunk, chunk.readerIndex(), chunk.writerIndex()));
      if (!scanner.isInFragment()) {
        return;
      }
      if (flat == null && parts == null) {
        begin();
      }
    }
    append(chunk, Math.min(scanner.fragmentLeft(), chunk.readableBytes()));
    int messageBytes = scanner.messageBytes();
    if (scanner.endsRecord()) {
      records.accept(finish(messageBytes));
    }
  }

  private void begin() {
    if (scanner.isLast() && scanner.fragmentLeft() <= FLAT_BYTES_MAX) {
      flat = alloc.buffer(RecordMarking.MARKER_BYTES + scanner.fragmentLeft());
      flat.writeInt(0);
    } else {
      parts = alloc.compositeBuffer(Integer.MAX_VALUE);
      flat = alloc.buffer(256).writeInt(0);
    }
  }

  private void append(ByteBuf chunk, int length) {
    int handed =
        pieces == null ? 0 : Math.max(0, Math.min(length, handedTo - scanner.messageBytes()));
    if (handed > 0) {
      handOnNext(chunk, handed);
    }
    if (length > handed) {
      keep(chunk, length - handed);
    }
  }

  private void handOnNext(ByteBuf chunk, int length) {
    scanner.pass(length);
    if (flat == null && length >= SLICE_BYTES_MIN) {
      Objects.requireNonNull(pieces).accept(chunk.readRetainedSlice(length));
      return;
    }
    if (flat == null) {
      flat = alloc.buffer(SLICE_BYTES_MIN);
    }
    flat.writeBytes(chunk, length);
    if (flat.readableBytes() >= SLICE_BYTES_MIN || scanner.messageBytes() == handedTo) {
      ByteBuf piece = flat;
      flat = null;
      Objects.requireNonNull(pieces).accept(piece);
    }
  }

  private void keep(ByteBuf chunk, int length) {
    scanner.pass(length);
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
      Objects.requireNonNull(parts).addComponent(true, part);
    }
  }

  private ByteBuf finish(int messageBytes) {
    ByteBuf record;
    if (parts == null) {
      record = Objects.requireNonNull(flat);
    } else {
      addFlat();
      record = parts;
    }
    record.setInt(0, RecordMarking.lastFragment(messageBytes));
    flat = null;
    parts = null;
    pieces = null;
    return record;
  }
}
