package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.rpc.Replies;

/**
 * A connection of the balancer itself: NULL of a program that is served is answered, without the
 * origin. Whatever else comes ends it.
 */
// It is no client: it has no rights by its address, and opens no connection to the origin, for
// which each check would take a reserved port.
final class HealthCheck extends ChannelInboundHandlerAdapter {
  /** A NULL with a credential of AUTH_SYS. */
  private static final int CALL_BYTES_MAX = 1024;

  private static final int NULL = 0;

  private final Backend backend;
  private final int millisMax;
  private final Closes closes;
  private final Call call = new Call();
  private RecordReader reader;
  private Future<?> late;
  private ChannelHandlerContext channel;
  private boolean closed;

  HealthCheck(Backend backend, int millisMax, Closes closes) {
    this.closes = closes;
    this.backend = backend;
    this.millisMax = millisMax;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    channel = added;
    reader = new RecordReader(channel.alloc(), CALL_BYTES_MAX, this::answer);
    late =
        channel
            .executor()
            .schedule(() -> close(CloseReason.HEALTH_CHECK), millisMax, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    if (closed) {
      ((ByteBuf) message).release();
      return;
    }
    try {
      reader.read((ByteBuf) message);
    } catch (RecordException unusable) {
      close(CloseReason.UNUSABLE_RECORD);
    }
  }

  private void answer(ByteBuf record) {
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    Call.Form form = call.read(record, from, record.writerIndex());
    record.release();
    if (closed) {
      return;
    }
    if (form == Call.Form.CALL && isAnswered()) {
      channel.write(
          Replies.accepted(channel.alloc(), call.xid(), AcceptStatus.SUCCESS),
          channel.voidPromise());
    } else {
      close(CloseReason.HEALTH_CHECK_REFUSED);
    }
  }

  private boolean isAnswered() {
    return call.procedure() == NULL
        && (call.flavor() == AuthFlavor.AUTH_NONE || call.flavor() == AuthFlavor.AUTH_SYS)
        && backend.programs().stream()
            .anyMatch(
                served ->
                    served.program() == call.program()
                        && served.low() <= call.version()
                        && call.version() <= served.high());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    channel.flush();
  }

  /** Ends the connection. */
  void close(CloseReason reason) {
    assert channel.executor().inEventLoop();
    if (!closed) {
      closed = true;
      late.cancel(false);
      reader.close();
      closes.close(channel, reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    close(CloseReason.HEALTH_CHECK);
    channel.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    close(CloseReason.SOCKET_FAILED);
  }
}
