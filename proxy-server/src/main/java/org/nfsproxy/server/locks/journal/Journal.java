package org.nfsproxy.server.locks.journal;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A {@link JournalFile} for an event loop: writes happen on a thread of their own, and what comes
 * while one is under way is written together. Used on one event loop, its numbers from any thread.
 */
// What must be on disk waits for one fsync, however many wait for it.
//
// The file is written anew in pieces, so that nobody waits for all of it to be gathered. A piece is
// how things are when it is taken; what changes meanwhile goes to both files, behind it. So the
// last record of each thing is the latest in both, and either file may be the one that is read.
//
// While the disk takes nothing, records collect up to a bound. Then they are dropped, and the file
// is written anew from what is in force as soon as the disk is back: until then nothing new can be
// promised, since neither file has all of it.
public final class Journal {
  /** Shorter files are not worth writing anew. */
  static final long REPLACE_BYTES_MIN = 1 << 20;

  /** What a record costs beside its bytes: an array's header, and its place in a list. */
  private static final int RECORD_COSTS = 32;

  private static final long NOT_WRITING = Long.MIN_VALUE;

  private static final Logger log = LoggerFactory.getLogger(Journal.class);

  private final WorkerExecutor writer;
  private final JournalFile file;
  private final Path directory;
  private final Supplier<Iterator<List<byte[]>>> everything;
  private final long unwrittenBytesMax;
  private List<byte[]> unwritten = new ArrayList<>();
  private volatile long unwrittenBytes;
  private List<Promise<Void>> waiting = new ArrayList<>();

  /** Those who wait for a new file, because the old one lacks something. */
  private final List<Promise<Void>> waitingForAll = new ArrayList<>();

  private @Nullable Iterator<List<byte[]>> pieces;
  private boolean writing;
  private volatile long writingSinceNanos = NOT_WRITING;
  private volatile boolean broken;
  private volatile boolean full;

  /** Nobody knows how much of a file counts that an earlier life has left. */
  private long replaceAtBytes = REPLACE_BYTES_MIN;

  private @Nullable Promise<Void> closing;
  private boolean isClosed;

  private Journal(
      WorkerExecutor writer,
      JournalFile file,
      Path directory,
      Supplier<Iterator<List<byte[]>>> everything,
      long unwrittenBytesMax) {
    this.writer = writer;
    this.file = file;
    this.directory = directory;
    this.everything = everything;
    this.unwrittenBytesMax = unwrittenBytesMax;
  }

