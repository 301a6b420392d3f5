package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
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
// While it waits to be asked again, a question takes nobody's place.
final class OriginLookups {
  /**
   * Mountd answers in a few milliseconds; three tries at once, and then no more than ten a second.
   */
  private static final int[] AGAIN_MILLIS = {10, 30, 100};

  private static final int TRIES_MAX = 30;

  private final Vertx vertx;
  private final Backend backend;
  private final Gate gate;

  OriginLookups(Vertx vertx, Backend backend, Gate gate) {
    this.vertx = vertx;
    this.backend = backend;
    this.gate = gate;
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
    return ask(turn, question, 0);
  }

  private <T> Future<T> ask(Turn turn, Supplier<Future<T>> question, int tries) {
    return gate.pass(turn, question)
        .recover(
            failure ->
                Failure.isBusy(failure) && tries < TRIES_MAX
                    ? later(turn, question, tries)
                    : Future.failedFuture(failure));
  }

  private <T> Future<T> later(Turn turn, Supplier<Future<T>> question, int tries) {
    return vertx
        .timer(AGAIN_MILLIS[Math.min(tries, AGAIN_MILLIS.length - 1)])
        .compose(now -> ask(turn, question, tries + 1));
  }

  /** Fails an answer that takes too long; what it is the answer of goes on. */
  static <T> Future<T> within(long millis, Future<T> answer) {
    return TimeLimit.within(millis, answer, "no answer in " + millis + " ms");
  }
}
