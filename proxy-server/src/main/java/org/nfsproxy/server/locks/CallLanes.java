package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Says whose turn it is when clients are called. Used on one event loop. */
// A call to a host that is away takes seconds, and a datagram can make us call any host. So each
// address waits in a lane of its own, lanes take turns, and an address of which nobody knows that
// there is a client has its turn among those alone: in few places, and so often in a second.
//
// A client is known when it has connected to us, since a connection's address is no lie, or when it
// has answered. It is a stranger again when it does not answer; to connect then does not help it
// for a while. One host may connect from as many addresses as it likes, so those that have done no
// more than that get half of the places.
//
// Whom a datagram names, may have sent none. So what one asked for has a lane of its own, among
// strangers, whoever it names: no forged datagram takes the place of what is owed to a client, or
// makes a stranger of it.
final class CallLanes {
  /** Addresses whose standing is remembered: some 10 MB. */
  static final int STANDINGS_MAX = 65_536;

  /** Calls that wait, of all clients that are known: as many as are told of a restart together. */
  private static final int WAITING_MAX = 65_536;

  /** To one known client: a grant for each of some threads that wait. */
  static final int PER_CLIENT_MAX = 32;

  /** At a time, to one known client, so that some whose lock managers hang leave room. */
  private static final int PER_CLIENT_AT_A_TIME = 4;

  /** To one stranger, one of them at a time: the results of what one datagram each asked for. */
  static final int PER_STRANGER_MAX = 4;

  private static final int STRANGERS_WAITING_MAX = 1_024;

  /** A stranger that did not answer is left alone for so long. */
  static final int REST_SECONDS = 2;

  /** Who did not answer is not known by a connection alone for so long. */
  static final int DISTRUST_SECONDS = 30;

  private static final int TURN_AGAIN_MILLIS = 20;

  /** Of the places of those that are known, what those may have that have never answered. */
  private static final int CONNECTED_SHARE = 2;

  private final int knownMax;
  private final int connectedMax;
  private final int strangersMax;
  private final int strangersPerSecondMax;
  private final LongSupplier nanoTime;
  private final Timer timer;
  private final Consumer<LockEvent> events;
  private final Map<Key, Lane> lanes = new HashMap<>();
  private final Side answered = new Side(PER_CLIENT_MAX, PER_CLIENT_AT_A_TIME, WAITING_MAX);
  private final Side connected = new Side(PER_CLIENT_MAX, PER_CLIENT_AT_A_TIME, WAITING_MAX);
  private final Side strangers = new Side(PER_STRANGER_MAX, 1, STRANGERS_WAITING_MAX);
  private long allowance;
  private long allowanceNanos;
  private boolean waitsForAllowance;
  private boolean isTurning;
  private boolean isClosed;

