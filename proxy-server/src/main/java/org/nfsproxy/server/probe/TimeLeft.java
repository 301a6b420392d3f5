package org.nfsproxy.server.probe;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.Reason;
import org.nfsproxy.backend.nfs.tls.OriginTlsException;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.server.probe.NoAnswerException.Kind;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.xdr.XdrException;

/** The time a probe has, and waiting within it, on the thread of the command line. */
final class TimeLeft {
  private static final int MESSAGE_CHARS_MAX = 200;

  /** For what must be given back at the end: a few round trips. */
  private static final long CLOSING_MILLIS = 1_000;

  private long endNanos;

  TimeLeft(long millis) {
    endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Begins the short time for giving back what was made. */
  void beginClosing() {
    endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSING_MILLIS);
  }

  /** Milliseconds until the end, 1 or more; {@link TimeIsOverException} if there are none. */
  long millis() {
    long left = TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime());
    if (left <= 0) {
      throw new TimeIsOverException();
    }
    return left;
  }

  /**
   * Waits.
   *
   * @param millisMax how long, if there is so much time left
   * @throws NoAnswerException if it failed, or is late; never while the whole time is over, which
   *     is a {@link TimeIsOverException}
   */
  <T> T await(Future<T> future, long millisMax) throws NoAnswerException {
    long left = millis();
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(Math.min(left, millisMax), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      if (left <= millisMax) {
        throw new TimeIsOverException();
      }
      throw NoAnswerException.because(Kind.SILENT, "no answer in " + millisMax + " ms");
    } catch (ExecutionException failed) {
      throw noAnswer(failed.getCause());
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new TimeIsOverException();
    }
  }

  private static NoAnswerException noAnswer(@Nullable Throwable why) {
    if (why instanceof RpcException denial) {
      return NoAnswerException.denied(denial);
    }
    if (why instanceof NfsStatusException said) {
      return NoAnswerException.status(said.status());
    }
    if (why instanceof OriginTlsException noTls) {
      return NoAnswerException.noTls(noTls);
    }
    String message = Reason.of(why);
    Kind kind =
        why instanceof XdrException || message.contains("brought garbage")
            ? Kind.GARBAGE
            : why instanceof TimeoutException ? Kind.SILENT : Kind.LOST;
    return NoAnswerException.because(kind, Printable.text(message, MESSAGE_CHARS_MAX));
  }

  /** Lets some time pass, for a server that asked for it. */
  void pass(long millisMax) {
    try {
      Thread.sleep(Math.min(millis(), millisMax));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new TimeIsOverException();
    }
  }
}
