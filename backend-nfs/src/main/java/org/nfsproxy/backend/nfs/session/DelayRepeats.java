package org.nfsproxy.backend.nfs.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Position;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.Reply;

/**
 * Hides NFS4ERR_DELAY of SEQUENCE from a client that has just come: the call is repeated to the
 * origin, byte for byte, until its first sending has been executed.
 *
 * <pre>
 *  client      proxy A (dies)   proxy B       origin
 *    |--WRITE--->|--WRITE---------------------->|  executes, for a while
 *    |           x                              |
 *    |--WRITE (the same slot)--->|--WRITE------>|
 *    |                           |&lt;--DELAY------|  the slot is in use
 *    |                           |--WRITE------>|  20 ms later, and so on
 *    |&lt;-----------------reply----|&lt;--reply------|  from the slot's reply cache
 * </pre>
 *
 * <p>RFC 8881 section 2.10.6.2 is about such retries; section 15.1.1.3 says that a call whose
 * SEQUENCE got NFS4ERR_DELAY is sent again as it was.
 */
// A Linux client that sees this DELAY sleeps for 15 seconds. Only a call that was sent before can
// get it, so only the first seconds of a connection matter: then no call is kept any more, and
// nothing here stands in the way. Until then a call's bytes are kept (not copied) for as long as
// its reply takes, within a bound for all connections together; what is beyond it is not repeated,
// and the client is told the origin's DELAY.
//
// RPCSEC_GSS is left alone: a repeated sequence number is dropped without an answer (RFC 2203
// section 5.3.3.1).
final class DelayRepeats implements SmallReplies.Viewer {
  /** A reply of a SEQUENCE that failed: 44 bytes, and the tag that the client chose. */
  private static final int REPLY_BYTES_MAX = 128;

  /** Clients send again what had no reply as soon as they are connected. */
  static final int YOUNG_MILLIS = 5_000;

  /** Between repeats: about a usual round trip at first, then longer, so that they stay few. */
  private static final int PAUSE_MILLIS_MIN = 20;

  private static final int PAUSE_MILLIS_MAX = 500;

  private final DelayBounds bounds;
  private final EventLoop loop;
  private final Consumer<ByteBuf> origin;
  private final SmallReplies replies;
  private final Reply reply = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();
  private final Map<Integer, Kept> kept = new HashMap<>();
  private @Nullable Future<?> ageing;
  private boolean isYoung = true;
  private boolean closed;

  private static final class Kept {
    final ByteBuf record;
    final int bytes;
    int pauseMillis;
    int pausedMillis;

    Kept(ByteBuf record) {
      this.record = record;
      this.bytes = record.readableBytes();
    }

    boolean isRepeated() {
      return pauseMillis > 0;
    }
  }

  /**
   * For a connection that begins.
   *
   * @param bounds shared by all connections
   * @param loop the connection's event loop
   * @param origin sends a record to the origin at once, and owns it
   * @param passing takes what the client is to see, and owns it
   */
  DelayRepeats(
      DelayBounds bounds, EventLoop loop, Consumer<ByteBuf> origin, Consumer<ByteBuf> passing) {
    this.bounds = bounds;
    this.loop = loop;
    this.origin = origin;
    this.replies = new SmallReplies(REPLY_BYTES_MAX, this, passing);
  }

  /** The connection is there: from now on it ages. */
  void connected() {
    ageing = loop.schedule(this::grow, YOUNG_MILLIS, TimeUnit.MILLISECONDS);
  }

  // DELAY comes within a round trip. A call that waits for its reply now, is being executed.
  private void grow() {
    isYoung = false;
    for (Iterator<Kept> each = kept.values().iterator(); each.hasNext(); ) {
      Kept call = each.next();
      if (!call.isRepeated()) {
        each.remove();
        release(call);
      }
    }
  }

  /** Whether the connection may go on without this. */
  boolean isOver() {
    return !isYoung && kept.isEmpty() && replies.holdsNothing();
  }

  /**
   * Whether a call must come whole: it would be kept, or another one that is kept may be repeated
   * in the midst of it.
   *
   * @param call its header; the record's length is its end
   * @param record its first bytes
   */
  boolean needsWhole(Call call, ByteBuf record) {
    boolean keeps = isYoung && isInSession(call, record) && bounds.hasRoomFor(call.end());
    return keeps || !kept.isEmpty();
  }

  /**
   * A call is about to be sent.
   *
   * @param call its header
   * @param record its bytes, which stay the caller's
   */
  void sent(Call call, ByteBuf record) {
    passes(call.xid());
    if (isYoung && isInSession(call, record) && bounds.takes(record.readableBytes())) {
      kept.put(call.xid(), new Kept(record.retainedDuplicate()));
    }
  }

  // Sessions begin with minor version 1, which stands behind the tag.
  private static boolean isInSession(Call call, ByteBuf record) {
    return call.program() == Programs.NFS
        && call.version() == 4
        && call.flavor() != AuthFlavor.RPCSEC_GSS
        && CompoundWalk.minorVersion(call, record) > 0;
  }

  /** Bytes came from the origin; they are now this object's. */
  void received(ByteBuf chunk) {
    replies.read(chunk);
  }

  @Override
  public boolean takes(ByteBuf bytes, int from, int to) {
    Kept call = kept.get(bytes.getInt(from));
    if (call == null || !saysDelay(bytes, from, to)) {
      return false;
    }
    if (!call.isRepeated()) {
      call.pauseMillis = PAUSE_MILLIS_MIN;
      bounds.countHidden();
    } else {
      call.pauseMillis = Math.min(call.pauseMillis * 5 / 4, PAUSE_MILLIS_MAX);
    }
    call.pausedMillis += call.pauseMillis;
    if (call.pausedMillis > bounds.repeatMillis()) {
      bounds.countTold();
      return false;
    }
    int xid = bytes.getInt(from);
    loop.schedule(() -> repeat(xid, call), call.pauseMillis, TimeUnit.MILLISECONDS);
    return true;
  }

  private boolean saysDelay(ByteBuf bytes, int from, int to) {
    return reply.read(bytes, from, to) == Reply.Form.RESULTS
        && walk.walk(bytes, reply.resultsAt(), to, 1) == Outcome.WHOLE
        && walk.count() == 1
        && walk.operation(0).place() == Position.FIRST
        && walk.status(0) == NfsStatus.DELAY;
  }

  private void repeat(int xid, Kept call) {
    if (!closed && kept.get(xid) == call) {
      bounds.countRepeat();
      origin.accept(call.record.retainedDuplicate());
    }
  }

  @Override
  public void passes(int xid) {
    Kept call = kept.remove(xid);
    if (call != null) {
      release(call);
    }
  }

  private void release(Kept call) {
    bounds.giveBack(call.bytes);
    call.record.release();
  }

  /** The connection has ended. */
  void close() {
    closed = true;
    isYoung = false;
    if (ageing != null) {
      ageing.cancel(false);
    }
    kept.values().forEach(this::release);
    kept.clear();
  }
}
