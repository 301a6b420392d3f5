package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.concurrent.TimeLimit;
import org.nfsproxy.concurrent.WaitingQueue;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.FullException;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * The one connection on which questions of our own go to a server. Made with the first question,
 * made anew when it is lost. Methods may be called from any thread.
 *
 * <p>An answer fails with {@link NfsStatusException}, {@link org.nfsproxy.rpc.RpcException}, {@link
 * XdrException} for garbage, {@link TimeoutException} or {@link IOException}.
 */
// A question that a lost connection took with it is asked once more on the next one: it may be that
// the server had closed an idle connection and nothing is wrong. A question without a reply ends
// its connection, because a dead path looks just like that, and the rest are asked again elsewhere.
//
//   ask ─► place (in flight, else waiting) ─► connection ─► call ─► give the place back
final class QuestionConnection {
  /** What a connection may hold. */
  record Bounds(int inFlightMax, int waitingMax, long questionMillis, long reconnectMillis) {
    /**
     * 32 in flight keep a round trip of 1 ms busy with more questions than there are filesystems;
     * 4096 waiting are one for each connection that is allowed by default; 10 s is beyond what any
     * call would wait for; 1 s between attempts, since a server that refuses comes back in seconds.
     */
    static final Bounds DEFAULT = new Bounds(32, 4096, 10_000, 1_000);

    /**
     * For READs, whose answers queue on a slow line: they may wait for three times as long, and as
     * many are on their way as 8 MiB are.
     */
    static final Bounds READS = new Bounds(64, 4096, 30_000, 1_000);
  }

  private final Vertx vertx;
  private final Connector connector;
  private final SocketAddress server;
  private final CallCredential credential;
  private final Bounds bounds;

  private final Object lock = new Object();
  private final WaitingQueue<Integer> places;
  private @Nullable Future<RpcClient> connection;
  private boolean closed;

  QuestionConnection(
      Vertx vertx,
      Connector connector,
      SocketAddress server,
      CallCredential credential,
      Bounds bounds) {
    this.vertx = vertx;
    this.connector = connector;
    this.server = server;
    this.credential = credential;
    this.bounds = bounds;
    this.places =
        new WaitingQueue<>(
            IntStream.range(0, bounds.inFlightMax()).boxed().toList(),
            bounds.waitingMax(),
            "questions wait for " + server);
  }

  /** Asks; completes within {@link Bounds#questionMillis}, waiting included. */
  <T> Future<T> ask(Question<T> question) {
    Promise<T> answer = Promise.promise();
    long millis = bounds.questionMillis();
    Future<T> inTime =
        TimeLimit.within(millis, answer.future(), server + " gave no answer in " + millis + " ms");
    places
        .take(inTime::isComplete)
        .compose(place -> askTwice(question).onComplete(left -> places.giveBack(place)))
        .onComplete(answer);
    return inTime;
  }

  private <T> Future<T> askTwice(Question<T> question) {
    return askOnce(question)
        .recover(
            failure ->
                failure instanceof LostException ? askOnce(question) : Future.failedFuture(failure))
        .recover(failure -> Future.failedFuture(unwrapped(failure)));
  }

  private <T> Future<T> askOnce(Question<T> question) {
    Future<RpcClient> current = connection();
    return current.compose(
        client ->
            client
                .call(
                    question.program(),
                    question.version(),
                    question.procedure(),
                    question.as() == null ? credential : question.as(),
                    question.arguments())
                .recover(failure -> lost(current, failure))
                .compose(results -> read(question, results)));
  }

  private static <T> Future<T> read(Question<T> question, XdrReader results) {
    try {
      return Future.succeededFuture(question.results().read(results));
    } catch (NfsStatusException | XdrException said) {
      return Future.failedFuture(said);
    }
  }

  /** Wraps what the connection, not the answer, is to blame for, and lets go of the connection. */
  private <T> Future<T> lost(Future<RpcClient> current, Throwable failure) {
    if (failure instanceof TimeoutException) {
      forget(current);
      return Future.failedFuture(failure);
    }
    // One question too many, or too long, is no reason to take the others their connection.
    if (failure instanceof IOException && !(failure instanceof FullException)) {
      forget(current);
      return Future.failedFuture(new LostException((IOException) failure));
    }
    return Future.failedFuture(failure);
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof LostException lost ? lost.why : failure;
  }

  private Future<RpcClient> connection() {
    Promise<RpcClient> connecting;
    synchronized (lock) {
      if (closed) {
        return Future.failedFuture(new IOException("questions to " + server + " have ended"));
      }
      if (connection != null) {
        return connection;
      }
      connecting = Promise.promise();
      connection = connecting.future();
    }
    Future<RpcClient> attempt = connecting.future();
    connector
        .connect(server)
        .onSuccess(connecting::complete)
        .onFailure(
            failure -> {
              // Until the next attempt, questions fail with the reason of this one.
              vertx.setTimer(bounds.reconnectMillis(), again -> forget(attempt));
              connecting.fail(failure);
            });
    return attempt;
  }

  private void forget(Future<RpcClient> old) {
    synchronized (lock) {
      if (connection != old) {
        return;
      }
      connection = null;
    }
    old.onSuccess(RpcClient::close);
  }

  /** Ends the connection; questions in flight fail. */
  Future<Void> close() {
    Future<RpcClient> old;
    synchronized (lock) {
      closed = true;
      old = connection;
      connection = null;
    }
    return old == null ? Future.succeededFuture() : old.compose(RpcClient::close).otherwiseEmpty();
  }

  private static final class LostException extends IOException {
    private static final long serialVersionUID = 1L;

    private final IOException why;

    LostException(IOException why) {
      super(why);
      this.why = why;
    }
  }
}
