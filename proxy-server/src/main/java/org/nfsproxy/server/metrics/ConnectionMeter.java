package org.nfsproxy.server.metrics;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallNote;
import org.nfsproxy.server.call.CallSummary;

/**
 * Counts the calls of one client connection: on its event loop, each when its reply leaves.
 *
 * <pre>
 *  client     proxy                                    origin
 *    |--call---->| arrived                               |
 *    |           | read, judged                          |
 *    |           |--call--------------- sent ----------->|
 *    |           |                                       | at the origin, with the way there and back
 *    |           |&lt;--reply------------- replied ---------|
 *    |&lt;--reply---| opened, changed                       |
 * </pre>
 *
 * <p>What is not at the origin is in the proxy: waiting for a worker, or for an answer to one of
 * the proxy's own questions, too.
 */
// The clock is read once for all that was read from a socket at once, and once for all that leaves
// together, not for each call.
public final class ConnectionMeter {
  private final @Nullable LoopMeter loop;
  private final InetAddress address;
  private final int port;
  private final IntObjectMap<CallSummary> underWay = new IntObjectHashMap<>(2);
  private @Nullable BusyClient client;
  private Flow flow;
  private int callsWithoutPlace;
  private int tagged;
  private long readNanos;
  private long sendNanos;
  private long replyNanos;

  private ConnectionMeter(@Nullable LoopMeter loop, InetAddress address, int port) {
    this.loop = loop;
    this.address = address;
    this.port = port;
    this.client = loop == null ? null : loop.clients().enter(address);
    this.flow = loop == null ? Flow.NONE : flowOf(client, loop);
  }

  /**
   * For a connection that begins.
   *
   * @param loop what its event loop counts; null if nothing is counted
   */
  public static ConnectionMeter of(@Nullable LoopMeter loop, InetAddress address, int port) {
    return new ConnectionMeter(loop, address, port);
  }

  private static Flow flowOf(@Nullable BusyClient client, LoopMeter loop) {
    return client == null ? loop.otherClients() : client.flow(loop.index());
  }

  private Flow flow(LoopMeter loop) {
    if (client == null) {
      callsWithoutPlace++;
    } else if (client.isEvicted()) {
      client = null;
      flow = loop.otherClients();
    }
    return flow;
  }

  /**
   * Whether calls are counted.
   *
   * @return false if nothing need be said
   */
  public boolean isCounting() {
    return loop != null;
  }

  /** Says that a second is over: a client without a place may have earned one. */
  public void second() {
    if (loop != null && callsWithoutPlace > 0) {
      if (client == null) {
        client = loop.clients().offer(address, callsWithoutPlace, System.nanoTime());
        flow = flowOf(client, loop);
      }
      callsWithoutPlace = 0;
    }
  }

  /** Says that the client's socket is being read. */
  public void reads() {
    if (loop != null) {
      readNanos = System.nanoTime();
    }
  }

  /**
   * Says that a call is whole.
   *
   * @param batch where it was added last
   */
  public void arrived(CallBatch batch, ByteBuf record) {
    if (loop == null) {
      return;
    }
    CallSummary summary = batch.spareSummary();
    if (summary == null) {
      summary = loop.summary();
      batch.count(summary);
    }
    summary.begin(readNanos, record.readableBytes());
    summary.noting(loop.noting(address));
  }

  /** Says that what a batch came to is being carried out. */
  public void carriesOut() {
    if (loop != null) {
      sendNanos = System.nanoTime();
    }
  }

  /**
   * Says that a call goes to the origin.
   *
   * @param summary the batch's no more; null if it is not counted
   * @param xid its xid, of no other call that is under way
   */
  public void sent(@Nullable CallSummary summary, int xid) {
    if (summary != null) {
      summary.sent(sendNanos);
      underWay.put(xid, summary);
      tagged += isTagged(summary) ? 1 : 0;
    }
  }

  /**
   * Counts a call that is answered here.
   *
   * @param summary the batch's no more; null if it is not counted
   */
  public void answered(@Nullable CallSummary summary, ByteBuf answer) {
    if (loop == null || summary == null) {
      return;
    }
    Flow client = flow(loop);
    read(loop, summary, answer);
    loop.count(summary, client);
    long here = sendNanos - summary.arrivedNanos();
    loop.time(summary, client, -1, here);
    replied(summary, answer.readableBytes());
    loop.tellNoted(address, port, summary, -1, here);
    loop.countBytesOut(summary, client, answer.readableBytes());
    loop.giveBack(summary);
  }

  private static void replied(CallSummary summary, int bytes) {
    CallNote note = summary.note();
    if (note != null) {
      note.replied(bytes);
    }
  }

