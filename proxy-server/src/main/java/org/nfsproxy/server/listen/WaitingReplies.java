package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * Replies that wait for what their openers need, for as long as an opener says. Used on the
 * connection's event loop.
 */
// As many as the client has calls in flight, and short ones: that is their bound.
final class WaitingReplies {
  private final EventLoop loop;
  private final Ready ready;
  private final Set<Waiting> waiting = new HashSet<>(0);
  private long bytes;

  /** Takes replies that need not wait any more. */
  interface Ready {
    /**
     * A reply to be opened, with what has come by now.
     *
     * @param record the whole record; now the taker's
     */
    void ready(ReplyOpener opener, ByteBuf record);
  }

  /** One of them, which is run, on any thread, when something has come for it. */
  // Whatever never comes keeps hold of this, but not of the connection.
  private static final class Waiting implements Runnable {
    final ReplyOpener opener;
    ByteBuf record;
    @Nullable ScheduledFuture<?> end;
    private volatile @Nullable WaitingReplies keeper;

    Waiting(WaitingReplies keeper, ReplyOpener opener, ByteBuf record) {
      this.keeper = keeper;
      this.opener = opener;
      this.record = record;
    }

    @Override
    public void run() {
      WaitingReplies now = keeper;
      if (now == null) {
        return;
      }
      try {
        now.loop.execute(() -> now.look(this));
      } catch (RejectedExecutionException ended) {
        return; // and the connection with it
      }
    }

    void forget() {
      keeper = null;
      if (end != null) {
        end.cancel(false);
      }
    }
  }

  private void look(Waiting reply) {
    if (waiting.contains(reply) && waits(reply) <= 0) {
      leave(reply);
    }
  }

  private void leave(Waiting reply) {
    if (waiting.remove(reply)) {
      bytes -= reply.record.readableBytes();
      reply.forget();
      ready.ready(reply.opener, reply.record);
    }
  }

  WaitingReplies(EventLoop loop, Ready ready) {
    this.loop = loop;
    this.ready = ready;
  }

  /**
   * Keeps a reply, if it is to wait.
   *
   * @param record the whole record; the keeper's if it is kept
   * @return whether it is kept
   */
  boolean keep(ReplyOpener opener, ByteBuf record) {
    assert loop.inEventLoop();
    Waiting reply = new Waiting(this, opener, record);
    long nanos = waits(reply);
    if (nanos <= 0) {
      reply.forget();
      return false;
    }
    reply.record = HeldReply.of(record);
    waiting.add(reply);
    bytes += reply.record.readableBytes();
    reply.end = loop.schedule(() -> leave(reply), nanos, TimeUnit.NANOSECONDS);
    return true;
  }

  private static long waits(Waiting reply) {
    try {
      return reply.opener.waits(reply.record, reply);
    } catch (RuntimeException bug) {
      return 0; // it is met again where the reply is opened, and told there
    }
  }

  /** What they take. */
  long bytes() {
    return bytes;
  }

  /** Gives back what waits. */
  void close() {
    for (Waiting each : waiting) {
      each.forget();
      each.record.release();
    }
    waiting.clear();
    bytes = 0;
  }
}
