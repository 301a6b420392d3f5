package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Replies that may become far longer when they are opened, kept as they came until the client has
 * room for them. Used on the connection's event loop.
 */
// What the origin sends is bounded by not reading it. But 64 KiB of it may be hundreds of replies
// that become a megabyte each: a client that asks for all that and reads nothing would hold what it
// was to get. So no more of them is opened at once than may wait for a client that reads.
final class GrowingReplies {
  /** As much as may wait for a client before it is not writable: {@link ClientConnection}. */
  static final int BYTES_MAX = 512 * 1024;

  private record Waiting(ReplyOpener opener, ByteBuf record) {}

  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private final Opened atOnce;
  private final Opened later;
  private long bytes;
  private long unflushed;
  private boolean isFlushing;

  /** Opens one. */
  interface Opened {
    /** Opens a reply, which is the taker's, and says how many bytes were passed to the outlet. */
    int open(ReplyOpener opener, ByteBuf record);
  }

  /**
   * None yet.
   *
   * @param atOnce opens one that has just come
   * @param later opens one that was kept
   */
  GrowingReplies(Opened atOnce, Opened later) {
    this.atOnce = atOnce;
    this.later = later;
  }

  /** Opens a reply, or keeps it. */
  void add(ReplyOpener opener, ByteBuf record, ClientOutlet outlet) {
    if (waiting.isEmpty() && hasRoom(outlet)) {
      unflushed += atOnce.open(opener, record);
    } else {
      ByteBuf held = HeldReply.of(record);
      waiting.add(new Waiting(opener, held));
      bytes += held.readableBytes();
    }
  }

  // What SslHandler has not encrypted yet does not count as pending, so it is counted here.
  private boolean hasRoom(ClientOutlet outlet) {
    return unflushed < BYTES_MAX && outlet.isWritable() && !outlet.holds(null);
  }

  /** Flushes the outlet, and opens what waits as far as there is room then. */
  void flush(ClientOutlet outlet) {
    outlet.flush();
    unflushed = 0;
    if (waiting.isEmpty() || isFlushing) {
      return;
    }
    isFlushing = true;
    try {
      while (!waiting.isEmpty() && hasRoom(outlet)) {
        Waiting next = waiting.remove();
        bytes -= next.record.readableBytes();
        unflushed += later.open(next.opener, next.record);
        if (unflushed >= BYTES_MAX || waiting.isEmpty()) {
          outlet.flush();
          unflushed = 0;
        }
      }
    } finally {
      isFlushing = false;
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** What they take. */
  long bytes() {
    return bytes;
  }

  /** Gives back what waits. */
  void close() {
    waiting.forEach(each -> each.record.release());
    waiting.clear();
    bytes = 0;
  }
}
