package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Found;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.concurrent.TimeLimit;
import org.nfsproxy.nfs.Filehandle;

/**
 * The questions that a backend answers, each in its turn, and asked again while the origin says
 * that it is busy. Once its turn has come, each answer comes in a bounded time.
 */
// A Linux server says DELAY (JUKEBOX in NFSv3) whenever it has to ask its own mountd about an
// export first, which is just what happens to a filesystem that nobody has asked about before.
// While it waits to be asked again, a question takes nobody's place. Where mountd gives no answer,
// the server itself waits for five seconds before each DELAY, and may do so for two minutes: that
// is the client's to wait for, who is told what the server says.
final class OriginLookups {
  /**
   * Mountd answers in a few milliseconds; three tries at once, and then no more than ten a second.
   */
  private static final int[] AGAIN_MILLIS = {10, 30, 100};

  private static final int TRIES_MAX = 30;

  /** About as long as those tries take where each is answered at once. */
  private static final long AGAIN_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

  private final Vertx vertx;
  private final Backend backend;
  private final Gate gate;
  private final LongSupplier nanoTime;

  OriginLookups(Vertx vertx, Backend backend, Gate gate, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.backend = backend;
    this.gate = gate;
    this.nanoTime = nanoTime;
  }

  QuestionTimes times() {
    return gate.times();
  }

  Future<ObjectIdentity> identify(Filehandle handle, int nfsVersion) {
    return identify(new Turn(Asker.OWN), handle, nfsVersion);
  }

  Future<ObjectIdentity> identify(Turn turn, Filehandle handle, int nfsVersion) {
    return ask(turn, () -> backend.identify(handle, nfsVersion));
  }

  Future<Found> above(Filehandle directory, int levels, int nfsVersion) {
    return above(new Turn(Asker.OWN), directory, levels, nfsVersion);
  }

  Future<Found> above(Turn turn, Filehandle directory, int levels, int nfsVersion) {
    return ask(turn, () -> backend.above(directory, levels, nfsVersion));
  }

  Future<Found> find(String path, int nfsVersion) {
    return find(new Turn(Asker.OWN), path, nfsVersion);
  }

  Future<Found> find(Turn turn, String path, int nfsVersion) {
    return ask(turn, () -> backend.find(path, nfsVersion));
  }

  Future<Found> lookUp(Filehandle directory, byte[] name, int nfsVersion) {
    return lookUp(new Turn(Asker.OWN), directory, name, nfsVersion);
  }

  Future<Found> lookUp(Turn turn, Filehandle directory, byte[] name, int nfsVersion) {
    return ask(turn, () -> backend.lookUp(directory, name, nfsVersion));
  }

  Future<String> nameOf(Filehandle directory, int levels, int nfsVersion) {
    return ask(new Turn(Asker.OWN), () -> backend.nameOf(directory, levels, nfsVersion));
  }

  private <T> Future<T> ask(Turn turn, Supplier<Future<T>> question) {
    return new Asking<>(turn, question).ask();
  }

  private final class Asking<T> {
    private final Turn turn;
    private final Supplier<Future<T>> question;
    private long firstNanos;
    private int tries;

    Asking(Turn turn, Supplier<Future<T>> question) {
      this.turn = turn;
      this.question = question;
    }

    Future<T> ask() {
      return gate.pass(turn, this::begin)
          .recover(
              failure ->
                  Failure.isBusy(failure) && isToBeTriedAgain()
                      ? later()
                      : Future.failedFuture(failure));
    }

    // Waiting for its turn is not the origin's time.
    private Future<T> begin() {
      if (tries == 0) {
        firstNanos = nanoTime.getAsLong();
      }
      return question.get();
    }

    private boolean isToBeTriedAgain() {
      return tries < TRIES_MAX && nanoTime.getAsLong() - firstNanos < AGAIN_NANOS_MAX;
    }

    private Future<T> later() {
      int millis = AGAIN_MILLIS[Math.min(tries, AGAIN_MILLIS.length - 1)];
      tries++;
      return vertx.timer(millis).compose(now -> ask());
    }
  }

  /** Fails an answer that takes too long; what it is the answer of goes on. */
  static <T> Future<T> within(long millis, Future<T> answer) {
    return TimeLimit.within(millis, answer, "no answer in " + millis + " ms");
  }
}
