package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way back on one client's connection: which calls have no reply yet, which replies are opened
 * before the client sees them, and which callbacks are under way.
 *
 * <pre>
 *   socket ← ClientOutlet ←┬── as they come ────────── OriginReplies  (one for each way to the origin)
 *                          └── OpenedReplies ⇠ worker ←┘
 * </pre>
 */
// All of it happens on the connection's event loop but `callsInFlight` and `isOwedCallback`, which
// are asked on any thread.
final class ClientReplies implements OriginReplies.ReplySink, OpenedReplies.Returned {
  private static final Logger log = LoggerFactory.getLogger(ClientReplies.class);

  /** A few replies of the largest size: more than are with a worker as long as it keeps up. */
  private static final int OPENED_BYTES_MAX = 8 << 20;

  private final Listening listening;
  private final ConnectionMeter meter;
  private final XidsInUse xids;
  private final ClientOutlet outlet;
  private final EventLoop loop;
  private final Client client;
  private final OpenedReplies opened;
  private final CallbacksOwed owed = new CallbacksOwed();
  private final IntObjectMap<ReplyOpener> openers = new IntObjectHashMap<>(1);
  private final List<OriginReplies> streams = new ArrayList<>(1);
  private final GrowingReplies growing = new GrowingReplies(this::openNow, this::openOrWait);
  private final WaitingReplies waiting;
  private int callsInFlight;
  private boolean isMuchOpened;

  /** The connection that they go to. */
  interface Client {
    /** Whether nothing can be sent to it any more. */
    boolean isClosed();

    /** Closes it, unless it is closed. */
    void close(CloseReason reason, @Nullable String detail);

    /** Says that replies have passed: there may be room for calls again. */
    void repliesPassed();

    /** Where it comes from. */
    InetSocketAddress address();
  }

  ClientReplies(
      Listening listening,
      ConnectionMeter meter,
      XidsInUse xids,
      ClientOutlet outlet,
      EventLoop loop,
      Executor worker,
      Client client) {
    this.listening = listening;
    this.meter = meter;
    this.xids = xids;
    this.outlet = outlet;
    this.loop = loop;
    this.client = client;
    this.opened = new OpenedReplies(loop, worker, this);
    this.waiting = new WaitingReplies(loop, this::hasWaited);
  }

  // ---- what is to come ------------------------------------------------------------------------

  /** Says that a call waits for its reply, or for its turn behind another one. */
  void awaited() {
    callsInFlight++;
  }

  /** Says that a call that was awaited is judged now, and awaited from then on if it passes. */
  void hasItsTurn() {
    callsInFlight--;
  }

  /** Keeps who opens a call's reply, if anybody does. */
  void keepOpener(CallBatch batch, int i) {
    ReplyOpener wanted = batch.opener(i);
    ReplyOpener opener = batch.leavesCallback(i) ? new OwingReply(wanted, owed, listening) : wanted;
    if (opener != null) {
      openers.put(batch.call(i).xid(), opener);
    }
  }

  /** Calls without a reply. */
  int callsInFlight() {
    return callsInFlight;
  }

  /** Callbacks that the client has not answered. */
  int callbacksInFlight() {
    int callbacks = 0;
    for (OriginReplies stream : streams) {
      callbacks += stream.callbacksInFlight();
    }
    return callbacks;
  }

  /** Whether the origin owes the client a callback that is still worth waiting for. */
  boolean isOwedCallback() {
    return owed.isAny(listening.second());
  }

  /** What the replies take that are being opened, or wait for room at the client. */
  long bytesHeld() {
    return opened.bytes() + growing.bytes() + waiting.bytes();
  }

  /**
   * Whose callback the client has answered.
   *
   * @return null if nobody asked
   */
  @Nullable OriginReplies callbackAnswered(int xid) {
    for (OriginReplies stream : streams) {
      if (stream.callbackAnswered(xid)) {
        return stream;
      }
    }
    return null;
  }

  /** Stops each source for which the client has no room, and starts the others. */
  void pauseSources() {
    boolean isClientFull = !outlet.isWritable() || isMuchOpened;
    for (OriginReplies stream : streams) {
      stream.pauseSource(isClientFull || outlet.holds(stream));
    }
    if (!growing.isEmpty() && !client.isClosed()) {
      growing.flush(outlet);
      opened.flush();
      client.repliesPassed();
    }
  }

