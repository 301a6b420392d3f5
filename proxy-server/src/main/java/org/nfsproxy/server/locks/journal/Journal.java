package org.nfsproxy.server.locks.journal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A {@link JournalFile} for an event loop: writes happen on a thread of their own, and what comes
 * while one is under way is written together. Used on one event loop.
 */
// What must be on disk waits for one fsync, however many wait for it.
public final class Journal {
  /** Shorter files are not worth writing anew. */
  static final long REPLACE_BYTES_MIN = 1 << 20;

  private final WorkerExecutor writer;
  private final JournalFile file;
  private final Supplier<List<byte[]>> everything;
  private List<byte[]> unwritten = new ArrayList<>();
  private List<Promise<Void>> waiting = new ArrayList<>();
  private boolean writing;
  private boolean broken;
  private long replaceAtBytes;
  private @Nullable Promise<Void> closing;

  private Journal(WorkerExecutor writer, JournalFile file, Supplier<List<byte[]>> everything) {
    this.writer = writer;
    this.file = file;
    this.everything = everything;
    this.replaceAtBytes = Math.max(REPLACE_BYTES_MIN, 2 * file.bytes());
  }

  /**
   * Opens the journal of a directory.
   *
   * @param directory where it is
   * @param everything all that counts, when the file is to be written anew
   * @return the journal, to be closed by the caller; or why it cannot be had
   */
  public static Future<Journal> open(
      Vertx vertx, Path directory, Supplier<List<byte[]>> everything) {
    WorkerExecutor writer = vertx.createSharedWorkerExecutor("locks-journal-" + directory, 1);
    return writer
        .executeBlocking(() -> JournalFile.open(directory))
        .map(file -> new Journal(writer, file, everything))
        .onFailure(wrong -> writer.close());
  }

  /** What was in the file, once. */
  public List<byte[]> takeRead() {
    return file.takeRead();
  }

  /** Bytes that were cut off behind the last whole record. */
  public long bytesCut() {
    return file.bytesCut();
  }

  /**
   * Whether the last write failed, so that nothing can be promised; each further write tries anew.
   *
   * @return true until one has succeeded
   */
  public boolean isBroken() {
    return broken;
  }

  /** Appends a record, some time. */
  public void append(byte[] payload) {
    unwritten.add(payload);
    write();
  }

  /**
   * Completes when all that was appended is on disk.
   *
   * @return fails if it cannot be written
   */
  public Future<Void> durable() {
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    write();
    return promise.future();
  }

  private void write() {
    if (writing || closing != null && unwritten.isEmpty() && waiting.isEmpty()) {
      return;
    }
    if (unwritten.isEmpty() && waiting.isEmpty()) {
      return;
    }
    writing = true;
    List<byte[]> payloads = unwritten;
    List<Promise<Void>> promises = waiting;
    unwritten = new ArrayList<>();
    waiting = new ArrayList<>();
    boolean replace = broken || file.bytes() > replaceAtBytes;
    List<byte[]> all = replace ? everything.get() : payloads;
    writer
        .executeBlocking(
            () -> {
              if (replace) {
                file.replace(all);
              } else {
                file.append(all, !promises.isEmpty());
              }
              return file.bytes();
            })
        .onComplete(
            written -> {
              writing = false;
              broken = written.failed();
              if (replace && written.succeeded()) {
                replaceAtBytes = Math.max(REPLACE_BYTES_MIN, 2 * written.result());
              }
              for (Promise<Void> promise : promises) {
                if (broken) {
                  promise.fail(new IOException("the journal of locks", written.cause()));
                } else {
                  promise.complete();
                }
              }
              write();
              closeIfDone();
            });
  }

  /**
   * Ends it when all is written.
   *
   * @return completes when the file is closed
   */
  public Future<Void> close() {
    if (closing == null) {
      closing = Promise.promise();
      closeIfDone();
    }
    return closing.future();
  }

  private void closeIfDone() {
    if (closing == null || writing) {
      return;
    }
    Promise<Void> closed = closing;
    writer
        .executeBlocking(
            () -> {
              file.close();
              return null;
            })
        .onComplete(
            done -> {
              writer.close();
              closed.tryComplete();
            });
  }
}
