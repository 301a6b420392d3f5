package org.nfsproxy.server.admin;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.socket.CloseNow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whoever watches what there is to see, again and again: {@code GET /events}, as server-sent
 * events.
 *
 * <pre>
 *  data: {"time": ... }       one line of JSON, and an empty one; it stands by itself
 * </pre>
 */
// A look at the counters is made on a worker, once for all who watch, and not at all while nobody
// does. Everything else happens on the one event loop of the admin pages, so there is no lock.
//
// Who does not read gets no further event until the last one has left for the socket, and is
// dropped if that takes long. So one event is all that is ever held for a listener.
//
// Another web site can have a browser ask for this, and could keep all places taken without reading
// a byte. What it cannot do is send a header of its own choice without asking first, which nobody
// here answers (docs/decisions/0082). So a request without one is refused.
public final class LiveEvents {
  /** Any value will do. */
  static final String HEADER = "X-Requested-With";

  /** An event that has not left after so long waits for nobody. */
  static final long STALLED_MILLIS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(LiveEvents.class);

  private static final Buffer BEGIN = Buffer.buffer("data: ");
  private static final Buffer END = Buffer.buffer("\n\n");
  private static final long NO_TIMER = -1;

  private final Vertx vertx;
  private final LivePage settings;
  private final Supplier<JsonObject> look;
  private final Runnable nobody;
  private final long stalledMillis;
  private final Set<Listener> listeners = new LinkedHashSet<>();
  private @Nullable Buffer lastEvent;
  private boolean looking;
  private long timer = NO_TIMER;

  private static final class Listener {
    final HttpServerRequest request;
    final HttpServerResponse response;
    final BooleanSupplier holds;
    boolean isSending;
    long sendingMillis;

    Listener(HttpServerRequest request, BooleanSupplier holds) {
      this.request = request;
      this.holds = holds;
      this.response = request.response();
    }
  }

  LiveEvents(
      Vertx vertx,
      LivePage settings,
      Supplier<JsonObject> look,
      Runnable nobody,
      long stalledMillis) {
    this.vertx = vertx;
    this.settings = settings;
    this.look = look;
    this.nobody = nobody;
    this.stalledMillis = stalledMillis;
  }

  /**
   * Nobody watches yet.
   *
   * @param look makes what is told; called on a worker, one at a time
   * @param nobody is called when the last one has left
   */
  public static LiveEvents of(
      Vertx vertx, LivePage settings, Supplier<JsonObject> look, Runnable nobody) {
    return new LiveEvents(vertx, settings, look, nobody, STALLED_MILLIS);
  }

  /** Why somebody may not watch; null if he may. */
  @Nullable String refuses(HttpServerRequest request) {
    return request.headers().contains(HEADER)
        ? null
        : "only with the header " + HEADER + ", which no other web site can have a browser send";
  }

  /** Whether as many watch as may. */
  boolean isFull() {
    return listeners.size() >= settings.listenersMax();
  }

  int listenersMax() {
    return settings.listenersMax();
  }

  /**
   * Begins to tell somebody, whose response has its headers and nothing else yet.
   *
   * @param request on the event loop of the admin pages
   * @param holds whether he may go on, asked before each event
   */
  void begin(HttpServerRequest request, BooleanSupplier holds) {
    Listener listener = new Listener(request, holds);
    listener.response.exceptionHandler(broken -> log.debug("{}", broken.getMessage()));
    listener.response.closeHandler(closed -> leave(listener));
    listener.response.setChunked(true);
    listeners.add(listener);
    if (lastEvent != null) {
      send(listener, lastEvent);
    }
    if (timer == NO_TIMER) {
      timer = vertx.setPeriodic(settings.eventMillis(), due -> tick());
      tick();
    }
  }

  private void leave(Listener listener) {
    listeners.remove(listener);
    if (listeners.isEmpty() && timer != NO_TIMER) {
      vertx.cancelTimer(timer);
      timer = NO_TIMER;
      lastEvent = null;
      if (!looking) {
        nobody.run();
      }
    }
  }

  private void tick() {
    dropStalled();
    dropThoseWhoMayNot();
    if (!looking && !listeners.isEmpty()) {
      looking = true;
      vertx
          .executeBlocking(() -> event(look.get()), false)
          .onComplete(done -> looking = false)
          .onSuccess(this::tell)
          .onFailure(bug -> log.error("what is shown on the live page could not be made", bug));
    }
  }

  private static Buffer event(JsonObject json) {
    return BEGIN.copy().appendBuffer(json.toBuffer()).appendBuffer(END);
  }

  private void tell(Buffer event) {
    if (listeners.isEmpty()) {
      nobody.run();
      return;
    }
    lastEvent = event;
    for (Listener listener : List.copyOf(listeners)) {
      if (!listener.isSending) {
        send(listener, event);
      }
    }
  }

  private void send(Listener listener, Buffer event) {
    listener.isSending = true;
    listener.sendingMillis = nowMillis();
    listener.response.write(event).onComplete(sent -> listener.isSending = false);
  }

  private void dropStalled() {
    long nowMillis = nowMillis();
    List<Listener> stalled = new ArrayList<>(listeners);
    stalled.removeIf(each -> !each.isSending || nowMillis - each.sendingMillis < stalledMillis);
    for (Listener each : stalled) {
      log.info("{} does not read what it watches, and is cut off", each.request.remoteAddress());
      listeners.remove(each);
      CloseNow.of(each.request.connection());
    }
  }

  // A session that has ended, a token that is another one now.
  private void dropThoseWhoMayNot() {
    for (Listener each : List.copyOf(listeners)) {
      if (!each.holds.getAsBoolean()) {
        each.response.end();
        CloseNow.of(each.request.connection());
        leave(each);
      }
    }
  }

  private static long nowMillis() {
    return System.nanoTime() / 1_000_000;
  }
}
