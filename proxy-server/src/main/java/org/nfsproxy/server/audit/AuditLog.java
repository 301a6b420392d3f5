package org.nfsproxy.server.audit;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.server.metrics.NotedCall;
import org.nfsproxy.server.metrics.NotedCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an event for each operation that changes files, and for each refusal, to a file. Event
 * loops hand calls over and never wait; what there is no room for is counted, and told in the file.
 */
// One thread makes the lines and writes them, as many together as wait. It looks for calls twenty
// times a second and is not woken: to wake it would cost an event loop more than to hand over.
//
// Nothing is held for a file that takes nothing: what has no place there now has none later, and
// the next lines tell how many calls are missing. What the kernel was given and did not write
// before the power went is lost; nothing is synced for each event.
public final class AuditLog implements NotedCalls, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  private static final int BATCH_BYTES = 256 * 1024;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long FLUSH_MILLIS = 2_000;
  private static final String NO_ROOM = "queue";
  private static final String NO_FILE = "file";

  private final Path path;
  private final int what;
  private final AuditQueue queue;
  private final AuditLines lines;
  private final AuditFile file;
  private final Thread writer = new Thread(this::run, "audit");
  private final LongAdder written = new LongAdder();
  private final Dropped noRoom = new Dropped(NO_ROOM);
  private final Dropped noFile = new Dropped(NO_FILE);
  private volatile boolean closing;

  // Of the writer alone.
  private boolean isFailing;
  private long lookedNanos;

  /** Calls without lines, for one reason. */
  private static final class Dropped {
    final String why;
    final LongAdder calls = new LongAdder();
    long told;

    Dropped(String why) {
      this.why = why;
    }

    long untold() {
      return calls.sum() - told;
    }
  }

  /**
   * How many calls have no lines, and how many events there are.
   *
   * @param noRoom calls that were dropped because too many waited
   * @param noFile calls that were dropped because the file could not be written
   */
  public record Counts(long events, long noRoom, long noFile) {}

  private AuditLog(AuditSettings settings, LongFunction<@Nullable String> exports) {
    this.path = settings.file();
    this.what = settings.what();
    this.queue = new AuditQueue(settings.queueMax(), settings.queueBytesMax());
    this.lines = new AuditLines(what, settings.without(), exports);
    this.file = new AuditFile(path, settings.fileBytesMax(), settings.filesMax());
    this.lookedNanos = System.nanoTime();
  }

  /**
   * Opens the file and begins to write.
   *
   * @param settings what, and where
   * @param exports the path of an export, by its number; null if it has none
   * @throws IOException if the file cannot be written, with a message for the administrator
   */
  public static AuditLog start(AuditSettings settings, LongFunction<@Nullable String> exports)
      throws IOException {
    AuditLog started = new AuditLog(settings, exports);
    try {
      started.file.open();
      started.append(List.of(AuditLines.mark(System.currentTimeMillis(), "begin")));
    } catch (IOException unfit) {
      started.file.close();
      throw new IOException(
          "audit.file: found \"%s\", %s; expected a plain file that can be written"
              .formatted(settings.file(), Reason.of(unfit)),
          unfit);
    }
    started.writer.setDaemon(true);
    started.writer.start();
    log.info("audit events go to {}", settings.file());
    return started;
  }

  /**
   * Why a file could not be written at this moment, as far as can be told without opening it.
   *
   * @param file which
   * @return null if nothing is in the way
   */
  public static @Nullable String unfit(Path file) {
    return AuditFile.unfit(file);
  }

  @Override
  public int wants(InetAddress client) {
    return what;
  }

  @Override
  public void told(NotedCall call) {
    if (lines.mayConcern(call) && !queue.add(call)) {
      noRoom.calls.increment();
    }
  }

  /** How it went so far. */
  public Counts counts() {
    return new Counts(written.sum(), noRoom.calls.sum(), noFile.calls.sum());
  }

  private void run() {
    while (!closing) {
      if (!writeSome()) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FLUSH_MILLIS);
    while (System.nanoTime() < until && writeSome()) {
      // until nothing waits
    }
    end();
  }

  /** Writes what waits, up to a batch; says whether there was anything. */
  private boolean writeSome() {
    List<String> batch = new ArrayList<>();
    int calls = 0;
    int bytes = 0;
    for (NotedCall call = next(bytes); call != null; call = next(bytes)) {
      calls++;
      try {
        for (String line : lines.of(call)) {
          batch.add(line);
          bytes += line.length() + 1;
        }
      } catch (RuntimeException bug) {
        noFile.calls.increment();
        log.error("a call could not be written to the audit log", bug);
      }
    }
    boolean isDue = System.nanoTime() - lookedNanos > LOOK_NANOS;
    if (isFailing && !isDue) {
      noFile.calls.add(calls);
      return false;
    }
    if (isDue || calls > 0) {
      write(batch, calls, isDue);
    }
    return calls > 0;
  }

  private @Nullable NotedCall next(int bytes) {
    return bytes >= BATCH_BYTES ? null : queue.poll();
  }

  private void write(List<String> batch, int calls, boolean isDue) {
    try {
      if (isDue) {
        lookedNanos = System.nanoTime();
        file.look();
      }
      tellDropped(noRoom);
      tellDropped(noFile);
      append(batch);
      written.add(batch.size());
      if (isFailing) {
        isFailing = false;
        log.warn("{} takes audit events again; calls without events are told there", path);
      }
    } catch (IOException | RuntimeException failed) {
      noFile.calls.add(calls);
      if (!isFailing) {
        isFailing = true;
        log.warn(
            "audit events cannot be written to {}: {}. Clients are served all the same; calls"
                + " without events are counted, and it is tried again each second",
            path,
            Reason.of(failed));
      }
    }
  }

  private void tellDropped(Dropped dropped) throws IOException {
    long untold = dropped.untold();
    if (untold > 0) {
      append(List.of(AuditLines.dropped(System.currentTimeMillis(), untold, dropped.why)));
      dropped.told += untold;
    }
  }

  private void append(List<String> batch) throws IOException {
    if (!batch.isEmpty()) {
      String text = String.join("\n", batch) + "\n";
      file.append(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
  }

  private void end() {
    try {
      tellDropped(noRoom);
      tellDropped(noFile);
      append(List.of(AuditLines.mark(System.currentTimeMillis(), "end")));
      file.close();
    } catch (IOException failed) {
      log.warn("the end of the audit log {} is missing: {}", path, Reason.of(failed));
    }
  }

  /** Writes what waits, within two seconds, and closes the file. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(writer);
    try {
      writer.join(2 * FLUSH_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
