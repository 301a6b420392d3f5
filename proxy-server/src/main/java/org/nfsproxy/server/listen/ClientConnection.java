package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.MaxMessagesRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.MessageType;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.metrics.ConnectionMeter;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.TransportSecurity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: its records are cut here, judged by a worker, and carried to the
 * backend's session; replies come back as they arrive.
 *
 * <pre>
 *   socket → RecordReader → CallBatch ⇢ worker: Judge ⇢ decided → BackendSession
 *   socket ← ClientOutlet ← ClientReplies ←──────────────────────────────────┘
 * </pre>
 */
// Everything but the judging happens on the connection's event loop, so nothing here is locked. At
// most one batch is with a worker at a time, which keeps calls in their order; what arrives
// meanwhile fills the other batch, and when that is full the socket is not read.
//
// The handler sits in Netty's pipeline in front of Vert.x's own, which therefore sees the
// connection's beginning and end but none of its bytes: see docs/decisions/0004.
final class ClientConnection extends ChannelInboundHandlerAdapter
    implements ClientSide, StartTlsGate.Gated, ClientReplies.Client, WorkerHandoff.Task {
  private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

  /** A batch that waits for a worker grows up to this many records, */
  private static final int BATCH_RECORDS_MAX = 256;

  /** or this many bytes, before the socket is not read: more only waits in memory. */
  private static final int BATCH_BYTES_MAX = 1 << 20;

  /**
   * Replies that a client has not read: below the first its origin is read again, above the second
   * not.
   */
  private static final WriteBufferWaterMark UNREAD_BYTES =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);

  /**
   * Reads of up to 64 KiB until others have their turn, and what has begun leaves. With Netty's 16
   * all of a usual WRITE is there before it can begin: 200 writers held 150 MiB, with 4 of them 40.
   */
  private static final int READS_MAX = 4;

  /** A client answers the end of our side within a round trip; one that does not is left. */
  private static final int GOODBYE_MILLIS = 1_000;

  private final Listening listening;
  private final WorkerHandoff handoff;
  private final Executor worker;
  private final InetSocketAddress address;
  private final @Nullable InetSocketAddress balancer;
  private final Asker asker;
  private final Traffic traffic = new Traffic();
  private final ConnectionMeter meter;
  private final long openedMillis = System.currentTimeMillis();
  private InetSocketAddress reached;
  private volatile Peer peer;
  private @Nullable ConnectionTls tls;
  private boolean isToDrain;
  private final long openedSecond;

  private ChannelHandlerContext handler;
  private Channel channel;
  private final XidsInUse xids = new XidsInUse();
  private final Pace arriving = new Pace();
  private final Pace taking = new Pace();
  private RecordReader reader;
  private ClientOutlet outlet;
  private BackendSession session;
  private final StreamedCalls streamed;
  private CallBatch filling = new CallBatch();
  private CallBatch spare = new CallBatch();
  private @Nullable CallBatch judged;
  private ClientReplies replies;
  private volatile boolean leaving;
  private ConnectionState state = ConnectionState.OPEN;
  private int sourcesFull;
  private long callsSeen;
  private long bytesHeld;
  private long bytesWaiting;
  private long recordsRead;
  private long takenBytes;
  private long takenAtLook;
  private boolean wasFull;
  private long lastReadSecond;
  private long waitingSecond;
  private long clientEndedSecond;
  private long drainedBySecond;

  /**
   * A connection that begins.
   *
   * @param listening what all of them share
   * @param handoff where its batches wait for the worker
   * @param balancer who says so; null if the client came itself
   */
  ClientConnection(
      Listening listening,
      WorkerHandoff handoff,
      Executor worker,
      ConnectionMeter meter,
      InetSocketAddress address,
      @Nullable InetSocketAddress balancer) {
    this.listening = listening;
    this.handoff = handoff;
    this.worker = worker;
    this.meter = meter;
    this.address = address;
    this.balancer = balancer;
    this.peer = Peer.plain(ClientAddress.of(address.getAddress()));
    this.asker = new Asker(address.getAddress(), address.getPort());
    this.streamed = new StreamedCalls(listening, address.getAddress());
    this.openedSecond = listening.second();
    this.lastReadSecond = openedSecond;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    handler = added;
    channel = handler.channel();
    reached = (InetSocketAddress) channel.localAddress();
    channel.config().setWriteBufferWaterMark(UNREAD_BYTES);
    channel
        .config()
        .setOption(ChannelOption.ALLOW_HALF_CLOSURE, listening.limits().halfClosedMillis() > 0);
    if (channel.config().getRecvByteBufAllocator() instanceof MaxMessagesRecvByteBufAllocator by) {
      by.maxMessagesPerRead(READS_MAX);
    }
    reader =
        new RecordReader(channel.alloc(), listening.limits().recordBytesMax(), this::recordRead);
    outlet = new ClientOutlet(handler, traffic, this::outletChanged);
    replies = new ClientReplies(listening, meter, xids, outlet, channel.eventLoop(), worker, this);
    session = listening.backend().open(this);
  }

  // ---- from the client ------------------------------------------------------------------------

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    assert isOnItsLoop();
    ByteBuf chunk = (ByteBuf) message;
    if (!state.isServing()) {
      chunk.release();
      return;
    }
    lastReadSecond = listening.second();
    traffic.in(chunk.readableBytes());
    meter.reads();
    boolean wasMidRecord = reader.isMidRecord();
    long recordsBefore = recordsRead;
    arriving.moved(chunk.readableBytes());
    try {
      reader.read(chunk);
    } catch (RecordException unusable) {
      close(CloseReason.UNUSABLE_RECORD, unusable.getMessage());
      return;
    }
    sendArrived();
    if (reader.isMidRecord() && (!wasMidRecord || recordsRead > recordsBefore)) {
      arriving.begin();
    }
  }

  private void recordRead(ByteBuf record) {
    recordsRead++;
    int bytesHeld = record.readableBytes() - streamed.recordEnded();
    if (isCall(record) && !xids.take(xid(record))) {
      waitingSecond = xids.waiting() == 0 ? listening.second() : waitingSecond;
      replies.awaited();
      xids.keep(xid(record), record);
    } else {
      filling.add(record, bytesHeld);
      meter.arrived(filling, record);
    }
  }

  private static boolean isCall(ByteBuf record) {
    int typeAt = record.readerIndex() + RecordMarking.MARKER_BYTES + Integer.BYTES;
    return typeAt + Integer.BYTES <= record.writerIndex()
        && record.getInt(typeAt) == MessageType.CALL;
  }

  private static int xid(ByteBuf record) {
    return record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    if (state.isServing()) {
      if (streamed.hasBegun()) {
        session.flush();
      }
      judgeNext();
      updateHeld();
      updateReading();
    }
  }

  private void judgeNext() {
    if (judged != null) {
      return;
    }
    addThoseThatWaited();
    if (sourcesFull == 0) {
      streamed.offer(reader, filling, xids);
    }
    if (filling.size() == 0) {
      return;
    }
    CallBatch batch = filling;
    judged = batch;
    filling = spare;
    if (!listening.judgesAtOnce(batch)) {
      handoff.add(this);
    } else if (judge()) {
      decided();
    }
  }

  // Not while a record has begun: its end must be the next that is carried out.
  private void addThoseThatWaited() {
    while (xids.hasNext() && !streamed.isUnderWay()) {
      ByteBuf record = xids.next();
      replies.hasItsTurn();
      waitingSecond = listening.second();
      filling.add(record, record.readableBytes());
      meter.arrived(filling, record);
    }
  }

  private void begin(CallBatch batch, int i) {
    if (streamed.begin(reader, session, batch, i)) {
      sendArrived();
    } else if (sourcesFull > 0) {
      streamed.offerAgain();
    }
  }

  private void sendArrived() {
    int bytes = streamed.send(session);
    if (sourcesFull > 0) {
      bytesWaiting += bytes;
    }
  }

  private void end(CallBatch batch, int i) {
    ByteBuf rest = streamed.rest(batch, i);
    if (rest == null) {
      close(CloseReason.STREAMED_CALL_REFUSED);
      return;
    }
    replies.awaited();
    traffic.call(batch.call(i), batch.record(i));
    replies.keepOpener(batch, i);
    meter.sent(batch.takeSummary(i), batch.call(i).xid());
    session.end(batch.call(i), rest);
  }

  @Override
  public boolean judge() {
    CallBatch batch = judgedNow();
    if (asker.hasLeft()) {
      return true;
    }
    try {
      Future<?> questions = listening.judge().judge(batch, asker, peer, reached);
      if (questions != null) {
        questions.onComplete(answered -> toWorker());
        return false;
      }
    } catch (RuntimeException | Error bug) {
      log.error("judging a batch of {} failed; its connection is closed", address, bug);
      for (int i = 0; i < batch.size(); i++) {
        batch.decide(i, CallBatch.Verdict.FAULT);
      }
    }
    return true;
  }

  private void toWorker() {
    try {
      worker.execute(this::judgeAgain);
    } catch (RuntimeException | Error bug) {
      log.error("a batch of {} cannot be judged; its connection is closed", address, bug);
      toLoop(this::failed);
    }
  }

  private void judgeAgain() {
    if (judge()) {
      toLoop(this::decided);
    }
  }

  private void toLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException ended) {
      abandoned();
    }
  }

  @Override
  public void abandoned() {
    judgedNow().clear();
  }

  @Override
  public void failed() {
    assert isOnItsLoop();
    endJudged();
    close(CloseReason.FAULT, "its calls could not be judged");
  }

  @Override
  public void decided() {
    assert isOnItsLoop();
    try {
      carryOut();
    } catch (RuntimeException | Error bug) {
      log.error("carrying out what {} sent failed; its connection is closed", address, bug);
      close(CloseReason.FAULT, "what was decided about its calls could not be carried out");
    }
  }

  private void endJudged() {
    CallBatch batch = judgedNow();
    judged = null;
    meter.leaves(batch);
    batch.clear();
    spare = batch;
  }

  private CallBatch judgedNow() {
    return Objects.requireNonNull(judged, "a batch is being judged");
  }

  private void carryOut() {
    CallBatch batch = judgedNow();
    callsSeen += batch.size();
    meter.carriesOut();
    try {
      for (int i = 0; i < batch.size() && !isClosed(); i++) {
        deliver(batch, i);
      }
    } finally {
      endJudged();
    }
    if (isClosed()) {
      return;
    }
    session.flush();
    outlet.flush();
    if (!isClosed()) {
      judgeNext();
      updateHeld();
      updateReading();
      closeIfDone();
    }
  }

  private void deliver(CallBatch batch, int i) {
    if (streamed.hasBegun()) {
      end(batch, i);
      return;
    }
    switch (Objects.requireNonNull(batch.verdict(i), "all are decided")) {
      case FORWARD -> {
        ByteBuf record = batch.takeRecord(i);
        int bytes = record.readableBytes();
        replies.awaited();
        traffic.call(batch.call(i), record);
        replies.keepOpener(batch, i);
        meter.sent(batch.takeSummary(i), batch.call(i).xid());
        session.call(batch.call(i), record);
        if (sourcesFull > 0) {
          bytesWaiting += bytes;
        }
      }
      case ANSWER -> {
        traffic.call(batch.call(i), batch.record(i));
        xids.free(batch.call(i).xid());
        ByteBuf answer = Objects.requireNonNull(batch.takeAnswer(i), "decided by it");
        meter.answered(batch.takeSummary(i), answer);
        outlet.pass(null, answer, true);
      }
      case BEGIN -> begin(batch, i);
      case WHOLE -> {}
      case CALLBACK_REPLY -> deliverCallbackReply(batch.call(i), batch.takeRecord(i));
      case CLOSE -> close(CloseReason.NOT_RPC);
      case RETRY -> close(CloseReason.RULE_UNANSWERED);
      case FAULT -> close(CloseReason.FAULT, "judging its calls");
    }
  }

  private void deliverCallbackReply(Call reply, ByteBuf record) {
    OriginReplies asked = replies.callbackAnswered(reply.xid());
    if (asked == null) {
      record.release();
    } else {
      session.callbackReply(asked, record);
    }
  }

  // ---- from the origin ------------------------------------------------------------------------

  @Override
  public ReplyStream replies(FlowControl source) {
    assert isOnItsLoop();
    return replies.from(source);
  }

  @Override
  public void repliesPassed() {
    if (xids.hasNext()) {
      judgeNext();
    }
    updateHeld();
    updateReading();
    closeIfDone();
  }

  // ---- flow control ---------------------------------------------------------------------------

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ignored) {
    taking.begin();
    takenBytes = outlet.taken();
    outletChanged();
  }

  private void outletChanged() {
    replies.pauseSources();
    updateReading();
  }

  @Override
  public long unsentBytes() {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes() - outbound.currentProgress();
  }

  @Override
  public void callsFull(boolean full) {
    assert isOnItsLoop();
    sourcesFull += full ? 1 : -1;
    if (sourcesFull == 0) {
      bytesWaiting = 0;
      countHeld();
      if (state.isServing()) {
        judgeNext();
      }
    }
    updateReading();
  }

  // A client that does not read its replies may send no more calls either: what is answered here
  // slows no origin down, and would pile up for it.
  private void updateReading() {
    if (isClosed()) {
      return;
    }
    boolean read =
        sourcesFull == 0
            && outlet.isWritable()
            && !outlet.holds(null)
            && isReadInItsState()
            && replies.callsInFlight() < listening.limits().callsInFlightMax()
            && filling.size() < BATCH_RECORDS_MAX
            && filling.bytes() < BATCH_BYTES_MAX
            && xids.bytes() < BATCH_BYTES_MAX;
    if (channel.config().isAutoRead() != read) {
      channel.config().setAutoRead(read);
    }
  }

  private boolean isReadInItsState() {
    return switch (state) {
      case OPEN, DRAINED -> true;
      case DRAINING -> replies.isOwedCallback() || replies.callbacksInFlight() > 0;
      case CLIENT_ENDED, ANSWERED, CLOSED -> false;
    };
  }

  private void updateHeld() {
    countHeld();
    if (listening.recordMemory().isExceededBy(bytesHeld)) {
      close(CloseReason.RECORD_MEMORY);
    }
  }

  // What has begun to arrive, what waits for a worker or is with one, or for another call's reply,
  // and what the session took while it was full.
  private void countHeld() {
    int judgedBytes = judged == null ? 0 : judged.bytes();
    long calls = reader.bytesHeld() + filling.bytes() + judgedBytes + bytesWaiting + xids.bytes();
    long held = isClosed() ? 0 : calls + replies.bytesHeld();
    listening.recordMemory().change(held - bytesHeld);
    bytesHeld = held;
  }

  // ---- the connection's end -------------------------------------------------------------------

  /** Looks at the clock: what took too long is closed. Called about once a second. */
  void checkTime(long second) {
    assert isOnItsLoop();
    Limits limits = listening.limits();
    meter.second();
    lookWhetherTaken();
    if (state == ConnectionState.DRAINING || state == ConnectionState.DRAINED) {
      updateReading();
      closeIfDone();
    }
    if (isTooSlowToSend(limits) || isTooSlowInATlsRecord(second, limits)) {
      close(CloseReason.SLOW_TO_SEND);
    } else if (drainedBySecond != 0 && second >= drainedBySecond) {
      close(CloseReason.DRAIN_TIMED_OUT);
    } else if (isWithoutACall(second, limits)) {
      close(CloseReason.NO_FIRST_CALL);
    } else if (isTooSlowToRead(limits)) {
      close(CloseReason.SLOW_TO_READ);
    } else if (xids.waiting() > 0 && elapsed(second, waitingSecond, limits.sameXidMillis())) {
      close(CloseReason.SAME_XID);
    } else if (state.isClientAtItsEnd()
        && elapsed(second, clientEndedSecond, limits.halfClosedMillis())) {
      close(CloseReason.HALF_CLOSED);
    } else if (owesNothing() && elapsed(second, lastReadSecond, limits.idleMillis())) {
      close(CloseReason.IDLE);
    }
  }

  // At two looks there was no room, and between them nothing was taken.
  private void lookWhetherTaken() {
    long taken = outlet.taken();
    boolean isFull = !outlet.isWritable();
    if (isFull && wasFull && taken == takenAtLook) {
      replies.areNotTaken();
    }
    wasFull = isFull;
    takenAtLook = taken;
  }

  private boolean isTooSlowToSend(Limits limits) {
    return channel.config().isAutoRead()
        && reader.isMidRecord()
        && arriving.isTooSlow(limits.recordMillis(), limits.bytesPerSecondMin());
  }

  private boolean isTooSlowInATlsRecord(long second, Limits limits) {
    boolean isRead = channel.config().isAutoRead();
    return tls != null
        && elapsed(second, tls.records().insideSince(second, isRead), limits.recordMillis());
  }

  private boolean isWithoutACall(long second, Limits limits) {
    if (callsSeen > 0 || !elapsed(second, openedSecond, limits.firstCallMillis())) {
      return false;
    }
    long bytesMin = (second - openedSecond) * limits.bytesPerSecondMin();
    return !reader.isMidRecord() || traffic.bytesIn() < bytesMin;
  }

  private boolean isTooSlowToRead(Limits limits) {
    if (outlet.isWritable() || limits.stallMillis() == 0) {
      return false;
    }
    long before = takenBytes;
    takenBytes = outlet.taken();
    taking.moved(takenBytes - before);
    return taking.isTooSlow(limits.stallMillis(), limits.bytesPerSecondMin());
  }

  // Never early: of the first second, only a moment may have passed.
  private static boolean elapsed(long second, long since, int millis) {
    return millis > 0 && (second - since - 1) * 1000 >= millis;
  }

  /** Takes no further call, and closes when those in flight have their replies. */
  // What the client has sent and nobody has read was not executed, so it may be sent again. While
  // the client owes the origin an answer to a callback, it is read on: the answer is among what it
  // sends. And while the origin owes the client a callback, it is served on: the callback may take
  // as long as the copy of a file.
  //
  // A handshake of TLS is let come to its end, which its own bound sees to: a Linux client (6.12)
  // whose handshake fails fails the calls that wait for the connection, EACCES, on a hard mount
  // too.
  void drain() {
    assert isOnItsLoop();
    if (tls != null && tls.isShakingHands()) {
      isToDrain = true;
    } else if (state == ConnectionState.OPEN) {
      state = state.become(ConnectionState.DRAINING);
      updateReading();
      closeIfDone();
    }
  }

  /**
   * Drains it a little later, on its own event loop.
   *
   * @param drainMillis how long calls in flight have then; 0 if somebody else sees to the end
   */
  void drainLater(long delayMillis, int drainMillis) {
    leaving = true;
    channel
        .eventLoop()
        .schedule(
            () -> {
              if (drainMillis > 0) {
                drainedBySecond = listening.second() + 1 + (drainMillis + 999) / 1000;
              }
              drain();
            },
            delayMillis,
            TimeUnit.MILLISECONDS);
  }

  /** Whether it is being drained, or soon will be. */
  boolean isLeaving() {
    return leaving;
  }

  /** Whether no call waits for its reply, or for the rest of it, in either direction. */
  private boolean owesNothing() {
    return judged == null
        && replies.callsInFlight() == 0
        && (state.isClientAtItsEnd() || replies.callbacksInFlight() == 0)
        && outlet.isBetweenRecords();
  }

  /** Calls without a reply; asked on any thread, and a moment old. */
  int callsInFlight() {
    return replies.callsInFlight();
  }

  /** How it is protected; asked on any thread, and a moment old. */
  TransportSecurity transport() {
    return peer.transport();
  }

  /** What an administrator is told; asked on any thread, and a moment old. */
  ConnectedClient seen() {
    return new ConnectedClient(
        address,
        balancer,
        peer,
        openedMillis,
        traffic.versions(),
        traffic.identity(listening.backend().identity()),
        traffic.calls(),
        traffic.bytesIn(),
        traffic.bytesOut(),
        replies.callsInFlight(),
        session.originPort(),
        isLeaving());
  }

  private void closeIfDone() {
    boolean isAnswered = state == ConnectionState.CLIENT_ENDED;
    boolean isToEnd = isAnswered || state == ConnectionState.DRAINING && !replies.isOwedCallback();
    if (isToEnd && owesNothing()) {
      state = state.become(isAnswered ? ConnectionState.ANSWERED : ConnectionState.DRAINED);
      written().addListener(written -> endOutput());
    }
  }

  /** Completes when the socket has all that was written, and with TLS its end too. */
  private ChannelFuture written() {
    if (tls == null) {
      return handler.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }
    handler.flush();
    return tls.endOutput();
  }

  // Closing a socket with unread bytes sends a reset, which can overtake the last replies. So only
  // our side is ended; the client ends its own in answer, and calls it has sent meanwhile are read,
  // not executed, and sent again by it elsewhere.
  private void endOutput() {
    if (state != ConnectionState.DRAINED) {
      close(CloseReason.CLIENT_ENDED);
      return;
    }
    ((DuplexChannel) channel).shutdownOutput();
    channel.config().setAutoRead(true);
    channel
        .eventLoop()
        .schedule(() -> close(CloseReason.DRAINED), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
  }

  // Where Netty's native transport serves (4.2.17), a socket whose client has ended takes no more
  // than fits into it at once: to wait for room fails, since Netty has taken it out of epoll. What
  // is cut short so is closed.
  //
  // The client sends no more. It may have done so behind its last call, and still wait for the
  // reply; or it may be gone, which shows only when something is sent to it.
  private void clientEnds() {
    if (state.isClientAtItsEnd() || isClosed()) {
      return;
    }
    if (state == ConnectionState.DRAINED) {
      close(CloseReason.DRAINED);
      return;
    }
    if (tls != null && tls.isShakingHands()) {
      tls.failed(new ClosedChannelException(), listening.second());
      close(CloseReason.CLIENT_ENDED, "in its TLS handshake");
      return;
    }
    if (streamed.hasBegun()) {
      close(CloseReason.CLIENT_ENDED);
      return;
    }
    state = state.become(ConnectionState.CLIENT_ENDED);
    clientEndedSecond = listening.second();
    reader.close();
    streamed.cutOff();
    judgeNext();
    updateHeld();
    updateReading();
    closeIfDone();
  }

  // The close begins at our own handler: Vert.x's, behind it, would first wait for the client to
  // read all that is written, and a client that never reads would never be closed.
  @Override
  public void close(String why) {
    close(CloseReason.BACKEND, why);
  }

  void close(CloseReason reason) {
    close(reason, null);
  }

  /**
   * Closes it, unless it is closed.
   *
   * @param detail what the log says beside the reason; null for nothing
   */
  @Override
  public void close(CloseReason reason, @Nullable String detail) {
    assert isOnItsLoop();
    if (isClosed()) {
      return;
    }
    state = state.become(ConnectionState.CLOSED);
    asker.leave();
    log.debug(
        "{} closed after {} calls: {}{}",
        address,
        callsSeen,
        reason.words(),
        detail == null ? "" : ": " + detail);
    releaseEach(
        reader::close,
        streamed::close,
        filling::clear,
        xids::close,
        session::close,
        outlet::flush,
        outlet::close,
        replies::close,
        meter::ended,
        this::countHeld,
        () -> listening.closes().close(handler, reason));
  }

  // What fails to be given back keeps nothing else.
  private void releaseEach(Runnable... releases) {
    for (Runnable release : releases) {
      try {
        release.run();
      } catch (RuntimeException | Error bug) {
        log.error("closing the connection of {} met a fault", address, bug);
      }
    }
  }

  // ---- TLS ------------------------------------------------------------------------------------

  /** Its client has asked for TLS. What is read from now on, comes out of that. */
  void tlsBegins(ConnectionTls begun) {
    tls = begun;
  }

  private void handshakeEnded(ConnectionTls ended, SslHandshakeCompletionEvent event) {
    Peer known = event.isSuccess() ? ended.peer(listening.second()) : null;
    if (known != null) {
      peer = known;
      if (isToDrain) {
        drain();
      }
      return;
    }
    if (!event.isSuccess() && !isClosed()) {
      ended.failed(event.cause(), listening.second());
    }
    close(CloseReason.TLS_FAILED, String.valueOf(event.cause()));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      clientEnds();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && tls != null) {
      handshakeEnded(tls, handshake);
    } else if (event instanceof SslCloseCompletionEvent end) {
      closeNotified(end);
    } else if (event instanceof ChannelOutputShutdownEvent && state.isServing()) {
      close(CloseReason.SOCKET_FAILED, "it takes no more");
    } else if (!(event instanceof ChannelInputShutdownReadComplete)) {
      handler.fireUserEventTriggered(event);
    }
  }

  // The client says in TLS that it sends no more; its side of the socket ends behind that.
  private void closeNotified(SslCloseCompletionEvent end) {
    if (end.isSuccess()) {
      clientEnds();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    socketEnded();
    handler.fireChannelInactive();
  }

  /** Its socket is closed, by the client or by Vert.x, which ends a drain that takes too long. */
  void socketEnded() {
    close(
        switch (state) {
          case DRAINED -> CloseReason.DRAINED;
          case DRAINING -> CloseReason.DRAIN_TIMED_OUT;
          case OPEN, CLIENT_ENDED, ANSWERED, CLOSED -> CloseReason.CLIENT_ENDED;
        });
  }

  @Override
  public boolean isClosed() {
    return state == ConnectionState.CLOSED;
  }

  private boolean isOnItsLoop() {
    return channel.eventLoop().inEventLoop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    if (isOfTls(cause)) {
      close(CloseReason.TLS_FAILED, cause.toString());
      return;
    }
    if (!(cause instanceof IOException)) {
      log.error("serving {} failed; its connection is closed", address, cause);
    }
    close(
        cause instanceof IOException ? CloseReason.SOCKET_FAILED : CloseReason.FAULT,
        cause.toString());
  }

  private static boolean isOfTls(Throwable cause) {
    return cause instanceof SSLException
        || cause instanceof DecoderException && cause.getCause() instanceof SSLException;
  }

  /** Whether it is closed, or takes no further call. */
  @Override
  public boolean isLeavingNow() {
    return state != ConnectionState.OPEN;
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }
}