  /** A further way on which replies come. */
  ReplyStream from(FlowControl source) {
    OriginReplies stream =
        new OriginReplies(
            this,
            source,
            openers,
            meter,
            loop,
            listening.limits().recordBytesMax(),
            listening.limits().callsInFlightMax());
    streams.add(stream);
    return stream;
  }

  /** Says that the client takes nothing of what it is sent. */
  void areNotTaken() {
    areNotComing(false);
  }

  private void areNotComing(boolean hasGone) {
    openers.values().forEach(opener -> opener.isNotComing(hasGone));
    streams.forEach(stream -> stream.isNotComing(hasGone));
  }

  /** Gives back what is held. */
  void close() {
    areNotComing(true);
    streams.forEach(OriginReplies::close);
    opened.close();
    growing.close();
    waiting.close();
  }

  // ---- as they come ---------------------------------------------------------------------------

  @Override
  public void pass(OriginReplies from, ByteBuf bytes, boolean endsRecord) {
    assert loop.inEventLoop();
    if (client.isClosed()) {
      bytes.release();
    } else {
      outlet.pass(from, bytes, endsRecord);
    }
  }

  @Override
  public void flushReplies() {
    assert loop.inEventLoop();
    if (!client.isClosed()) {
      opened.flush();
      growing.flush(outlet);
      opened.flush(); // of what had waited for room
      if (isMuchOpened != opened.bytes() > OPENED_BYTES_MAX) {
        isMuchOpened = !isMuchOpened;
        pauseSources();
      }
      client.repliesPassed();
    }
  }

  @Override
  public void answered(int xid) {
    callsInFlight--;
    xids.free(xid);
  }

  @Override
  public boolean awaitsCallback() {
    return owed.isAny();
  }

  @Override
  public void callback(ByteBuf bytes, int from, int to) {
    owed.readCallback(bytes, from, to);
  }

  @Override
  public void ended(OriginReplies stream, boolean cutShort) {
    streams.remove(stream);
    if (cutShort) {
      client.close(CloseReason.ORIGIN_ENDED, "inside a reply");
    } else if (stream.callsInFlight() > 0) {
      client.close(CloseReason.ORIGIN_ENDED, "with calls in flight");
    }
  }

  @Override
  public void broken(OriginReplies stream, String why) {
    log.warn(
        "the origin sends what is not ONC RPC ({}); {} is disconnected", why, client.address());
    client.close(CloseReason.ORIGIN_NOT_RPC, why);
  }

  // ---- opened on the way ----------------------------------------------------------------------

  @Override
  public void open(ReplyOpener opener, ByteBuf record) {
    assert loop.inEventLoop();
    if (client.isClosed()) {
      record.release();
      return;
    }
    meter.opens(xid(record));
    if (!opener.isToGrow()) {
      openNow(opener, record);
    } else if (!waiting.keep(opener, record)) {
      growing.add(opener, record, outlet);
    }
  }

  private void hasWaited(ReplyOpener opener, ByteBuf record) {
    growing.add(opener, record, outlet);
    flushReplies();
  }

  // While the client had no room for it, what has come for it may have gone again.
  private int openOrWait(ReplyOpener opener, ByteBuf record) {
    return waiting.keep(opener, record) ? 0 : openNow(opener, record);
  }

  private int openNow(ReplyOpener opener, ByteBuf record) {
    ByteBuf atOnce = openedAtOnce(opener, record);
    if (atOnce == null) {
      opened.add(opener, record);
      return 0;
    }
    int bytes = atOnce.readableBytes();
    reply(atOnce);
    return bytes;
  }

  private static @Nullable ByteBuf openedAtOnce(ReplyOpener opener, ByteBuf record) {
    if (record.readableBytes() > OriginReplies.READ_IN_PASSING_BYTES_MAX) {
      return null;
    }
    try {
      return opener.openAtOnce(record);
    } catch (RuntimeException | Error bug) {
      return null; // it is met again on the worker, and told there
    }
  }

  @Override
  public void reply(@Nullable ByteBuf record) {
    assert loop.inEventLoop();
    callsInFlight--;
    if (record == null) {
      client.close(CloseReason.FAULT, "a reply to it could not be read");
    } else if (client.isClosed()) {
      record.release();
    } else {
      xids.free(xid(record));
      meter.opened(xid(record), record);
      outlet.pass(null, record, true);
    }
  }

  @Override
  public void batchEnds() {
    flushReplies();
  }

  private static int xid(ByteBuf record) {
    return record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
  }
}
