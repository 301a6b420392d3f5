package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Replies;
import org.nfsproxy.server.tls.HandshakeIntake;
import org.nfsproxy.server.tls.TlsRecords;

/**
 * Stands in front of a connection until its first record has begun, and leaves. If that record asks
 * for TLS (RFC 9289 section 4.1), it is answered here, and TLS stands in this place from then on.
 */
// Of the connection's first bytes none is copied, unless they come in pieces shorter than a probe.
// What comes behind a probe goes into the TLS engine, whatever it is: a client waits for the answer
// before it sends anything, and what somebody has put there in the clear must not be executed.
//
// A probe for which there is no room waits, unanswered, with the socket not read; see
// HandshakeBounds. If none comes in time, limits.firstCallMillis ends the connection.
final class StartTlsGate extends ChannelInboundHandlerAdapter {
  private static final int ROOM_MILLIS = 100;

  /** The connection that it stands in front of. */
  interface Gated {
    InetSocketAddress address();

    /** Whether it is closed, or about to be. */
    boolean isLeavingNow();

    void close(CloseReason reason, @Nullable String detail);
  }

  private final TlsListening tls;
  private final StartTlsProbe probe;
  private final Gated connection;
  private final BiConsumer<SslHandler, TlsRecords> begun;
  private @Nullable ByteBuf held;
  private boolean isWaiting;
  private boolean hasToldVersions;

  /**
   * For a connection of which nothing has been read.
   *
   * @param begun is told of the handlers that stand in this place from now on
   */
  StartTlsGate(
      TlsListening tls,
      StartTlsProbe probe,
      Gated connection,
      BiConsumer<SslHandler, TlsRecords> begun) {
    this.tls = tls;
    this.probe = probe;
    this.connection = connection;
    this.begun = begun;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (isWaiting) {
      bytes.release();
      connection.close(CloseReason.TLS_FAILED, "it goes on before its probe is answered");
      return;
    }
    if (held == null && bytes.readableBytes() >= StartTlsProbe.BYTES) {
      decide(context, bytes);
      return;
    }
    ByteBuf begin = held == null ? context.alloc().buffer(StartTlsProbe.BYTES) : held;
    held = begin;
    int more = Math.min(StartTlsProbe.BYTES - begin.readableBytes(), bytes.readableBytes());
    begin.writeBytes(bytes, more);
    if (!bytes.isReadable() && tellsVersions(context, begin)) {
      held = null;
      begin.release();
      bytes.release();
    } else if (!probe.mayBegin(begin)) {
      held = null;
      leave(context, begin, bytes);
    } else if (begin.readableBytes() < StartTlsProbe.BYTES) {
      bytes.release();
    } else {
      held = null;
      answer(context, begin, bytes);
    }
  }

  private void decide(ChannelHandlerContext context, ByteBuf bytes) {
    if (probe.mayBegin(bytes)) {
      answer(context, bytes.readRetainedSlice(StartTlsProbe.BYTES), bytes);
    } else if (tellsVersions(context, bytes)) {
      bytes.release();
    } else {
      leave(context, bytes, null);
    }
  }

  // Who asks by a version that is not served asks by another one then, on the same connection (as
  // this proxy's own questions do). Once: replies that nobody reads are not to pile up.
  private boolean tellsVersions(ChannelHandlerContext context, ByteBuf bytes) {
    ServedProgram others = hasToldVersions ? null : probe.others(bytes);
    if (others == null) {
      return false;
    }
    hasToldVersions = true;
    context.writeAndFlush(
        Replies.accepted(
            context.alloc(),
            StartTlsProbe.xid(bytes),
            AcceptStatus.PROG_MISMATCH,
            others.low(),
            others.high()),
        context.voidPromise());
    return true;
  }

  private void leave(ChannelHandlerContext context, ByteBuf bytes, @Nullable ByteBuf behind) {
    context.fireChannelRead(bytes);
    if (behind != null) {
      pass(context, behind);
    }
    context.pipeline().remove(this);
  }

  private static void pass(ChannelHandlerContext context, ByteBuf bytes) {
    if (bytes.isReadable()) {
      context.fireChannelRead(bytes);
    } else {
      bytes.release();
    }
  }

  private void answer(ChannelHandlerContext context, ByteBuf call, ByteBuf behind) {
    int xid = StartTlsProbe.xid(call);
    call.release();
    if (tls.bounds().enter(connection.address().getAddress())) {
      begin(context, xid, behind);
      return;
    }
    boolean isAlone = !behind.isReadable();
    behind.release();
    if (isAlone) {
      isWaiting = true;
      context.channel().config().setAutoRead(false);
      waitForRoom(context, xid);
    } else {
      connection.close(CloseReason.TLS_FAILED, "it goes on before its probe is answered");
    }
  }

  private void waitForRoom(ChannelHandlerContext context, int xid) {
    context
        .executor()
        .schedule(() -> beginIfThereIsRoom(context, xid), ROOM_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void beginIfThereIsRoom(ChannelHandlerContext context, int xid) {
    if (context.isRemoved() || !context.channel().isActive() || connection.isLeavingNow()) {
      return;
    }
    if (tls.bounds().enter(connection.address().getAddress())) {
      isWaiting = false;
      begin(context, xid, context.alloc().buffer(0));
      context.channel().config().setAutoRead(true);
    } else {
      waitForRoom(context, xid);
    }
  }

  private void begin(ChannelHandlerContext context, int xid, ByteBuf behind) {
    context.writeAndFlush(Replies.startTls(context.alloc(), xid), context.voidPromise());
    SslHandler handler = newHandler(context);
    handler
        .handshakeFuture()
        .addListener(ended -> tls.bounds().leave(connection.address().getAddress()));
    TlsRecords records =
        new TlsRecords(
            detail -> connection.close(CloseReason.TLS_FAILED, detail),
            handler.handshakeFuture()::isDone);
    HandshakeIntake intake =
        new HandshakeIntake(
            handler,
            () ->
                connection.close(
                    CloseReason.TLS_FAILED, "it sends on while its handshake is under way"));
    context.pipeline().addAfter(context.name(), null, handler);
    context.pipeline().addAfter(context.name(), null, records);
    context.pipeline().addAfter(context.name(), null, intake);
    begun.accept(handler, records);
    pass(context, behind);
    context.pipeline().remove(this);
  }

  private SslHandler newHandler(ChannelHandlerContext context) {
    try {
      return tls.server().newHandler(context.alloc());
    } catch (RuntimeException | Error fault) {
      tls.bounds().leave(connection.address().getAddress());
      throw fault;
    }
  }

  // Nothing has been passed on.
  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {}

  @Override
  public void handlerRemoved(ChannelHandlerContext ignored) {
    ReferenceCountUtil.release(held);
    held = null;
  }
}
