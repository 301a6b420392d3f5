package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/** Lets so many tasks be under way at once, and so many wait; more are refused. */
final class Gate {
  private final int underWayMax;
  private final int waitingMax;
  private final Queue<Promise<Void>> waiting = new ArrayDeque<>();
  private int underWay;

  Gate(int underWayMax, int waitingMax) {
    this.underWayMax = underWayMax;
    this.waitingMax = waitingMax;
  }

  /** Does a task when its turn has come. */
  <T> Future<T> pass(Supplier<Future<T>> task) {
    return enter().compose(entered -> task.get().onComplete(done -> leave()));
  }

  private Future<Void> enter() {
    synchronized (waiting) {
      if (underWay < underWayMax) {
        underWay++;
        return Future.succeededFuture();
      }
      if (waiting.size() >= waitingMax) {
        return Future.failedFuture(new IOException(waitingMax + " questions wait already"));
      }
      Promise<Void> turn = Promise.promise();
      waiting.add(turn);
      return turn.future();
    }
  }

  private void leave() {
    Promise<Void> next;
    synchronized (waiting) {
      next = waiting.poll();
      if (next == null) {
        underWay--;
        return;
      }
    }
    next.complete();
  }
}
