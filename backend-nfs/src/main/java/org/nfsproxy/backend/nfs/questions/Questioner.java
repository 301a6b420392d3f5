package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.rpc.CallCredential;

/** Asks the origin's NFS program, NFSv4 in the minor version that it speaks. */
// Minor version 0 needs no client id and no session, so it is tried first. An origin without it
// says so in a moment, and from then on questions go by a session of our own.
final class Questioner {

  private final QuestionConnection connection;
  private final OwnSession session;
  private final AtomicBoolean bySession;
  private final @Nullable CallCredential as;

  Questioner(QuestionConnection connection, OwnSession session) {
    this(connection, session, new AtomicBoolean(), null);
  }

  private Questioner(
      QuestionConnection connection,
      OwnSession session,
      AtomicBoolean bySession,
      @Nullable CallCredential as) {
    this.connection = connection;
    this.session = session;
    this.bySession = bySession;
    this.as = as;
  }

  /** The same, for what somebody asks. */
  // A session's own operations stay the proxy's: whoever made it may end it.
  Questioner as(CallCredential who) {
    return new Questioner(connection, session, bySession, who);
  }

  <T> Future<T> ask(Question<T> question) {
    return connection.ask(question.as(as));
  }

  <T> Future<T> ask(Compound<T> compound) {
    Compound<T> asked = compound.as(as);
    return bySession.get()
        ? session.ask(asked).onFailure(this::forgetSession)
        : connection.ask(asked.alone(0)).recover(failure -> orBySession(asked, failure));
  }

  private <T> Future<T> orBySession(Compound<T> compound, Throwable failure) {
    if (!isMismatch(failure)) {
      return Future.failedFuture(failure);
    }
    bySession.set(true);
    return session.ask(compound);
  }

  /** An origin that speaks no minor version with sessions any more is asked in 0 again. */
  private void forgetSession(Throwable failure) {
    if (isMismatch(failure)) {
      bySession.set(false);
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
