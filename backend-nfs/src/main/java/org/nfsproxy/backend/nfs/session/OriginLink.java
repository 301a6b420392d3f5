package org.nfsproxy.backend.nfs.session;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.Promise;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.nfs.connect.OriginConnector;
import org.nfsproxy.backend.nfs.connect.OriginReachability;
import org.nfsproxy.backend.nfs.connect.OriginTcp;
import org.nfsproxy.backend.nfs.questions.NotServedException;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Replies;

/**
 * One connection to the origin, for one client connection: what the client sends leaves here
 * unchanged, what the origin sends goes back as it arrives.
 */
// Calls that come while the connection is made wait here; the client is not read meanwhile, so
// there is at most one batch of them. The link ends once: its stream is ended, and its owner told.
final class OriginLink extends ChannelInboundHandlerAdapter implements FlowControl {
  /** Calls that the origin has not taken: above the second the client is not read. */
  private static final WriteBufferWaterMark UNSENT_BYTES =
      new WriteBufferWaterMark(128 * 1024, 512 * 1024);

  private final ClientSide client;
  private final LinkOwner owner;
  private final ReplyStream replies;
  private final Promise<Channel> connecting;
  private final OriginReachability reachability;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(4);
  private @Nullable ChannelHandlerContext handler;
  private @Nullable DelayRepeats repeats;
  private boolean notServed;
  private boolean callbackAnsweredLast;
  private boolean full;
  private boolean paused;
  private boolean ended;

  /** Is told when a link has ended by itself. */
  interface LinkOwner {
    /** The connection is gone, or never came to be. */
    void linkEnded(OriginLink link, String why);
  }

  OriginLink(
      ClientSide client,
      OriginConnector connector,
      int program,
      DelayBounds delays,
      OriginReachability reachability,
      LinkOwner owner) {
    this.client = client;
    this.owner = owner;
    this.reachability = reachability;
    this.replies = client.replies(this);
    this.repeats =
        delays.repeatMillis() == 0
            ? null
            : new DelayRepeats(delays, client.eventLoop(), this::sendNow, replies::write);
    this.connecting = client.eventLoop().newPromise();
    setFull(true);
    connecting.addListener(done -> connected());
    connector.connect(client, program, connecting);
  }

  ReplyStream replies() {
    return replies;
  }

  void call(Call call, ByteBuf record) {
    callbackAnsweredLast = false;
    replies.expect(call);
    if (repeats != null) {
      repeats.sent(call, record);
    }
    send(record);
  }

  /**
   * Sends the first bytes of a call, unless it may have to be repeated: then it is needed whole.
   * Nor is one begun before it is known that there is somebody to send it to.
   */
  boolean begin(Call call, ByteBuf head) {
    if (ended || handler == null || repeats != null && repeats.needsWhole(call, head)) {
      return false;
    }
    callbackAnsweredLast = false;
    send(head);
    return true;
  }

  /** Sends the last bytes of a call that has begun. */
  void end(Call call, ByteBuf rest) {
    replies.expect(call);
    send(rest);
  }

  private void sendNow(ByteBuf record) {
    send(record);
    flush();
  }

  /** The port this connection leaves from; 0 before it is there. */
  int localPort() {
    ChannelHandlerContext connected = handler;
    return connected != null
            && connected.channel().localAddress() instanceof InetSocketAddress address
        ? address.getPort()
        : 0;
  }

  void send(ByteBuf record) {
    if (ended) {
      record.release();
    } else if (handler != null) {
      handler.write(record, handler.voidPromise());
    } else if (notServed) {
      answerNotServed(record);
    } else {
      waiting.add(record);
    }
  }

  void flush() {
    if (handler != null) {
      handler.flush();
    }
    if (notServed) {
      replies.flush();
    }
  }

  /** Sends a client's reply to a callback. */
  void callbackReply(ByteBuf record) {
    callbackAnsweredLast = true;
    send(record);
  }

  /** Ends the link from this side. */
  // By a reset (OriginTcp), but for the one thing that nobody would send again and that no reply
  // shows to have arrived.
  void close() {
    if (ended) {
      return;
    }
    ended = true;
    connecting.cancel(false);
    waiting.forEach(ByteBuf::release);
    waiting.clear();
    if (repeats != null) {
      repeats.close();
    }
    if (handler != null) {
      if (callbackAnsweredLast) {
        handler.channel().config().setOption(ChannelOption.SO_LINGER, OriginTcp.ORDERLY);
      }
      handler.close();
    }
  }

  private void connected() {
    if (ended) {
      if (connecting.isSuccess()) {
        connecting.getNow().close();
      }
      return;
    }
    if (connecting.isSuccess()) {
      Channel channel = connecting.getNow();
      channel.config().setWriteBufferWaterMark(UNSENT_BYTES);
      channel.pipeline().addLast(this);
    } else if (connecting.cause() instanceof NotServedException) {
      notServed = true;
      waiting.forEach(this::answerNotServed);
      waiting.clear();
      replies.flush();
      setFull(false);
    } else {
      end("no connection to the origin: " + Reason.of(connecting.cause()));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    handler = added;
    if (repeats != null) {
      repeats.connected();
    }
    waiting.forEach(record -> added.write(record, added.voidPromise()));
    waiting.clear();
    handler.flush();
    setFull(!handler.channel().isWritable());
    handler.channel().config().setAutoRead(!paused);
    if (!handler.channel().isActive()) {
      end("the origin closed its connection at once");
    }
  }

  // The origin's portmapper has no such program: what an origin without it would say by itself.
  private void answerNotServed(ByteBuf record) {
    int xid = record.getInt(record.readerIndex() + RecordMarking.MARKER_BYTES);
    replies.write(Replies.accepted(record.alloc(), xid, AcceptStatus.PROG_UNAVAIL));
    record.release();
  }

  @Override
  public void channelRead(ChannelHandlerContext channel, Object message) {
    if (ended) {
      ((ByteBuf) message).release();
    } else if (repeats == null) {
      replies.write((ByteBuf) message);
    } else {
      repeats.received((ByteBuf) message);
      repeats = repeats.isOver() ? null : repeats;
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext channel) {
    reachability.heard();
    if (!ended) {
      replies.flush();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext channel) {
    setFull(!channel.channel().isWritable());
  }

  @Override
  public void channelInactive(ChannelHandlerContext channel) {
    end("the origin closed its connection");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
    end("the connection to the origin broke: " + Reason.of(cause));
  }

  private void end(String why) {
    if (ended) {
      return;
    }
    close();
    setFull(false);
    replies.end();
    owner.linkEnded(this, why);
  }

  private void setFull(boolean isFull) {
    if (isFull != full) {
      full = isFull;
      client.callsFull(isFull);
    }
  }

  @Override
  public void pause() {
    setPaused(true);
  }

  @Override
  public void resume() {
    setPaused(false);
  }

  private void setPaused(boolean isPaused) {
    paused = isPaused;
    if (handler != null) {
      handler.channel().config().setAutoRead(!isPaused);
    }
  }
}
