package org.nfsproxy.server.locks.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalTest {
  private static final byte[] ALL_THAT_COUNTS = {42};
  private static final int UNWRITTEN_MAX = 200_000;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final Context loop = ((VertxInternal) vertx).createEventLoopContext();

  @AfterEach
  void end() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Supplier<Future<T>> task) throws Exception {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(run -> task.get().onComplete(promise));
    return await(promise.future());
  }

  private Journal open() throws Exception {
    return open(() -> List.of(List.of(ALL_THAT_COUNTS)).iterator());
  }

  private Journal open(Supplier<Iterator<List<byte[]>>> everything) throws Exception {
    return onLoop(() -> Journal.open(vertx, directory, everything, UNWRITTEN_MAX));
  }

  @Test
  void records_thatAreDurable_areInTheFileInTheirOrder() throws Exception {
    Journal journal = open();
    onLoop(
        () -> {
          journal.append(new byte[] {1});
          Future<Void> first = journal.durable();
          journal.append(new byte[] {2});
          return first.compose(done -> journal.durable());
        });
    assertEquals(8 + 2 * 9, Files.size(directory.resolve("locks.journal")));
    onLoop(journal::close);
    Journal again = open();
    List<byte[]> read = again.takeRead();
    assertArrayEquals(new byte[] {1}, read.get(0));
    assertArrayEquals(new byte[] {2}, read.get(1));
    onLoop(again::close);
  }

  @Test
  void file_thatGrows_isWrittenAnewWithWhatCountsAlone() throws Exception {
    Journal journal = open();
    long longest = 0;
    for (int i = 0; i < 60; i++) {
      onLoop(
          () -> {
            for (int record = 0; record < 500; record++) {
              journal.append(new byte[200]);
            }
            return journal.durable();
          });
      longest = Math.max(longest, Files.size(directory.resolve("locks.journal")));
    }
    long oneRound = 500 * 208;
    assertTrue(longest <= Journal.REPLACE_BYTES_MIN + 2 * oneRound, longest + " bytes");
    onLoop(journal::close);
  }

  /** Keeps the journal's thread busy, as a disk that takes nothing does. */
  private CountDownLatch stall() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    vertx
        .createSharedWorkerExecutor("locks-journal-" + directory, 1)
        .executeBlocking(
            () -> {
              begun.countDown();
              return end.await(30, TimeUnit.SECONDS);
            });
    begun.await();
    return end;
  }

  @Test
  void disk_thatStalls_keepsABoundedNumberOfRecords_andHasAllThatCountsAfterwards()
      throws Exception {
    Map<Integer, byte[]> inForce = new TreeMap<>();
    Journal journal = open(() -> List.of(List.copyOf(inForce.values())).iterator());
    CountDownLatch end = stall();
    onLoop(
        () -> {
          for (int i = 0; i < 5_000; i++) {
            byte[] record = ByteBuffer.allocate(400).putInt(i).array();
            inForce.put(i % 10, record);
            journal.append(record);
            assertTrue(journal.unwrittenBytes() <= UNWRITTEN_MAX + 500);
          }
          return Future.succeededFuture();
        });
    assertTrue(journal.isFull());
    Future<Void> durable = onLoop(() -> Future.succeededFuture(journal.durable()));
    assertFalse(durable.isComplete());
    end.countDown();
    await(durable);
    assertFalse(journal.isFull());
    assertEquals(0, journal.unwrittenBytes());
    onLoop(journal::close);
    Journal again = open();
    List<Integer> last =
        again.takeRead().stream().map(each -> ByteBuffer.wrap(each).getInt()).toList();
    assertTrue(
        last.containsAll(inForce.values().stream().map(e -> ByteBuffer.wrap(e).getInt()).toList()),
        last::toString);
    onLoop(again::close);
  }

  /** Numbered things, each with a value; a record says what one of them is from then on. */
  @Test
  void file_thatIsWrittenAnewInPieces_hasTheLastOfEachThing_whateverChangesMeanwhile()
      throws Exception {
    int things = 3_000;
    int[] values = new int[things];
    Supplier<Iterator<List<byte[]>>> pieces =
        () ->
            new Iterator<>() {
              private int at;

              @Override
              public boolean hasNext() {
                return at < things;
              }

              @Override
              public List<byte[]> next() {
                List<byte[]> piece = new ArrayList<>();
                for (int end = at + 7; at < Math.min(end, things); at++) {
                  piece.add(record(at, values[at]));
                }
                return piece;
              }
            };
    Journal journal = open(pieces);
    Random random = new Random(4);
    for (int round = 0; round < 600; round++) {
      onLoop(
          () -> {
            for (int i = 0; i < 20; i++) {
              int thing = random.nextInt(things);
              journal.append(record(thing, ++values[thing]));
            }
            return journal.durable();
          });
      if (round % 40 == 0) {
        assertArrayEquals(values, readBeside(things), "in round " + round);
      }
    }
    onLoop(journal::close);
    assertArrayEquals(values, readBeside(things));
    assertTrue(Files.size(directory.resolve("locks.journal")) < 600L * 20 * 208, "never renewed");
  }

  private static byte[] record(int thing, int value) {
    return ByteBuffer.allocate(200).putInt(thing).putInt(value).array();
  }

  /** What somebody reads who comes after a kill at this moment. */
  private int[] readBeside(int things) throws IOException {
    Path copy = Files.createDirectories(directory.resolve("copy"));
    Files.copy(
        directory.resolve("locks.journal"),
        copy.resolve("locks.journal"),
        StandardCopyOption.REPLACE_EXISTING);
    int[] read = new int[things];
    try (JournalFile file = JournalFile.open(copy)) {
      for (byte[] payload : file.takeRead()) {
        ByteBuffer record = ByteBuffer.wrap(payload);
        read[record.getInt()] = record.getInt();
      }
    }
    return read;
  }

  @Test
  void file_thatGrewOverSeveralLives_isWrittenAnewByTheNextOne() throws Exception {
    long longest = 0;
    for (int life = 0; life < 12; life++) {
      Journal journal = open();
      for (int round = 0; round < 8; round++) {
        onLoop(
            () -> {
              for (int record = 0; record < 500; record++) {
                journal.append(new byte[200]);
              }
              return journal.durable();
            });
      }
      longest = Math.max(longest, Files.size(directory.resolve("locks.journal")));
      onLoop(journal::close);
    }
    long oneRound = 500 * 208;
    assertTrue(longest <= Journal.REPLACE_BYTES_MIN + 2 * oneRound, longest + " bytes");
  }
}
