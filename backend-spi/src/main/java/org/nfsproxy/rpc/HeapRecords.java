package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.function.Consumer;

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
  private final RecordScanner scanner;

  /**
   * Begins at the start of a record.
   *
   * @param recordBytesMax the longest record accepted, in bytes without markers
   * @param records is given each record as soon as it is whole, without markers
   */
  public HeapRecords(int recordBytesMax, Consumer<ByteBuf> records) {
    this.recordBytesMax = recordBytesMax;
    this.records = records;
    this.scanner = new RecordScanner(recordBytesMax);
  }

  /**
   * Takes more of the stream.
   *
   * @param bytes read to their end; not released
   * @throws RecordException if a record is longer than allowed; nothing more can be read then
   */
  public void accept(ByteBuf bytes) {
    while (bytes.isReadable()) {
      if (!scanner.isInFragment()) {
        bytes.readerIndex(scanner.marker(bytes, bytes.readerIndex(), bytes.writerIndex()));
      }
      if (scanner.isInFragment()) {
        readFragment(bytes);
      }
    }
  }

  private void readFragment(ByteBuf bytes) {
    int length = Math.min(scanner.fragmentLeft(), bytes.readableBytes());
    int before = scanner.messageBytes();
    bytes.readBytes(room(before, length), before, length);
    scanner.pass(length);
    if (scanner.endsRecord()) {
      ByteBuf whole = Unpooled.wrappedBuffer(record, 0, before + length);
      record = new byte[FIRST_BYTES];
      records.accept(whole);
    }
  }

  private byte[] room(int before, int length) {
    int needed = before + length;
    if (needed > record.length) {
      record = Arrays.copyOf(record, (int) Math.max(needed, Math.min(recordBytesMax, 2L * needed)));
    }
    return record;
  }
}
