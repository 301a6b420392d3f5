package org.nfsproxy.server.exports;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets so many questions be under way at once, and shares the places out: clients take turns,
 * whatever each of them has waiting, and so do the connections of one client. Safe for several
 * threads.
 */
//   ring     client ─► client ─► client             those with something to begin, next one first
//              │ lines, next one first
//              ├─ connection: turn, turn, turn      in the order they came
//              └─ connection: turn
//
// So a question waits for one of each other client that waits, not for all that these have asked. A
// client that has its share under way is not in the ring: answers that take long must not take the
// places of everybody.
//
// How many may wait is for the askers to bound: a batch has a few open questions and keeps the rest
// of its calls to itself.
final class Gate {
  /** What becomes of a question for which nobody waits any more. */
  static final class LeftException extends IOException {
    private static final long serialVersionUID = 1L;

    LeftException() {
      super("nobody waits for the answer");
    }
  }

  /** A client with questions. */
  static final class Client {
    private final Object name;
    private final Map<Asker, Deque<Turn>> lines = new LinkedHashMap<>();
    private int underWay;
    private boolean isInRing;

    private Client(Object name) {
      this.name = name;
    }

    private void add(Asker asker, Turn turn) {
      lines.computeIfAbsent(asker, a -> new ArrayDeque<>(2)).add(turn);
    }

    /** The turn that is next; null if none is left. Those for nobody are put aside. */
    private @Nullable Turn next(List<Turn> dropped) {
      while (!lines.isEmpty()) {
        Iterator<Map.Entry<Asker, Deque<Turn>>> all = lines.entrySet().iterator();
        Map.Entry<Asker, Deque<Turn>> first = all.next();
        Asker asker = first.getKey();
        Deque<Turn> line = first.getValue();
        all.remove();
        Turn next = next(asker, line, dropped);
        if (!line.isEmpty()) {
          lines.put(asker, line);
        }
        if (next != null) {
          return next;
        }
      }
      return null;
    }

    // A turn that is not waiting was reached in another line. One whose asker has left is passed
    // over here: whoever else waits for it has it in his own.
    private static @Nullable Turn next(Asker asker, Deque<Turn> line, List<Turn> dropped) {
      for (Turn turn = line.poll(); turn != null; turn = line.poll()) {
        if (turn.isWaiting() && turn.isForNobody()) {
          dropped.add(turn);
        } else if (turn.isWaiting() && !asker.hasLeft()) {
          return turn;
        }
      }
      return null;
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Gate.class);

  private final int underWayMax;
  private final int perClientMax;
  private final QuestionTimes times = new QuestionTimes();
  private final Object lock = new Object();
  private final Map<Object, Client> clients = new HashMap<>();
  private final Deque<Client> ring = new ArrayDeque<>();
  private int underWay;
  private boolean isBeginning;

  /**
   * A gate.
   *
   * @param perClientMax of which one client's
   */
  Gate(int underWayMax, int perClientMax) {
    this.underWayMax = underWayMax;
    this.perClientMax = Math.min(perClientMax, underWayMax);
  }

  /** Asks when the turn has come; fails with {@link LeftException} if it comes for nobody. */
  <T> Future<T> pass(Turn turn, Supplier<Future<T>> question) {
    Promise<Void> begins = Promise.promise();
    long enteredNanos = System.nanoTime();
    times.entered();
    Future<T> answer =
        begins
            .future()
            .onFailure(left -> times.left())
            .compose(begun -> askTimed(enteredNanos, question).onComplete(done -> leave(turn)));
    enter(turn, begins);
    return answer;
  }

  private <T> Future<T> askTimed(long enteredNanos, Supplier<Future<T>> question) {
    long askedNanos = System.nanoTime();
    times.begun(askedNanos - enteredNanos);
    return ask(question)
        .onComplete(done -> times.ended(System.nanoTime() - askedNanos, done.failed()));
  }

  QuestionTimes times() {
    return times;
  }

  private static <T> Future<T> ask(Supplier<Future<T>> question) {
    try {
      return question.get();
    } catch (RuntimeException | Error bug) {
      return Future.failedFuture(bug);
    }
  }

  /**
   * Adds somebody who waits for the same answer.
   *
   * @return false if it was too late: all others had left, and the question was dropped
   */
  boolean join(Turn turn, Asker asker) {
    synchronized (lock) {
      if (turn.isGivenUp()) {
        return false;
      }
      turn.add(asker);
      if (turn.isWaiting()) {
        lineUp(turn, asker);
      }
    }
    begin();
    return true;
  }

  private void enter(Turn turn, Promise<Void> begins) {
    synchronized (lock) {
      turn.waits(begins);
      for (Asker asker : turn.askers()) {
        lineUp(turn, asker);
      }
    }
    begin();
  }

  private void lineUp(Turn turn, Asker asker) {
    Client client = clients.computeIfAbsent(asker.client(), Client::new);
    client.add(asker, turn);
    comeForward(client);
  }

  private void comeForward(Client client) {
    if (!client.isInRing && !client.lines.isEmpty() && client.underWay < perClientMax) {
      client.isInRing = true;
      ring.add(client);
    }
  }

  private void leave(Turn turn) {
    synchronized (lock) {
      Client client = Objects.requireNonNull(turn.client, "it has begun");
      underWay--;
      client.underWay--;
      comeForward(client);
      forgetIfIdle(client);
    }
    begin();
  }

  private void forgetIfIdle(Client client) {
    if (client.underWay == 0 && client.lines.isEmpty()) {
      clients.remove(client.name);
    }
  }

  // One thread at a time, and in a loop: an answer that is there at once makes room for the next,
  // and a thousand of them must not be a thousand calls deep.
  private void begin() {
    synchronized (lock) {
      if (isBeginning) {
        return;
      }
      isBeginning = true;
    }
    List<Turn> dropped = new ArrayList<>();
    List<Promise<Void>> ends = new ArrayList<>();
    boolean mayBegin = true;
    while (mayBegin) {
      Promise<Void> next;
      synchronized (lock) {
        next = next(dropped);
        for (Turn turn : dropped) {
          turn.giveUp();
          Promise<Void> end = turn.take();
          if (end != null) {
            ends.add(end);
          }
        }
        mayBegin = next != null || !ends.isEmpty();
        isBeginning = mayBegin;
      }
      ends.forEach(end -> guarded(() -> end.fail(new LeftException())));
      if (next != null) {
        guarded(next::complete);
      }
      dropped.clear();
      ends.clear();
    }
  }

  // Whoever waits for an answer runs in here, and must not stop the others' turns.
  private static void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error bug) {
      log.error("what follows a question failed", bug);
    }
  }

  private @Nullable Promise<Void> next(List<Turn> dropped) {
    while (underWay < underWayMax && !ring.isEmpty()) {
      Client client = ring.poll();
      client.isInRing = false;
      Turn turn = client.next(dropped);
      if (turn != null) {
        underWay++;
        client.underWay++;
        turn.client = client;
      }
      comeForward(client);
      forgetIfIdle(client);
      if (turn != null) {
        return turn.take();
      }
    }
    return null;
  }

  /** Clients that have a question waiting or under way. */
  int clients() {
    synchronized (lock) {
      return clients.size();
    }
  }
}
