package org.nfsproxy.server.cache;

/**
 * Where readers of one version of a file are, as far as they read one part behind the other. For
 * all threads.
 */
// Nothing for a first READ, and then as far ahead as a reader has come. So what is read in vain,
// because he stops or was no reader, is never more than twice what he has read himself, and nobody
// can make much come here by asking for little.
//
// Calls of one reader overtake each other on several connections and several workers: one that is
// up to four of its length before the end, or one behind it, is part of it too. With more, those
// who read here and there in a small file would be taken for readers.
final class ReadStreams {
  /** Readers that are told apart; another one takes the place of whoever was quiet for longest. */
  private static final int STREAMS = 4;

  private static final int DISORDER_READS = 4;

  private final long[] next = new long[STREAMS];
  private final long[] start = new long[STREAMS];
  private final long[] used = new long[STREAMS];
  private long reads;

  /**
   * Notes a READ.
   *
   * @param offset of its first byte
   * @param end behind its last
   * @param windowMax how far ahead a reader may be read for
   * @return up to where he is to be read for now; {@code end} or less for nothing
   */
  synchronized long noted(long offset, long end, long windowMax) {
    int stream = find(offset, end);
    used[stream] = ++reads;
    boolean isFirst = start[stream] == offset && next[stream] == end;
    next[stream] = Math.max(next[stream], end);
    return isFirst ? end : next[stream] + Math.min(windowMax, next[stream] - start[stream]);
  }

  private int find(long offset, long end) {
    long length = end - offset;
    int oldest = 0;
    for (int i = 0; i < STREAMS; i++) {
      boolean isNear = offset >= next[i] - DISORDER_READS * length && offset <= next[i] + length;
      if (used[i] > 0 && isNear) {
        return i;
      }
      oldest = used[i] < used[oldest] ? i : oldest;
    }
    next[oldest] = end;
    start[oldest] = offset;
    return oldest;
  }
}
