package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replies that are opened on their way to a client: collected on the event loop, opened by one
 * worker task for each batch, and given back on the loop.
 */
final class OpenedReplies {
  private static final Logger log = LoggerFactory.getLogger(OpenedReplies.class);

  private final EventLoop loop;
  private final Executor workers;
  private final Returned returned;
  private List<Reply> gathered = new ArrayList<>(0);
  private long bytes;

  private record Reply(ReplyOpener opener, ByteBuf record) {}

  /** Takes replies that were opened, on the event loop. */
  interface Returned {
    /**
     * A reply for the client.
     *
     * @param record its record, now the taker's; null if opening it failed
     */
    void reply(ByteBuf record);

    /** The replies of one batch have all been given. */
    void batchEnds();
  }

  OpenedReplies(EventLoop loop, Executor workers, Returned returned) {
    this.loop = loop;
    this.workers = workers;
    this.returned = returned;
  }

  void add(ReplyOpener opener, ByteBuf record) {
    gathered.add(new Reply(opener, record));
    bytes += record.readableBytes();
  }

  /** Bytes that are gathered or with a worker. */
  long bytes() {
    return bytes;
  }

  /** Hands what was gathered to a worker. */
  void flush() {
    if (!gathered.isEmpty()) {
      List<Reply> batch = gathered;
      gathered = new ArrayList<>(batch.size());
      workers.execute(() -> open(batch));
    }
  }

  private void open(List<Reply> batch) {
    long held = batch.stream().mapToLong(reply -> reply.record.readableBytes()).sum();
    List<ByteBuf> opened = new ArrayList<>(batch.size());
    for (Reply reply : batch) {
      opened.add(open(reply));
    }
    loop.execute(
        () -> {
          bytes -= held;
          opened.forEach(returned::reply);
          returned.batchEnds();
        });
  }

  private static ByteBuf open(Reply reply) {
    try {
      return reply.opener.open(reply.record);
    } catch (RuntimeException | Error bug) {
      log.error("opening a reply failed; its connection is closed", bug);
      return null;
    }
  }

  /** Gives back what no worker has. */
  void close() {
    gathered.forEach(reply -> reply.record.release());
    gathered.clear();
  }
}
