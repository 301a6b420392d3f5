package org.nfsproxy.server.locks.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class JournalTest {
  private static final byte[] ALL_THAT_COUNTS = {42};

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
    return onLoop(() -> Journal.open(vertx, directory, () -> List.of(ALL_THAT_COUNTS)));
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
}
