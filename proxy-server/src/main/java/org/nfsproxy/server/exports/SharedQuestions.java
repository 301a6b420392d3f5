package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * Makes one question of those that are asked at the same time. It is asked when it is the turn of
 * whichever asker comes first, and for as long as one of them waits. Remembers nothing afterwards.
 */
final class SharedQuestions<K, V> {
  private record UnderWay<V>(Turn turn, Promise<V> answer) {}

  private final Gate gate;
  private final ConcurrentMap<K, UnderWay<V>> all = new ConcurrentHashMap<>();

  SharedQuestions(Gate gate) {
    this.gate = gate;
  }

  Future<V> ask(K about, Asker asker, Function<Turn, Future<V>> question) {
    while (true) {
      UnderWay<V> mine = new UnderWay<>(new Turn(asker), Promise.promise());
      UnderWay<V> earlier = all.putIfAbsent(about, mine);
      if (earlier == null) {
        begin(about, mine, question);
        return mine.answer.future();
      }
      if (asker.hasLeft() || gate.join(earlier.turn, asker)) {
        return earlier.answer.future();
      }
      all.remove(about, earlier); // everybody else has left, and it is not asked
    }
  }

  private void begin(K about, UnderWay<V> mine, Function<Turn, Future<V>> question) {
    Future<V> begun;
    try {
      begun = question.apply(mine.turn);
    } catch (RuntimeException | Error bug) {
      begun = Future.failedFuture(bug);
    }
    begun.onComplete(
        answer -> {
          all.remove(about, mine);
          mine.answer.handle(answer);
        });
  }

  /** How many are under way or wait. */
  int size() {
    return all.size();
  }
}
