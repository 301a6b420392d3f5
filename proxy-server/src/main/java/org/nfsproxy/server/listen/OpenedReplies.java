package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.call.ReplyOpener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies that are opened on their way to a client: collected on the event loop, opened by one
 * worker task for each batch, and given back on the loop.
 */
// Whatever goes wrong on the way, each reply is given back once, as a record or as null, or is
// released because there is no event loop any more.
final class OpenedReplies {
  private static final Logger log = LoggerFactory.getLogger(OpenedReplies.class);

  private final EventLoop loop;
  private final Executor workers;
  private final Returned returned;
  private List<Reply> gathered = new ArrayList<>(0);
  private long bytes;

  /** One reply: `record` is the origin's first, then the client's; null if opening it failed. */
  private static final class Reply {
    final ReplyOpener opener;
    final int bytes;
    @Nullable ByteBuf record;

    Reply(ReplyOpener opener, ByteBuf record) {
      this.opener = opener;
      this.bytes = record.readableBytes();
      this.record = record;
    }

    void open() {
      ByteBuf closed = Objects.requireNonNull(record, "it is opened once");
      record = null;
      try {
        record = opener.open(closed);
      } catch (RuntimeException | Error bug) {
        log.error("opening a reply failed; its connection is closed", bug);
        closed.release();
      }
    }

    void release() {
      if (record != null) {
        record.release();
      }
    }
  }

  /** Takes replies that were opened, on the event loop. */
  interface Returned {
    /**
     * A reply for the client.
     *
     * @param record its record, now the taker's; null if opening it failed
     */
    void reply(@Nullable ByteBuf record);

    /** The replies of one batch have all been given. */
    void batchEnds();
  }

  OpenedReplies(EventLoop loop, Executor workers, Returned returned) {
    this.loop = loop;
    this.workers = workers;
    this.returned = returned;
  }

  void add(ReplyOpener opener, ByteBuf record) {
    assert loop.inEventLoop();
    gathered.add(new Reply(opener, record));
    bytes += record.readableBytes();
  }

  /** Bytes that are gathered or with a worker. */
  long bytes() {
    return bytes;
  }

  /** Hands what was gathered to a worker. */
  void flush() {
    assert loop.inEventLoop();
    if (gathered.isEmpty()) {
      return;
    }
    List<Reply> batch = gathered;
    gathered = new ArrayList<>(batch.size());
    try {
      workers.execute(() -> open(batch));
    } catch (RuntimeException | Error bug) {
      log.error("the worker takes no replies; their connection is closed", bug);
      batch.forEach(Reply::release);
      batch.forEach(reply -> reply.record = null);
      giveBack(batch);
    }
  }

  private void open(List<Reply> batch) {
    batch.forEach(Reply::open);
    try {
      loop.execute(() -> giveBack(batch));
    } catch (RejectedExecutionException ended) {
      batch.forEach(Reply::release);
    }
  }

  private void giveBack(List<Reply> batch) {
    assert loop.inEventLoop();
    for (Reply reply : batch) {
      bytes -= reply.bytes;
      try {
        returned.reply(reply.record);
      } catch (RuntimeException | Error bug) {
        log.error("a reply could not be passed on; its connection is closed", bug);
        returned.reply(null);
      }
    }
    returned.batchEnds();
  }

  /** Gives back what no worker has. */
  void close() {
    assert loop.inEventLoop();
    gathered.forEach(Reply::release);
    gathered.clear();
  }
}
