package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;

/**
 * The questions that a backend answers, asked again while the origin says that it is busy. Each
 * answer comes in a bounded time.
 */
// A Linux server says DELAY (JUKEBOX in NFSv3) whenever it has to ask its own mountd about an
// export first, which is just what happens to a filesystem that nobody has asked about before.
final class Questions {
  /**
   * Mountd answers in a few milliseconds; three tries at once, and then no more than ten a second.
   */
  private static final int[] AGAIN_MILLIS = {10, 30, 100};

  private static final int TRIES_MAX = 30;

  private final Vertx vertx;
  private final Backend backend;

  Questions(Vertx vertx, Backend backend) {
    this.vertx = vertx;
    this.backend = backend;
  }

  Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return ask(() -> backend.identify(handle, nfsVersion), 0);
  }

  Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return ask(() -> backend.above(directory, levels, nfsVersion), 0);
  }

  Future<Found> find(String path, int nfsVersion) {
    return ask(() -> backend.find(path, nfsVersion), 0);
  }

  Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return ask(() -> backend.lookUp(directory, name, nfsVersion), 0);
  }

  Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return ask(() -> backend.nameOf(directory, levels, nfsVersion), 0);
  }

  private <T> Future<T> ask(Supplier<Future<T>> question, int tries) {
    return question
        .get()
        .recover(
            failure ->
                Failure.of(failure) == Failure.BUSY && tries < TRIES_MAX
                    ? later(question, tries)
                    : Future.failedFuture(failure));
  }

  private <T> Future<T> later(Supplier<Future<T>> question, int tries) {
    Promise<Void> time = Promise.promise();
    vertx.setTimer(
        AGAIN_MILLIS[Math.min(tries, AGAIN_MILLIS.length - 1)], timer -> time.complete());
    return time.future().compose(now -> ask(question, tries + 1));
  }

  /** Fails an answer that takes too long; what it is the answer of goes on. */
  <T> Future<T> within(long millis, Future<T> answer) {
    Promise<T> bounded = Promise.promise();
    long timer =
        vertx.setTimer(
            millis,
            late -> bounded.tryFail(new TimeoutException("no answer in " + millis + " ms")));
    answer.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.succeeded()) {
            bounded.tryComplete(done.result());
          } else {
            bounded.tryFail(done.cause());
          }
        });
    return bounded.future();
  }
}