  /**
   * Opens the journal of a directory.
   *
   * @param directory where it is
   * @param everything all that counts, when the file is to be written anew: each piece as things
   *     are when it is asked for
   * @param unwrittenBytesMax bytes of records that the disk has not taken
   * @return the journal, to be closed by the caller; or why it cannot be had
   */
  public static Future<Journal> open(
      Vertx vertx,
      Path directory,
      Supplier<Iterator<List<byte[]>>> everything,
      long unwrittenBytesMax) {
    WorkerExecutor writer = vertx.createSharedWorkerExecutor("locks-journal-" + directory, 1);
    return writer
        .executeBlocking(() -> JournalFile.open(directory))
        .map(file -> new Journal(writer, file, directory, everything, unwrittenBytesMax))
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

  /** How long the file is. */
  public long bytes() {
    return file.bytes();
  }

  /** Bytes of records that the disk has not taken, what they cost in memory included. */
  public long unwrittenBytes() {
    return unwrittenBytes;
  }

  /**
   * How long the write that is under way has lasted; locks wait for it.
   *
   * @return nanoseconds; 0 if there is none
   */
  public long writingNanos() {
    long since = writingSinceNanos;
    return since == NOT_WRITING ? 0 : Math.max(0, System.nanoTime() - since);
  }

  /**
   * Whether the last write failed, so that nothing can be promised; each further write tries anew.
   *
   * @return true until one has succeeded
   */
  public boolean isBroken() {
    return broken;
  }

  /**
   * Whether so much came while the disk took nothing that records were dropped.
   *
   * @return true until the file has been written anew
   */
  public boolean isFull() {
    return full;
  }

  /** Appends a record, some time. */
  public void append(byte[] payload) {
    if (isClosed) {
      return; // too late, and what is too long in it is unlocked twice
    }
    if (full && pieces == null) {
      write(); // the new file will have it
      return;
    }
    unwritten.add(payload);
    unwrittenBytes = unwrittenBytes + RECORD_COSTS + payload.length;
    if (unwrittenBytes > unwrittenBytesMax && writing) {
      drop();
    }
    write();
  }

  private void drop() {
    unwritten = new ArrayList<>();
    unwrittenBytes = 0;
    pieces = null;
    if (!full) {
      full = true;
      log.warn(
          "the disk of {} takes nothing, and more than {} bytes of the journal of locks wait for it:"
              + " LOCK is answered LCK_DENIED_GRACE_PERIOD, so that clients ask again in some"
              + " seconds. Unlocks go on",
          directory,
          unwrittenBytesMax);
    }
  }

  /**
   * Completes when all that was appended is on disk.
   *
   * @return fails if it cannot be written
   */
  public Future<Void> durable() {
    if (isClosed) {
      return Future.failedFuture(new IOException("the journal of locks is closed"));
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    write();
    return promise.future();
  }

  /** Whether the old file lacks something, so that only a new one will do. */
  private boolean isOldOutdated() {
    return broken || full;
  }

  private void write() {
    boolean hasNothing = unwritten.isEmpty() && waiting.isEmpty() && pieces == null && !full;
    if (writing || hasNothing) {
      return;
    }
    boolean begins = pieces == null && (isOldOutdated() || file.bytes() > replaceAtBytes);
    if (begins) {
      pieces = everything.get();
    }
    writing = true;
    writingSinceNanos = System.nanoTime();
    List<byte[]> payloads = unwritten;
    unwritten = new ArrayList<>();
    unwrittenBytes = 0;
    Step step = step(payloads, begins, pieces);
    writer
        .executeBlocking(
            () -> {
              step.write(file);
              return null;
            })
        .onComplete(done -> written(step, done.cause()));
  }

  private Step step(
      List<byte[]> payloads, boolean begins, @Nullable Iterator<List<byte[]>> renewing) {
    List<Promise<Void>> promises = waiting;
    waiting = new ArrayList<>();
    if (isOldOutdated()) {
      waitingForAll.addAll(promises);
      promises = new ArrayList<>();
    }
    if (renewing == null) {
      return new Step(payloads, !isOldOutdated(), promises, null, false, false, null);
    }
    List<byte[]> piece = renewing.hasNext() ? renewing.next() : List.of();
    boolean ends = !renewing.hasNext();
    if (ends) {
      promises.addAll(waitingForAll);
      waitingForAll.clear();
    }
    return new Step(payloads, !isOldOutdated(), promises, piece, begins, ends, renewing);
  }

  /**
   * What is written at a time.
   *
   * @param toOld whether the old file gets the payloads
   * @param promises kept when it is on disk
   * @param piece of a new file; null where none is written
   * @param begins whether the new file begins with it
   * @param ends whether it then takes the place of the old one
   */
  private record Step(
      List<byte[]> payloads,
      boolean toOld,
      List<Promise<Void>> promises,
      @Nullable List<byte[]> piece,
      boolean begins,
      boolean ends,
      @Nullable Iterator<List<byte[]>> renewing) {
    void write(JournalFile file) throws IOException {
      if (toOld) {
        file.append(payloads, !promises.isEmpty() && !ends);
      }
      if (piece == null) {
        return;
      }
      if (begins) {
        file.beginNext();
      }
      file.appendNext(payloads);
      file.appendNext(piece);
      if (ends) {
        file.finishNext();
      }
    }
  }

  private void written(Step step, @Nullable Throwable failure) {
    writing = false;
    writingSinceNanos = NOT_WRITING;
    boolean isCurrent = step.renewing == pieces;
    if (failure != null) {
      if (!broken) {
        log.error(
            "the journal of locks in {} cannot be written: {}. Locks are refused until it can;"
                + " unlocks go on",
            directory,
            failure.toString());
      }
      broken = true;
      full = false; // told as that from now on
      pieces = null;
      step.promises.addAll(waitingForAll);
      waitingForAll.clear();
    } else if (step.ends && isCurrent) {
      renewed();
    }
    for (Promise<Void> promise : step.promises) {
      if (failure == null) {
        promise.complete();
      } else {
        promise.fail(new IOException("the journal of locks", failure));
      }
    }
    if (failure == null || !unwritten.isEmpty() || !waiting.isEmpty()) {
      write();
    }
    closeIfDone();
  }

  private void renewed() {
    pieces = null;
    replaceAtBytes = Math.max(REPLACE_BYTES_MIN, 2 * file.bytes());
    if (isOldOutdated()) {
      broken = false;
      full = false;
      log.info("the journal of locks in {} is written again: locks are asked for", directory);
    }
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
    isClosed = true;
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
