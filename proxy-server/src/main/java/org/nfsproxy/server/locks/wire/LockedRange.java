package org.nfsproxy.server.locks.wire;

/**
 * A range of bytes, as a request names it.
 *
 * @param isExclusive whether nobody else may have any lock in it
 * @param offset its first byte, unsigned
 * @param length how many, unsigned; 0 is to the end of the file, however long it becomes
 */
public record LockedRange(boolean isExclusive, long offset, long length) {
  private static final long END = -1L;

  /** All of a file. */
  public static final LockedRange WHOLE = new LockedRange(true, 0, 0);

  /**
   * Its last byte.
   *
   * @return unsigned; the largest offset there is for a range without an end
   */
  public long last() {
    long last = offset + length - 1;
    return length == 0 || Long.compareUnsigned(last, offset) < 0 ? END : last;
  }
}
