package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;

/**
 * Where a stream of records stands (RFC 5531 section 11), however it is cut: between two records,
 * in a marker, or in a fragment. It holds no bytes. Whoever reads the stream tells it what of a
 * fragment was read.
 *
 * <pre>
 *  at = scanner.marker(bytes, at, end)              if it is not in a fragment
 *  scanner.pass(length)                             length up to scanner.fragmentLeft()
 *  scanner.endsRecord()                             behind each pass, and behind a marker of no bytes
 * </pre>
 *
 * <p>Not safe for use by several threads at once.
 */
// What the bytes are good for is the business of those who read them: some want whole records, some
// the first words of each, some count. What they must agree on is here, once: where a marker is,
// and that no length is believed before it was compared with the bound.
public final class RecordScanner {
  private final long recordBytesMax;
  private boolean midRecord;
  private boolean inFragment;
  private int marker;
  private int markerBytes;
  private int fragmentLeft;
  private long messageBytes;

  /**
   * At the beginning of a stream.
   *
   * @param recordBytesMax the longest message accepted, without markers; {@link Long#MAX_VALUE} if
   *     somebody else has a bound
   */
  public RecordScanner(long recordBytesMax) {
    this.recordBytesMax = recordBytesMax;
  }

  /**
   * Reads a marker, or what there is of it.
   *
   * @param bytes where it is
   * @param at index of its next byte
   * @param end index behind the last byte that is there
   * @return index behind the last byte that was read; the marker is whole if {@link #isInFragment}
   * @throws RecordException if the record is longer than allowed; nothing can be read on then
   */
  public int marker(ByteBuf bytes, int at, int end) {
    int next = at;
    if (markerBytes == 0 && end - at >= RecordMarking.MARKER_BYTES) {
      marker = bytes.getInt(at);
      next += RecordMarking.MARKER_BYTES;
    } else {
      while (markerBytes < RecordMarking.MARKER_BYTES && next < end) {
        marker = marker << 8 | bytes.getUnsignedByte(next++);
        markerBytes++;
      }
      midRecord |= next > at;
      if (markerBytes < RecordMarking.MARKER_BYTES) {
        return next;
      }
    }
    beginFragment();
    return next;
  }

  private void beginFragment() {
    fragmentLeft = RecordMarking.length(marker);
    if (fragmentLeft > recordBytesMax - messageBytes) {
      throw new RecordException(
          "a record of " + (messageBytes + fragmentLeft) + " bytes, above " + recordBytesMax);
    }
    midRecord = true;
    inFragment = true;
    markerBytes = 0;
  }

  /**
   * Notes that bytes of the fragment were read.
   *
   * @param length how many; up to {@link #fragmentLeft}
   */
  public void pass(int length) {
    fragmentLeft -= length;
    messageBytes += length;
  }

  /**
   * Ends the fragment, if it is over, and the record, if this was its last one.
   *
   * @return true at the end of a record
   */
  public boolean endsRecord() {
    if (!inFragment || fragmentLeft > 0) {
      return false;
    }
    inFragment = false;
    if (!RecordMarking.isLast(marker)) {
      return false;
    }
    midRecord = false;
    messageBytes = 0;
    return true;
  }

  /** Goes back to the beginning of a record, of which nothing was read. */
  public void reset() {
    midRecord = false;
    inFragment = false;
    markerBytes = 0;
    fragmentLeft = 0;
    messageBytes = 0;
  }

  /**
   * Whether a record has begun and not ended.
   *
   * @return true from the first byte of its first marker to its last byte
   */
  public boolean isMidRecord() {
    return midRecord;
  }

  /**
   * Whether the marker of a fragment is read whole, and {@link #endsRecord} has not ended it.
   *
   * @return false where the next byte is a marker's
   */
  public boolean isInFragment() {
    return inFragment;
  }

  /**
   * Whether the fragment is the record's last.
   *
   * @return false for another one
   */
  public boolean isLast() {
    return inFragment && RecordMarking.isLast(marker);
  }

  /**
   * Whether the fragment is all there is of the record, fragments of no bytes aside.
   *
   * @return false for another one, and outside of a fragment
   */
  public boolean isOnly() {
    return isLast() && messageBytes + fragmentLeft == RecordMarking.length(marker);
  }

  /**
   * How much of the fragment is still to come.
   *
   * @return bytes
   */
  public int fragmentLeft() {
    return fragmentLeft;
  }

  /**
   * How much of the record's message was passed.
   *
   * @return bytes without markers
   */
  public int messageBytes() {
    return (int) messageBytes;
  }
}
