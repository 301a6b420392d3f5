package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.ReplyOpener;

/** The loop is a real one, the worker is run by hand. */
class OpenedRepliesTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();
  private final Queue<Runnable> worker = new ArrayDeque<>();
  private final List<String> returned = new ArrayList<>();
  private final List<ByteBuf> records = new ArrayList<>();
  private boolean workerIsFull;
  private int cannotBePassed = -1;
  private final OpenedReplies replies =
      new OpenedReplies(
          loop,
          task -> {
            if (workerIsFull) {
              throw new OutOfMemoryError("for this test");
            }
            worker.add(task);
          },
          new OpenedReplies.Returned() {
            @Override
            public void reply(ByteBuf record) {
              int first = record == null ? -2 : record.getByte(0);
              if (record != null) {
                record.release();
              }
              if (first == cannotBePassed) {
                throw new IllegalStateException("a bug, for this test");
              }
              returned.add(record == null ? "null" : String.valueOf(first));
            }

            @Override
            public void batchEnds() {
              returned.add("end");
            }
          });

  @AfterEach
  void endLoop() throws Exception {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  private ByteBuf record(int number) {
    ByteBuf record = Unpooled.buffer().writeByte(number);
    records.add(record);
    return record;
  }

  private void add(int number, ReplyOpener opener) throws Exception {
    loop.submit(() -> replies.add(opener, record(number))).get();
  }

  private void run() throws Exception {
    loop.submit(replies::flush).get();
    runWorker();
    loop.submit(() -> {}).get();
  }

  private void runWorker() {
    while (!worker.isEmpty()) {
      worker.remove().run();
    }
  }

  private void assertAllGivenBack() {
    assertEquals(0, replies.bytes());
    records.forEach(record -> assertEquals(0, record.refCnt(), "a record that leaks"));
  }

  private static ByteBuf fail(ByteBuf record) {
    throw new StackOverflowError("a bug, for this test");
  }

  @Test
  void replyThatCannotBeOpened_isNull_andReleased_andOthersAreOpened() throws Exception {
    add(1, record -> record);
    add(2, OpenedRepliesTest::fail);
    add(3, record -> record);
    run();
    assertEquals(List.of("1", "null", "3", "end"), returned);
    assertAllGivenBack();
  }

  @Test
  void repliesThatTheWorkerDoesNotTake_areNull_andReleased() throws Exception {
    workerIsFull = true;
    add(1, record -> record);
    add(2, record -> record);
    run();
    assertEquals(List.of("null", "null", "end"), returned);
    assertAllGivenBack();
  }

  @Test
  void repliesWhoseLoopHasEnded_areReleased() throws Exception {
    add(1, record -> record);
    add(2, OpenedRepliesTest::fail);
    loop.submit(replies::flush).get();
    endLoop();
    runWorker();
    assertEquals(List.of(), returned);
    records.forEach(record -> assertEquals(0, record.refCnt(), "a record that leaks"));
  }

  @Test
  void replyThatCannotBePassedOn_isNull_andTheOthersFollow() throws Exception {
    cannotBePassed = 1;
    add(1, record -> record);
    add(2, record -> record);
    run();
    assertEquals(List.of("null", "2", "end"), returned);
    assertAllGivenBack();
  }
}