  private final Map<InetAddress, Standing> standings =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Standing> eldest) {
          return size() > STANDINGS_MAX;
        }
      };

  /** Runs something later. */
  interface Timer {
    void after(int millis, Runnable task);
  }

  private static final class Standing {
    private boolean hasAnswered;
    private boolean hasConnected;
    private long unansweredNanos;
    private boolean wasUnanswered;

    boolean isKnown() {
      return hasAnswered || hasConnected;
    }
  }

  private record Waiting(Runnable begin, Consumer<Exception> fail) {}

  /**
   * Whose lane it is.
   *
   * @param isDoubtful whether it is for what datagrams asked for
   */
  private record Key(InetAddress client, boolean isDoubtful) {}

  private static final class Lane {
    private final Key key;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private Side side;
    private int running;
    private boolean isInTurn;

    Lane(Key key, Side side) {
      this.key = key;
      this.side = side;
    }
  }

  /** Lanes in their turn. */
  private static final class Side {
    private final int perLaneMax;
    private final int perLaneAtATime;
    private final int waitingMax;
    private final Deque<Lane> turns = new ArrayDeque<>();
    private int running;
    private int waiting;

    Side(int perLaneMax, int perLaneAtATime, int waitingMax) {
      this.perLaneMax = perLaneMax;
      this.perLaneAtATime = perLaneAtATime;
      this.waitingMax = waitingMax;
    }
  }

  /**
   * Nobody is called yet.
   *
   * @param max calls at a time
   * @param strangersMax of these, to strangers
   * @param strangersPerSecondMax calls to strangers in a second
   * @param events told why a call is not made
   */
  CallLanes(
      int max,
      int strangersMax,
      int strangersPerSecondMax,
      LongSupplier nanoTime,
      Timer timer,
      Consumer<LockEvent> events) {
    this.knownMax = Math.max(1, max - strangersMax);
    this.connectedMax = Math.max(1, knownMax / CONNECTED_SHARE);
    this.strangersMax = strangersMax;
    this.strangersPerSecondMax = strangersPerSecondMax;
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.events = events;
    this.allowance = strangersPerSecondMax;
    this.allowanceNanos = nanoTime.getAsLong();
  }

  /** A client has connected to us. */
  void heard(InetAddress client) {
    Standing standing = standings.computeIfAbsent(client, first -> new Standing());
    if (!standing.isKnown() && !isSince(standing, DISTRUST_SECONDS)) {
      standing.hasConnected = true;
      moveAsItStands(client);
      next();
    }
  }

  boolean isKnown(InetAddress client) {
    Standing standing = standings.get(client);
    return standing != null && standing.isKnown();
  }

  private boolean isSince(Standing standing, int seconds) {
    return standing.wasUnanswered
        && nanoTime.getAsLong() - standing.unansweredNanos < TimeUnit.SECONDS.toNanos(seconds);
  }

  private Side side(Key key) {
    Standing standing = key.isDoubtful ? null : standings.get(key.client);
    if (standing == null || !standing.isKnown()) {
      return strangers;
    }
    return standing.hasAnswered ? answered : connected;
  }

  /**
   * Calls a client when it is its turn.
   *
   * @param call makes the call
   * @return what it comes to; fails at once if it is not made
   */
  <T> Future<T> run(InetAddress client, Supplier<Future<T>> call) {
    return run(new Key(client, false), call);
  }

  /** The same for what a datagram asked for in a client's name. */
  <T> Future<T> runDoubtful(InetAddress client, Supplier<Future<T>> call) {
    return run(new Key(client, true), call);
  }

  private <T> Future<T> run(Key key, Supplier<Future<T>> call) {
    Lane lane = lanes.getOrDefault(key, new Lane(key, side(key)));
    Exception refusal = refusal(lane);
    if (refusal != null) {
      return Future.failedFuture(refusal);
    }
    lanes.put(key, lane);
    Promise<T> promise = Promise.promise();
    lane.waiting.add(new Waiting(() -> begin(lane, call, promise), promise::fail));
    lane.side.waiting++;
    takeTurn(lane);
    next();
    return promise.future();
  }

  /** Ends it: nobody is called any more. */
  void close() {
    isClosed = true;
    lanes.values().forEach(this::giveUp);
  }

  private @Nullable Exception refusal(Lane lane) {
    if (isClosed) {
      return new IOException("closed");
    }
    Side side = lane.side;
    Standing standing = standings.get(lane.key.client);
    if (side == strangers && standing != null && isSince(standing, REST_SECONDS)) {
      events.accept(LockEvent.CALL_RESTING);
      return new IOException("it did not answer a moment ago");
    }
    if (lane.waiting.size() + lane.running >= side.perLaneMax || side.waiting >= side.waitingMax) {
      events.accept(LockEvent.CALL_NO_ROOM);
      return new IOException("too many calls are under way");
    }
    return null;
  }

  private void takeTurn(Lane lane) {
    Side side = lane.side;
    if (!lane.isInTurn && !lane.waiting.isEmpty() && lane.running < side.perLaneAtATime) {
      lane.isInTurn = true;
      side.turns.add(lane);
    }
  }

  private void moveAsItStands(InetAddress client) {
    Lane lane = lanes.get(new Key(client, false));
    if (lane != null) {
      move(lane, side(lane.key));
    }
  }

  private void move(Lane lane, Side to) {
    if (lane.side == to) {
      return;
    }
    if (lane.isInTurn) {
      lane.side.turns.remove(lane);
      lane.isInTurn = false;
    }
    lane.side.waiting -= lane.waiting.size();
    to.waiting += lane.waiting.size();
    lane.side = to;
    takeTurn(lane);
  }

  // Calls that end at once come back here: whoever is here already goes on.
  private void next() {
    if (isTurning) {
      return;
    }
    isTurning = true;
    while (isRoomForKnown() && !answered.turns.isEmpty()) {
      begin(answered.turns.remove());
    }
    while (isRoomForKnown() && connected.running < connectedMax && !connected.turns.isEmpty()) {
      begin(connected.turns.remove());
    }
    while (strangers.running < strangersMax && !strangers.turns.isEmpty() && isAllowed()) {
      begin(strangers.turns.remove());
    }
    isTurning = false;
  }

  private boolean isRoomForKnown() {
    return answered.running + connected.running < knownMax;
  }

  private boolean isAllowed() {
    long now = nanoTime.getAsLong();
    long perCall = TimeUnit.SECONDS.toNanos(1) / strangersPerSecondMax;
    long more = Math.max(0, (now - allowanceNanos) / perCall);
    allowanceNanos += more * perCall;
    allowance = Math.min(strangersPerSecondMax, allowance + more);
    if (allowance > 0) {
      allowance--;
      return true;
    }
    if (!waitsForAllowance) {
      waitsForAllowance = true;
      timer.after(
          TURN_AGAIN_MILLIS,
          () -> {
            waitsForAllowance = false;
            next();
          });
    }
    return false;
  }

  private void begin(Lane lane) {
    lane.isInTurn = false;
    Waiting first = lane.waiting.poll();
    if (first != null) {
      first.begin.run();
      takeTurn(lane);
    }
  }

  private <T> void begin(Lane lane, Supplier<Future<T>> call, Promise<T> promise) {
    Side side = lane.side;
    side.waiting--;
    side.running++;
    lane.running++;
    called(call)
        .onComplete(
            ended -> {
              side.running--;
              lane.running--;
              ended(lane, ended.succeeded());
              if (ended.succeeded()) {
                promise.complete(ended.result());
              } else {
                promise.fail(ended.cause());
              }
              next();
            });
  }

  private static <T> Future<T> called(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private void ended(Lane lane, boolean hasAnswered) {
    InetAddress client = lane.key.client;
    Standing standing = standings.computeIfAbsent(client, first -> new Standing());
    standing.wasUnanswered = !hasAnswered;
    standing.unansweredNanos = nanoTime.getAsLong();
    if (hasAnswered) {
      standing.hasAnswered = true;
    } else {
      lost(standing, lane);
    }
    moveAsItStands(client);
    takeTurn(lane);
    if (lane.waiting.isEmpty() && lane.running == 0) {
      lanes.remove(lane.key, lane);
    }
  }

  private void lost(Standing standing, Lane lane) {
    if (!lane.key.isDoubtful) {
      standing.hasAnswered = false;
      standing.hasConnected = false;
    }
    giveUp(lane);
  }

  /** What waits behind a call that was not answered is not made either. */
  private void giveUp(Lane lane) {
    lane.side.waiting -= lane.waiting.size();
    Waiting waiting = lane.waiting.poll();
    while (waiting != null) {
      waiting.fail.accept(new IOException("a call before this one was not answered"));
      waiting = lane.waiting.poll();
    }
  }
}
