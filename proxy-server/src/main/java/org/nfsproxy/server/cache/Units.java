package org.nfsproxy.server.cache;

/** What is kept of a file: whole units of 4096 bytes, and what is left at its end. */
// Whoever reads a file a byte at a time, or from a byte before the last time's on, would else have
// a piece kept for each: with an index entry, a sum and two objects in the heap for every byte, and
// a step for each in every READ of that range. No client reads so on purpose: pages are as large.
final class Units {
  static final int BYTES = 4096;

  private Units() {}

  /** The first unit that begins at an offset or behind it. */
  static long from(long offset) {
    return last(offset) == offset ? offset : last(offset) + BYTES;
  }

  /** The last one that begins at an offset or before it. */
  static long last(long offset) {
    return offset - Math.floorMod(offset, BYTES);
  }

  /** Behind the last whole unit before an offset, or the offset if the file ends there. */
  static long to(long end, long size) {
    return end >= size ? end : last(end);
  }
}
