package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.ReplyOpener;

class WaitingRepliesTest {
  private static final long BOUND_MILLIS = 300;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<ReplyOpener> ready = new ArrayList<>();
  private final WaitingReplies replies =
      new WaitingReplies(
          channel.eventLoop(),
          (opener, record) -> {
            ready.add(opener);
            record.release();
          });

  /** Waits as often as it is told to. */
  private static final class Opener implements ReplyOpener {
    int times;
    Runnable ready;

    Opener(int times) {
      this.times = times;
    }

    @Override
    public ByteBuf open(ByteBuf record) {
      return record;
    }

    @Override
    public long waits(ByteBuf record, Runnable ready) {
      this.ready = ready;
      return times-- > 0 ? TimeUnit.MILLISECONDS.toNanos(BOUND_MILLIS) : 0;
    }
  }

  private static ByteBuf record() {
    return Unpooled.buffer(8).writeLong(1);
  }

  @Test
  void replyThatNeedNotWait_isNotKept() {
    ByteBuf record = record();
    assertFalse(replies.keep(new Opener(0), record));
    record.release();
    assertEquals(0, replies.bytes());
  }

  @Test
  void replyIsReady_onceItsOpenerWaitsForNothingMore() {
    Opener twice = new Opener(2);
    assertTrue(replies.keep(twice, record()));
    assertEquals(8, replies.bytes());
    twice.ready.run();
    channel.runPendingTasks();
    assertEquals(List.of(), ready, "it waits for something else now");
    twice.ready.run();
    twice.ready.run();
    channel.runPendingTasks();
    assertEquals(List.of(twice), ready);
    assertEquals(0, replies.bytes());
    channel.advanceTimeBy(BOUND_MILLIS * 2, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertEquals(1, ready.size(), "once");
  }

  @Test
  void replyForWhichNothingComes_isReadyWhenItsTimeIsUp() {
    channel.freezeTime();
    Opener never = new Opener(Integer.MAX_VALUE);
    assertTrue(replies.keep(never, record()));
    channel.advanceTimeBy(BOUND_MILLIS - 1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertEquals(List.of(), ready);
    channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertEquals(List.of(never), ready);
    never.ready.run();
    channel.runPendingTasks();
    assertEquals(1, ready.size(), "once");
  }

  // Hundreds of them may wait for one client, each of which came in a chunk of its own.
  @Test
  void replyThatWaits_doesNotHoldTheChunkThatItCameIn() {
    ByteBuf chunk = Unpooled.directBuffer(64 << 10).writeZero(64 << 10);
    ByteBuf record = chunk.readRetainedSlice(200);
    chunk.release();
    assertTrue(replies.keep(new Opener(1), record));
    assertEquals(0, chunk.refCnt());
    replies.close();
    ByteBuf longer = Unpooled.directBuffer(5000).writeZero(5000);
    assertTrue(replies.keep(new Opener(1), longer));
    assertEquals(1, longer.refCnt(), "it is not copied");
    replies.close();
  }

  @Test
  void replies_thatWaitWhenTheConnectionCloses_areGivenBack() {
    Opener opener = new Opener(Integer.MAX_VALUE);
    ByteBuf record = Unpooled.buffer(5000).writeZero(5000);
    assertTrue(replies.keep(opener, record));
    replies.close();
    assertEquals(0, record.refCnt());
    opener.ready.run();
    channel.runPendingTasks();
    channel.advanceTimeBy(BOUND_MILLIS * 2, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertEquals(List.of(), ready);
  }
}
