package org.nfsproxy.backend.nfs.questions;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.CallCredential;

/** The connection for questions to the origin's MOUNT program; ended when nobody asks any more. */
// Where a list of exports is looked through there are many questions in a row, and minutes of
// nothing between the lists: a reserved port is not kept for that.
final class MountConnection {
  /** Longer than the pauses within a row of questions. */
  private static final long IDLE_MILLIS = 2_000;

  private final Vertx vertx;
  private final Connector connector;
  private final String host;
  private final CallCredential credential;
  private final OriginPorts ports;

  private @Nullable QuestionConnection connection;
  private int port;
  private int underWay;
  private int uses;

  MountConnection(
      Vertx vertx, Connector connector, String host, CallCredential credential, OriginPorts ports) {
    this.vertx = vertx;
    this.connector = connector;
    this.host = host;
    this.credential = credential;
    this.ports = ports;
  }

  /** Asks; a failure to reach it makes the port be asked for again. */
  <T> Future<T> ask(Question<T> question) {
    return ports.mount().compose(at -> enter(at).ask(question).onComplete(done -> leave()));
  }

  private synchronized QuestionConnection enter(int at) {
    if (connection != null && port != at) {
      connection.close();
      connection = null;
    }
    if (connection == null) {
      port = at;
      SocketAddress mount = SocketAddress.inetSocketAddress(at, host);
      QuestionConnection.Bounds bounds = QuestionConnection.Bounds.DEFAULT;
      connection = new QuestionConnection(vertx, connector, mount, credential, bounds);
    }
    underWay++;
    uses++;
    return connection;
  }

  private synchronized void leave() {
    underWay--;
    int last = uses;
    vertx.setTimer(IDLE_MILLIS, idle -> endIfIdle(last));
  }

  private synchronized void endIfIdle(int last) {
    if (underWay == 0 && uses == last) {
      close();
    }
  }

  synchronized Future<Void> close() {
    QuestionConnection old = connection;
    connection = null;
    return old == null ? Future.succeededFuture() : old.close();
  }
}
