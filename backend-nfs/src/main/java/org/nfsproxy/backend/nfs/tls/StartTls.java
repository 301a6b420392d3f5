package org.nfsproxy.backend.nfs.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.MessageType;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Asks for TLS on a connection that has carried nothing (RFC 9289 section 4.1), begins it, and
 * leaves, with TLS in its place.
 *
 * <pre>
 *  PROBE      NULL with AUTH_TLS ──▶   ◀── verifier STARTTLS        in the clear
 *  HANDSHAKE  ClientHello ──▶ ...
 *  CONFIRM    NULL ──▶                 ◀── any reply                inside TLS
 * </pre>
 */
// The last step is there because in TLS 1.3 a client's handshake has ended before its certificate
// is looked at: who is refused for it learns so from the first thing that is read. A client's call
// would be the first otherwise, and its connection would be closed for what is an outage.
//
// Nobody may speak unasked: what comes behind a reply, in the clear above all, was put there by
// somebody else, or by a server that cannot be followed. It is never read, and the connection ends.
final class StartTls extends ChannelDuplexHandler {
  /** A reply of NULL, with the longest verifier, and some more. */
  private static final int REPLY_BYTES_MAX = 1024;

  /** A version of NFS that nearly all have; who has not says which there are. */
  private static final int VERSION = 4;

  private static final CallCredential AUTH_TLS =
      CallCredential.of(AuthFlavor.AUTH_TLS, new byte[0]);

  private enum Step {
    PROBE,
    HANDSHAKE,
    CONFIRM,
    OVER
  }

  /** Is told how it ended, once, on the connection's event loop. */
  interface Ended {
    /**
     * The connection may be used, and nothing stands in it that was not asked for.
     *
     * @param certificate of the other end; null where there is no TLS
     */
    void well(@Nullable X509Certificate certificate);

    /** The connection is being closed. */
    void badly(OriginHandshake outcome, String detail);

    /** This side wants it no more, and closes it. */
    void givenUp();
  }

  private final Supplier<SslHandler> handlers;
  private final boolean hasOwn;
  private final boolean mayBeClear;
  private final long millis;
  private final Ended ended;
  private final int xid = ThreadLocalRandom.current().nextInt();
  private Step step = Step.PROBE;
  private int version = VERSION;
  private @Nullable X509Certificate certificate;
  private @Nullable SslHandler tls;
  private @Nullable RecordReader records;
  private @Nullable ByteBuf reply;
  private boolean isTooMuch;
  private @Nullable Future<?> timer;

  /**
   * For one connection.
   *
   * @param handlers makes this side's end of TLS
   * @param hasOwn whether that has a certificate
   * @param mayBeClear whether a server that offers no TLS is used without
   * @param millis how long all of it may take
   */
  StartTls(
      Supplier<SslHandler> handlers, boolean hasOwn, boolean mayBeClear, long millis, Ended ended) {
    this.handlers = handlers;
    this.hasOwn = hasOwn;
    this.mayBeClear = mayBeClear;
    this.millis = millis;
    this.ended = ended;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    timer = context.executor().schedule(() -> late(context), millis, TimeUnit.MILLISECONDS);
    if (context.channel().isActive()) {
      ask(context, AUTH_TLS);
    } else {
      fail(context, new ClosedChannelException());
    }
  }

  private void late(ChannelHandlerContext context) {
    fail(
        context,
        OriginHandshake.TIMED_OUT,
        switch (step) {
          case PROBE -> "nothing answers the question for it in " + millis + " ms";
          case HANDSHAKE -> "the handshake does not end";
          default -> "nothing answers a NULL call inside it";
        });
  }

  // ---- a NULL call and its reply ----------------------------------------------------------------

  private void ask(ChannelHandlerContext context, CallCredential credential) {
    close(records);
    records = new RecordReader(context.alloc(), REPLY_BYTES_MAX, this::take);
    ByteBuf call = Unpooled.buffer();
    XdrWriter out = new XdrWriter(call).int32(0).int32(xid).int32(MessageType.CALL).int32(2);
    out.int32(Programs.NFS).int32(version).int32(0);
    credential.write(out);
    CallCredential.NONE.write(out);
    int length = call.readableBytes() - RecordMarking.MARKER_BYTES;
    call.setInt(0, RecordMarking.lastFragment(length));
    context.writeAndFlush(call, context.voidPromise());
    context.read();
  }

