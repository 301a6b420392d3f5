package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.table.NfsStatus;

/** Asks the origin's NFS program, NFSv4 in the minor version that it speaks. */
// Minor version 0 needs no client id and no session, so it is tried first. An origin without it
// says so in a moment, and from then on questions go by a session of our own.
final class Questioner {

  private final QuestionConnection connection;
  private final OwnSession session;
  private volatile boolean bySession;

  Questioner(QuestionConnection connection, OwnSession session) {
    this.connection = connection;
    this.session = session;
  }

  <T> Future<T> ask(Question<T> question) {
    return connection.ask(question);
  }

  <T> Future<T> ask(Compound<T> compound) {
    return bySession
        ? session.ask(compound).onFailure(this::forgetSession)
        : connection.ask(compound.alone(0)).recover(failure -> orBySession(compound, failure));
  }

  private <T> Future<T> orBySession(Compound<T> compound, Throwable failure) {
    if (!isMismatch(failure)) {
      return Future.failedFuture(failure);
    }
    bySession = true;
    return session.ask(compound);
  }

  /** An origin that speaks no minor version with sessions any more is asked in 0 again. */
  private void forgetSession(Throwable failure) {
    if (isMismatch(failure)) {
      bySession = false;
    }
  }

  static boolean isMismatch(Throwable failure) {
    return failure instanceof NfsStatusException said
        && said.status() == NfsStatus.MINOR_VERS_MISMATCH;
  }

  Future<Void> close() {
    return session.close().eventually(connection::close);
  }
}
