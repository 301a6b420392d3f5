package org.nfsproxy.backend.nfs.session;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.nfsproxy.rpc.MessageType;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordScanner;

/**
 * Looks at small replies in a stream from the origin, and takes those out that somebody wants. All
 * other bytes pass as they come.
 *
 * <pre>
 *  | marker | xid | REPLY | ...          |   longer than small: passes as it comes, its words together
 *  | marker | xid | REPLY | ... | marker |   small: shown when it is there whole
 * </pre>
 */
// A length says which replies can be wanted, so that those with contents are passed over by adding
// their length. What is held back is a small reply at the most, until the rest of it comes. Whether
// the stream makes sense is not asked here: whoever it passes to does that.
final class SmallReplies {
  /** Xid and type. */
  private static final int WORDS_BYTES = 8;

  private final int smallBytesMax;
  private final Viewer viewer;
  private final Consumer<ByteBuf> passing;
  private ByteBuf held = Unpooled.EMPTY_BUFFER;
  private final RecordScanner scanner = new RecordScanner(Long.MAX_VALUE);
  private boolean wordsDue;

  /** Is shown replies. */
  interface Viewer {
    /**
     * A small reply, whole.
     *
     * @param bytes where it is
     * @param from index of its message's first byte
     * @param to index behind its last byte
     * @return true to take it out of the stream
     */
    boolean takes(ByteBuf bytes, int from, int to);

    /** A reply, small or not, that passes. */
    void passes(int xid);
  }

  /**
   * At the beginning of a stream.
   *
   * @param smallBytesMax the longest message that is shown
   * @param viewer who looks
   * @param passing takes all other bytes, and owns them
   */
  SmallReplies(int smallBytesMax, Viewer viewer, Consumer<ByteBuf> passing) {
    this.smallBytesMax = smallBytesMax;
    this.viewer = viewer;
    this.passing = passing;
  }

  /** Whether nothing is held back, so that the stream may go on without this. */
  boolean holdsNothing() {
    return !held.isReadable();
  }

  /** Takes the next bytes of the stream, and owns them. */
  void read(ByteBuf chunk) {
    ByteBuf bytes = held.isReadable() ? Unpooled.wrappedBuffer(held, chunk) : chunk;
    held = Unpooled.EMPTY_BUFFER;
    try {
      scan(bytes);
    } finally {
      bytes.release();
    }
  }

  private void scan(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int passFrom = at;
    while (at < end) {
      if (end - at < needed(bytes, at, end)) {
        held = Unpooled.copiedBuffer(bytes.slice(at, end - at));
        break;
      }
      if (scanner.isInFragment()) {
        lookAtWords(bytes, at);
        int length = Math.min(scanner.fragmentLeft(), end - at);
        scanner.pass(length);
        scanner.endsRecord();
        at += length;
      } else if (isTaken(bytes, at)) {
        pass(bytes, passFrom, at);
        at += RecordMarking.MARKER_BYTES + RecordMarking.length(bytes.getInt(at));
        passFrom = at;
      } else {
        boolean isFirst = !scanner.isMidRecord();
        at = scanner.marker(bytes, at, end);
        wordsDue = isFirst && scanner.fragmentLeft() >= WORDS_BYTES;
        scanner.endsRecord();
      }
    }
    pass(bytes, passFrom, at);
  }

  /** How many bytes must be there to go on. */
  private int needed(ByteBuf bytes, int at, int end) {
    if (scanner.isInFragment()) {
      return wordsDue ? WORDS_BYTES : 1;
    }
    if (end - at < RecordMarking.MARKER_BYTES) {
      return RecordMarking.MARKER_BYTES;
    }
    int marker = bytes.getInt(at);
    return RecordMarking.MARKER_BYTES + (isShown(marker) ? RecordMarking.length(marker) : 0);
  }

  private boolean isShown(int marker) {
    int length = RecordMarking.length(marker);
    return !scanner.isMidRecord()
        && RecordMarking.isLast(marker)
        && length >= WORDS_BYTES
        && length <= smallBytesMax;
  }

  private boolean isTaken(ByteBuf bytes, int at) {
    int marker = bytes.getInt(at);
    int from = at + RecordMarking.MARKER_BYTES;
    return isShown(marker)
        && bytes.getInt(from + 4) == MessageType.REPLY
        && viewer.takes(bytes, from, from + RecordMarking.length(marker));
  }

  private void lookAtWords(ByteBuf bytes, int at) {
    if (wordsDue && bytes.getInt(at + 4) == MessageType.REPLY) {
      viewer.passes(bytes.getInt(at));
    }
    wordsDue = false;
  }

  private void pass(ByteBuf bytes, int from, int to) {
    if (to > from) {
      passing.accept(bytes.retainedSlice(from, to - from));
    }
  }
}