  private void take(ByteBuf record) {
    if (reply == null) {
      reply = record;
    } else {
      record.release();
      isTooMuch = true;
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    RecordReader reader = records;
    if (reader == null || step == Step.HANDSHAKE || step == Step.OVER) {
      bytes.release();
      fail(context, OriginHandshake.PROTOCOL, "it speaks before it is asked");
      return;
    }
    try {
      reader.read(bytes);
    } catch (RecordException tooLong) {
      fail(context, OriginHandshake.PROTOCOL, String.valueOf(tooLong.getMessage()));
      return;
    }
    ByteBuf whole = reply;
    if (whole == null) {
      return;
    }
    reply = null;
    try {
      if (isTooMuch || reader.isMidRecord()) {
        boolean isClear = step == Step.PROBE;
        fail(
            context,
            isClear ? OriginHandshake.CLEAR_TEXT : OriginHandshake.PROTOCOL,
            "bytes behind the reply of a NULL call");
      } else {
        answered(context, ProbeReply.read(whole));
      }
    } finally {
      whole.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (step == Step.PROBE || step == Step.CONFIRM) {
      context.read();
    }
  }

  private void answered(ChannelHandlerContext context, @Nullable ProbeReply said) {
    if (said == null || said.xid() != xid) {
      fail(context, OriginHandshake.PROTOCOL, "what comes is no reply to a NULL call");
    } else if (step == Step.CONFIRM) {
      leave(context);
    } else if (said.offersTls()) {
      begin(context);
    } else if (version == VERSION && said.versionMax() >= 2 && said.versionMax() < VERSION) {
      version = said.versionMax();
      ask(context, AUTH_TLS);
    } else if (mayBeClear) {
      leave(context);
    } else {
      fail(context, OriginHandshake.NOT_OFFERED, said.said());
    }
  }

  // ---- the handshake ----------------------------------------------------------------------------

  private void begin(ChannelHandlerContext context) {
    step = Step.HANDSHAKE;
    SslHandler handler = handlers.get();
    tls = handler;
    handler
        .handshakeFuture()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                shaken(context, handler);
              } else {
                fail(context, done.cause());
              }
            });
    context.pipeline().addBefore(context.name(), null, handler);
    context.read();
  }

  // A session that is taken up again had its certificate verified when it began; its dates may have
  // passed since.
  private void shaken(ChannelHandlerContext context, SslHandler handler) {
    if (step != Step.HANDSHAKE) {
      return;
    }
    try {
      X509Certificate theirs =
          (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
      theirs.checkValidity();
      certificate = theirs;
    } catch (GeneralSecurityException | SSLPeerUnverifiedException notTaken) {
      fail(context, notTaken);
      return;
    }
    step = Step.CONFIRM;
    ask(context, CallCredential.NONE);
  }

  // ---- ends -------------------------------------------------------------------------------------

  private void leave(ChannelHandlerContext context) {
    end();
    if (tls != null) {
      context.pipeline().addBefore(context.name(), null, EndOfTls.INSTANCE);
    }
    context.pipeline().remove(this);
    ended.well(certificate);
  }

  private void fail(ChannelHandlerContext context, Throwable failure) {
    Throwable cause = failure instanceof DecoderException ? failure.getCause() : null;
    Throwable why = cause == null ? failure : cause;
    fail(
        context,
        OriginHandshake.of(why, hasOwn),
        why instanceof ClosedChannelException ? "without a word" : Reason.of(why));
  }

  private void fail(ChannelHandlerContext context, OriginHandshake outcome, String detail) {
    if (step == Step.OVER) {
      return;
    }
    end();
    ended.badly(outcome, detail); // before others hear that it is closed, and nothing else
    context.close();
  }

  private void end() {
    step = Step.OVER;
    if (timer != null) {
      timer.cancel(false);
    }
    close(records);
    records = null;
  }

  private static void close(@Nullable RecordReader reader) {
    if (reader != null) {
      reader.close();
    }
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    if (step != Step.OVER) {
      end();
      ended.givenUp();
    }
    context.close(promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, new ClosedChannelException());
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean isOfSocket = step == Step.PROBE && cause instanceof IOException;
    if (isOfSocket) {
      fail(context, OriginHandshake.ENDED_BY_ORIGIN, String.valueOf(cause.getMessage()));
    } else {
      fail(context, cause);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    end();
    ReferenceCountUtil.release(reply);
    reply = null;
  }
}