  /** Says that a batch is given up with what was not taken of it: that connection is closed. */
  // What was refused is told all the same: who closes a connection early leaves no fewer traces.
  public void leaves(CallBatch batch) {
    for (int i = 0; loop != null && i < batch.size(); i++) {
      CallSummary summary = batch.summary(i);
      if (summary != null) {
        loop.tellUnanswered(address, port, summary, false);
      }
    }
  }

  private static void read(LoopMeter loop, CallSummary summary, ByteBuf record) {
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    loop.reply().read(record, from, record.writerIndex() - from, hasStatus(summary));
  }

  private static boolean hasStatus(CallSummary summary) {
    return !summary.isSealed() && OperationRows.hasStatus(summary.row());
  }

  /** Says that something has come from the origin. */
  public void replies() {
    if (loop != null) {
      replyNanos = System.nanoTime();
    }
  }

  /**
   * How much of most replies' messages {@link #headBytes} asks for.
   *
   * @return bytes
   */
  public static int headBytesUsual() {
    return ReplyStatus.MESSAGE_BYTES;
  }

  /**
   * How much of a reply's message should be there when it {@linkplain #passes begins to pass}.
   *
   * @return bytes; fewer if the reply is shorter
   */
  // A COMPOUND's tag stands in front of the number of results. Most clients send none.
  public int headBytes(int xid) {
    CallSummary summary = tagged == 0 ? null : underWay.get(xid);
    int tag = summary == null ? 0 : Math.min(summary.tagBytes(), ReplyStatus.TAG_BYTES_MAX);
    return ReplyStatus.MESSAGE_BYTES + (tag + 3 & ~3);
  }

  private static boolean isTagged(CallSummary summary) {
    return summary.tagBytes() > 0;
  }

  private @Nullable CallSummary arrives(int xid) {
    CallSummary summary = underWay.remove(xid);
    if (summary != null && tagged > 0 && isTagged(summary)) {
      tagged--;
    }
    return summary;
  }

  /**
   * Counts a call whose reply begins to pass.
   *
   * @param head the reply's message from its first byte on
   * @param headBytes how much of it is there
   * @return to be given to {@link #passed}; null if the call is not counted
   */
  public @Nullable CallSummary passes(int xid, ByteBuf head, int headBytes) {
    CallSummary summary = arrives(xid);
    if (loop != null && summary != null) {
      Flow client = flow(loop);
      loop.reply().read(head, 0, headBytes, hasStatus(summary));
      loop.count(summary, client);
      long atOrigin = replyNanos - summary.sentNanos();
      long here = summary.sentNanos() - summary.arrivedNanos();
      loop.time(summary, client, atOrigin, here);
      loop.tell(address, port, summary, xid, atOrigin, here);
    }
    return summary;
  }

  /**
   * Says that a reply has passed.
   *
   * @param summary of its call; null if it is not counted
   * @param bytes how long it was, markers included
   */
  public void passed(@Nullable CallSummary summary, int bytes) {
    if (loop != null && summary != null) {
      replied(summary, bytes);
      loop.countBytesOut(summary, flow, bytes);
      loop.giveBack(summary);
    }
  }

  /** Says that a reply has come and will be opened before it passes. */
  public void opens(int xid) {
    CallSummary summary = loop == null ? null : underWay.get(xid);
    if (summary != null) {
      summary.replied(replyNanos);
    }
  }

  /**
   * Counts a call whose reply was opened.
   *
   * @param record the reply as the client gets it
   */
  public void opened(int xid, ByteBuf record) {
    CallSummary summary = loop == null ? null : arrives(xid);
    if (loop == null || summary == null) {
      return;
    }
    Flow client = flow(loop);
    long here = summary.sentNanos() - summary.arrivedNanos();
    long backHere = System.nanoTime() - summary.repliedNanos();
    read(loop, summary, record);
    loop.count(summary, client);
    long atOrigin = summary.repliedNanos() - summary.sentNanos();
    loop.time(summary, client, atOrigin, here + backHere);
    replied(summary, record.readableBytes());
    loop.tell(address, port, summary, xid, atOrigin, here + backHere);
    loop.countBytesOut(summary, client, record.readableBytes());
    loop.giveBack(summary);
  }

  /** Says that the connection has ended: what has no reply will have none. */
  // Whoever is opening a reply may still write into its call's summary, so none is used again.
  public void ended() {
    if (loop != null && !underWay.isEmpty()) {
      loop.countLost(underWay.size());
      for (CallSummary summary : underWay.values()) {
        loop.tellUnanswered(address, port, summary, true);
      }
      underWay.clear();
      tagged = 0;
    }
  }

  /**
   * The event loop's meter.
   *
   * @return null if nothing is counted
   */
  public @Nullable LoopMeter loop() {
    return loop;
  }
}
