package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.StreamedCall;

/**
 * The long calls of one connection that go to the backend while they arrive, one after the other.
 *
 * <pre>
 *  offer ⇢ judged ⇢ begin → send, send, ... → rest ⇢ the call has been judged whole
 * </pre>
 */
// Used on the connection's event loop. The bytes of a call that has begun wait here until whoever
// reads them has finished: what sends them may find the connection broken, and close everything.
final class StreamedCalls {
  /** As much of a beginning must be there to be judged: a header, and a handle. */
  private static final int BEGINNING_BYTES_MIN = 512;

  /** As much of it is looked at: a header is 850 bytes at most, and a tag 1,024. */
  private static final int BEGINNING_BYTES_MAX = 4 * 1024;

  private final Listening listening;
  private final InetAddress client;
  private final ArrayDeque<ByteBuf> arrived = new ArrayDeque<>(1);
  private boolean offered;
  private @Nullable StreamedCall streamed;

  StreamedCalls(Listening listening, InetAddress client) {
    this.listening = listening;
    this.client = client;
  }

  /** Adds the beginning of the record that is being read to a batch, if it is worth it. */
  // What a call is shows in its first bytes. Once they are judged it is forwarded as it arrives;
  // until then, and if they tell too little, it is kept as any other.
  void offer(RecordReader reader, CallBatch filling, XidsInUse xids) {
    if (offered
        || streamed != null
        || reader.announced() <= listening.calls().wholeBytesMax()
        || reader.bytesHeld() < BEGINNING_BYTES_MIN
        || listening.wholeOnly().has(client, listening.second())) {
      return;
    }
    offered = true;
    int held = Math.min(reader.bytesHeld(), BEGINNING_BYTES_MAX);
    ByteBuf beginning = reader.beginning(BEGINNING_BYTES_MAX);
    int xid = beginning.getInt(beginning.readerIndex() + RecordMarking.MARKER_BYTES);
    if (xids.isInUse(xid)) {
      beginning.release(); // it will have to wait, and must be whole for that
    } else {
      filling.addBeginning(beginning, held);
    }
  }

  /**
   * Begins a call that was judged, unless its end has arrived meanwhile or the session wants it
   * whole.
   *
   * @return whether it has begun: {@link #send} what there is of it
   */
  boolean begin(RecordReader reader, BackendSession session, CallBatch batch, int i) {
    StreamedCall beginning = Objects.requireNonNull(batch.takeStreamed(), "it is to begin");
    ByteBuf head = beginning.head().retainedDuplicate();
    if (offered && session.begin(batch.call(i), head)) {
      streamed = beginning;
      reader.handOn(beginning.from(), beginning.to(), arrived::add);
      return true;
    }
    head.release();
    beginning.release();
    return false;
  }

  /** The session took nothing at all when the call was to begin, so it may be offered once more. */
  void offerAgain() {
    offered = false;
  }

  /**
   * Whether the record that is being read may have begun, so that no other may come before its end.
   */
  boolean isUnderWay() {
    return offered || streamed != null;
  }

  /** The record that is being read will not end. */
  void cutOff() {
    offered = false;
  }

  /** Whether the next record that ends is one that has begun. */
  boolean hasBegun() {
    return streamed != null;
  }

  /** Sends what has arrived, and tells how many bytes that was. */
  int send(BackendSession session) {
    int bytes = 0;
    for (ByteBuf piece = arrived.poll(); piece != null; piece = arrived.poll()) {
      bytes += piece.readableBytes();
      session.more(piece);
    }
    return bytes;
  }

  /** A record has ended; tells how much of it is not there any more. */
  int recordEnded() {
    offered = false;
    return streamed == null ? 0 : streamed.bytesHandedOn();
  }

  /**
   * Ends the call that has begun.
   *
   * @return its last bytes, the caller's; null if they must not leave
   */
  @Nullable ByteBuf rest(CallBatch batch, int i) {
    StreamedCall ended = Objects.requireNonNull(streamed, "one has begun");
    streamed = null;
    boolean isJudgedAsSent =
        batch.verdict(i) == CallBatch.Verdict.FORWARD && ended.isOf(batch.record(i));
    ByteBuf rest = isJudgedAsSent ? ended.rest(batch.record(i)) : null;
    ended.release();
    if (rest == null) {
      listening.wholeOnly().add(client, listening.second());
    }
    return rest;
  }

  /** Gives everything back. */
  void close() {
    arrived.forEach(ByteBuf::release);
    arrived.clear();
    if (streamed != null) {
      streamed.release();
      streamed = null;
    }
  }
}
