package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.Replies;

/**
 * Stands in front of a connection until its first record has begun, and leaves. If that record asks
 * for TLS (RFC 9289 section 4.1), it is answered here, and TLS stands behind this place from then
 * on; then the gate stays for as long as the handshake takes.
 */
// Of the connection's first bytes none is copied, unless they come in pieces shorter than a probe.
// What comes behind a probe goes into the TLS engine, whatever it is: a client waits for the answer
// before it sends anything, and what somebody has put there in the clear must not be executed.
//
// A probe for which there is no room waits, unanswered, with the socket not read; see
// HandshakeBounds. If none comes in time, limits.firstCallMillis ends the connection.
//
// While a handshake is computed elsewhere, Netty's SslHandler keeps whatever comes. A client may
// send calls behind the end of its own part, so more than a handshake needs is no mistake; but it
// is left in the socket until the handshake has ended.
final class StartTlsGate extends ChannelDuplexHandler {
  private static final int ROOM_MILLIS = 100;

  /** A client's part with a chain of certificates; Java takes no message of more than 32 KiB. */
  private static final int HANDSHAKE_BYTES = 64 * 1024;

  /** What one round of reading may bring, and more than that. */
  private static final int BYTES_MAX = 1 << 20;

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
  private boolean isShakingHands;
  private long bytes;

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
    if (isShakingHands) {
      passOfHandshake(context, bytes);
      return;
    }
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
    if (!probe.mayBegin(begin)) {
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
    } else {
      leave(context, bytes, null);
    }
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
    TlsRecords records = new TlsRecords(connection, handler.handshakeFuture()::isDone);
    context.pipeline().addAfter(context.name(), null, handler);
    context.pipeline().addAfter(context.name(), null, records);
    begun.accept(handler, records);
    isShakingHands = true;
    handler.handshakeFuture().addListener(ended -> leave(context));
    if (behind.isReadable()) {
      passOfHandshake(context, behind);
    } else {
      behind.release();
    }
  }

  private SslHandler newHandler(ChannelHandlerContext context) {
    try {
      return tls.server().newHandler(context.alloc());
    } catch (RuntimeException | Error fault) {
      tls.bounds().leave(connection.address().getAddress());
      throw fault;
    }
  }

  private void passOfHandshake(ChannelHandlerContext context, ByteBuf more) {
    bytes += more.readableBytes();
    if (bytes > BYTES_MAX) {
      more.release();
      connection.close(CloseReason.TLS_FAILED, "it sends on while its handshake is under way");
      return;
    }
    if (bytes > HANDSHAKE_BYTES) {
      context.channel().config().setAutoRead(false);
    }
    context.fireChannelRead(more);
  }

  private void leave(ChannelHandlerContext context) {
    isShakingHands = false;
    if (!context.isRemoved()) {
      context.pipeline().remove(this);
      context.channel().config().setAutoRead(true);
    }
  }

  // SslHandler reads on by itself until its handshake has ended.
  @Override
  public void read(ChannelHandlerContext context) {
    if (!isShakingHands || bytes <= HANDSHAKE_BYTES) {
      context.read();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (isShakingHands) {
      context.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ignored) {
    ReferenceCountUtil.release(held);
    held = null;
  }
}
