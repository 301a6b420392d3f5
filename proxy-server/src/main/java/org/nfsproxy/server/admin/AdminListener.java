package org.nfsproxy.server.admin;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.ThisMachine;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.socket.AcceptPause;
import org.nfsproxy.server.socket.BindFailure;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.server.socket.ListeningPlace;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.server.tls.HandshakeIntake;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.server.tls.TlsRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the administrator's pages by HTTP/1.1, with TLS where there is a certificate: GET to read,
 * POST to act, answers in JSON; and the live page that shows them to people. A port that cannot be
 * had is told in the log and is no failure.
 */
// It stands beside the proxy's work and must not harm it: pages are made on a worker, few at a
// time; connections are few and live shortly, whatever they send or do not read. Serving NFS
// without a list of exports is better than not serving it, so a second proxy on a machine, with the
// same configuration, starts without this and says so.
public final class AdminListener {
  /** Times as many as have places: with those that are about to be closed none more is accepted. */
  private static final int OPEN_TIMES = 4;

  /**
   * Requests that are answered at once, those for health aside; a list of all exports may be tens
   * of megabytes.
   */
  static final int ANSWERING_MAX = 4;

  /** Within it a slow client must have asked and read; checkers connect anew. */
  private static final long CONNECTION_MILLIS = 30_000;

  private static final int IDLE_SECONDS = 10;
  private static final long NANOS_OF_A_MILLI = 1_000_000;

  /** How long a handshake of TLS may take; as long as a connection may be idle. */
  public static final int HANDSHAKE_MILLIS = IDLE_SECONDS * 1000;

  /** Who guesses has as many tries in it as there are connections. */
  private static final long GUESS_MILLIS = 1_000;

  private static final int LINE_BYTES = 1024;
  private static final String JSON = "application/json";
  private static final String HTML = "text/html";

  /** A browser sends the cookies of every other port of this machine too. */
  private static final int HEADER_BYTES = 8192;

  /** What is shown may be framed by nobody, and loads nothing. */
  private static final String NOTHING_LOADS = "default-src 'none'; frame-ancestors 'none'";

  /**
   * The page loads its own files, and talks to nobody else. Text never becomes HTML or a script,
   * whatever its script might do by mistake.
   */
  static final String OWN_FILES =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  /** RFC 9110 section 15.5.20. */
  private static final int MISDIRECTED = 421;

  /** What the live page is told. */
  static final String EVENTS = "/events";

  private static final Logger log = LoggerFactory.getLogger(AdminListener.class);

  private final Vertx vertx;
  private final Map<String, Page> pages;
  private final Map<String, Action> actions;
  private final Map<String, Page.Text> files;
  private final @Nullable LiveEvents events;
  private final OwnNames names;
  private final Origins origins;
  private final Guard guard;
  private final Authorization authorization;
  private final Map<HttpConnection, Long> timers = new ConcurrentHashMap<>();
  private final int connectionsMax;
  private final Places<HttpConnection> places;
  private boolean isPausing;
  private final AtomicInteger answering = new AtomicInteger();
  private @Nullable HttpServer server;

  private AdminListener(
      Vertx vertx,
      Map<String, Page> pages,
      Map<String, Action> actions,
      @Nullable LiveEvents events,
      OwnNames names,
      ClientMatch actionsFrom,
      int connectionsMax,
      Guard guard,
      Authorization authorization) {
    this.vertx = vertx;
    this.connectionsMax = connectionsMax;
    this.places = new Places<>(connectionsMax);
    this.pages = pages;
    this.actions = actions;
    this.events = events;
    this.files = events == null ? Map.of() : PageFiles.all();
    this.names = names;
    this.origins = new Origins(actionsFrom);
    this.guard = guard;
    this.authorization = authorization;
  }

  /**
   * Begins to serve.
   *
   * @param admin where, and who may act
   * @param events what the live page shows; null if there is none
   * @param guard what protects them
   * @return the listener; does not fail
   */
  public static Future<AdminListener> start(
      Vertx vertx,
      Admin admin,
      Map<String, Page> pages,
      Map<String, Action> actions,
      @Nullable LiveEvents events,
      Guard guard) {
    return start(
        vertx,
        admin,
        pages,
        actions,
        events,
        guard,
        new Authorization(
            guard,
            admin.access(),
            admin.port(),
            () -> System.nanoTime() / NANOS_OF_A_MILLI,
            ThisMachinesAddress::is));
  }

  static Future<AdminListener> start(
      Vertx vertx,
      Admin admin,
      Map<String, Page> pages,
      Map<String, Action> actions,
      @Nullable LiveEvents events,
      Guard guard,
      Authorization authorization) {
    List<String> configured =
        Stream.concat(admin.hosts().stream(), Stream.of(admin.host())).toList();
    return vertx
        .executeBlocking(() -> new OwnNames(ThisMachine.ownNames(), configured), false)
        .map(
            names ->
                new AdminListener(
                    vertx,
                    pages,
                    actions,
                    events,
                    names,
                    admin.actionsFrom(),
                    admin.access().connectionsMax(),
                    guard,
                    authorization))
        .compose(listener -> listener.listen(admin.host(), admin.port(), CONNECTION_MILLIS));
  }

  /** Pages alone, for tests. */
  static Future<AdminListener> start(
      Vertx vertx, String host, int port, Map<String, Page> pages, long connectionMillis) {
    OwnNames names = new OwnNames(List.of(), List.of());
    Authorization open =
        new Authorization(Guard.NONE, AdminAccess.OPEN, port, () -> 0, ThisMachinesAddress::is);
    ClientMatch nobody = ClientMatch.of(List.of());
    int most = AdminAccess.OPEN.connectionsMax();
    return new AdminListener(vertx, pages, Map.of(), null, names, nobody, most, Guard.NONE, open)
        .listen(host, port, connectionMillis);
  }

  static Future<AdminListener> start(Vertx vertx, String host, int port, Map<String, Page> pages) {
    return start(vertx, host, port, pages, CONNECTION_MILLIS);
  }

  private Future<AdminListener> listen(String host, int port, long connectionMillis) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setIdleTimeout(IDLE_SECONDS)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    HttpServer server =
        vertx
            .createHttpServer(options)
            .connectionHandler(connection -> accept(connection, connectionMillis))
            .invalidRequestHandler(request -> refuse(request, 400, "not HTTP as it is spoken here"))
            .requestHandler(this::answer);
    return server
        .listen(port, host)
        .map(
            listening -> {
              this.server = listening;
              log.info(
                  "admin pages on {} port {}{}",
                  host,
                  listening.actualPort(),
                  guard.tls() == null ? "" : ", by HTTPS");
              return this;
            })
        .otherwise(
            failure -> {
              log.warn(
                  "{}. Clients are served all the same, without admin pages",
                  BindFailure.told(failure, ListeningPlace.ADMIN, host, port, "TCP"));
              return this;
            });
  }

  /**
   * The port that is served.
   *
   * @return the port; -1 if it could not be had
   */
  public int port() {
    return server == null ? -1 : server.actualPort();
  }

  /**
   * Serves no more.
   *
   * @return completes when it is closed
   */
  public Future<Void> close() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void accept(HttpConnection connection, long connectionMillis) {
    pauseInFlood(connection);
    timers.put(connection, vertx.setTimer(connectionMillis, late -> CloseNow.of(connection)));
    connection.closeHandler(
        closed -> {
          places.leave(connection);
          stopTimer(connection);
        });
    connection.exceptionHandler(broken -> log.debug("{}", broken.getMessage()));
    InetAddress address = ThisMachinesAddress.of(connection.remoteAddress());
    HttpConnection leaving = places.enter(connection, address, ThisMachinesAddress.is(address));
    if (leaving != null) {
      CloseNow.of(leaving);
    }
    if (leaving != connection && guard.tls() != null) {
      secure(connection, guard.tls());
    }
  }

  // Vert.x shows its listening channel through the connections alone.
  private void pauseInFlood(HttpConnection connection) {
    Channel listening =
        ((HttpServerConnection) connection).channelHandlerContext().channel().parent();
    if (!isPausing && listening != null) {
      isPausing = true;
      listening.pipeline().addFirst(new AcceptPause(OPEN_TIMES * connectionsMax));
    }
  }

  // In front of all that Vert.x has there, before a byte is read. By Vert.x's own TLS a connection
  // would count here when its handshake has ended, and those that never end would count nowhere;
  // and its arithmetic would be done by an event loop, which is one of those that serve clients.
  // What comes meanwhile, and each record, is bounded as it is for clients of NFS.
  private static void secure(HttpConnection connection, ServerTls tls) {
    ChannelHandlerContext own = ((HttpServerConnection) connection).channelHandlerContext();
    SslHandler handler = tls.newHandler(own.alloc());
    own.pipeline()
        .addFirst(
            new HandshakeIntake(handler, () -> CloseNow.of(connection)),
            new TlsRecords(tooLong -> CloseNow.of(connection), handler.handshakeFuture()::isDone),
            handler);
  }

  private void stopTimer(HttpConnection connection) {
    Long timer = timers.remove(connection);
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private void answer(HttpServerRequest request) {
    HttpConnection connection = request.connection();
    places.asks(connection, true);
    request.response().endHandler(ended -> places.asks(connection, false));
    Page.Text file = files.get(request.path());
    Page page = pages.get(request.path());
    Action action = actions.get(request.path());
    if (!isForUs(request)) {
      refuse(request, MISDIRECTED, "not served by the name in Host: see admin.hosts");
    } else if (isOfSessions(request)) {
      change(request);
    } else if (action != null && (page == null || request.method() != HttpMethod.GET)) {
      act(request, action, page != null);
    } else if (page == null && file == null && !isEvents(request)) {
      refuse(request, 404, "there is " + String.join(", ", paths()));
    } else if (request.method() != HttpMethod.GET) {
      request.response().putHeader("Allow", "GET");
      refuse(request, 405, "only GET");
    } else if (file != null) {
      send(request, 200, Buffer.buffer(file.bytes()), file.contentType());
    } else if (isRefused(request, authorization.refusesReading(request))) {
      return;
    } else if (page == null) {
      watch(request, Objects.requireNonNull(events, "its path is among them"));
    } else if (answering.incrementAndGet() > ANSWERING_MAX && !Authorization.isHealth(request)) {
      answering.decrementAndGet();
      refuse(request, 503, "busy with other requests");
    } else {
      answer(request, page);
    }
  }

  private boolean isOfSessions(HttpServerRequest request) {
    String path = request.path();
    return authorization.hasSessions()
        && (Authorization.LOGIN.equals(path) || Authorization.LOGOUT.equals(path));
  }

  /** A browser begins or ends its session. */
  private void change(HttpServerRequest request) {
    boolean begins = Authorization.LOGIN.equals(request.path());
    if (request.method() != HttpMethod.POST) {
      request.response().putHeader("Allow", "POST");
      refuse(request, 405, "only POST");
    } else if (!isRefused(
        request,
        begins ? authorization.refusesLogin(request) : authorization.refusesLogout(request))) {
      Authorization.Told told = begins ? authorization.begin(request) : authorization.end(request);
      request.response().putHeader("Set-Cookie", told.cookie());
      send(request, told.answer().status(), Json.encodeToBuffer(told.answer().json()));
    }
  }

  private boolean isRefused(HttpServerRequest request, Authorization.@Nullable Refusal refusal) {
    if (refusal == null) {
      return false;
    }
    refusal.headers().forEach(request.response()::putHeader);
    if (refusal.isLate()) {
      places.asks(request.connection(), false); // nobody makes room for who guesses
      vertx.setTimer(GUESS_MILLIS, waited -> refuse(request, refusal.status(), refusal.why()));
    } else {
      refuse(request, refusal.status(), refusal.why());
    }
    return true;
  }

  private boolean isEvents(HttpServerRequest request) {
    return events != null && EVENTS.equals(request.path());
  }

  private void watch(HttpServerRequest request, LiveEvents events) {
    String why = events.refuses(request);
    if (why != null) {
      refuse(request, 403, why);
    } else if (events.isFull()) {
      refuse(
          request,
          503,
          events.listenersMax() == 0
              ? "nobody may watch: see admin.page.listenersMax"
              : events.listenersMax() + " watch already: see admin.page.listenersMax");
    } else {
      stopTimer(request.connection());
      headers(request.response(), 200, "text/event-stream");
      if (authorization.isOfSession(request)) {
        request.response().putHeader(Authorization.OF_SESSION, "1");
      }
      events.begin(request, authorization.holds(request));
    }
  }

  private boolean isForUs(HttpServerRequest request) {
    List<String> hosts = request.headers().getAll("Host");
    return hosts.size() <= 1 && names.accept(hosts.isEmpty() ? null : hosts.get(0));
  }

  private void answer(HttpServerRequest request, Page page) {
    String accept = request.getHeader("Accept");
    MultiMap parameters;
    try {
      parameters = parameters(request);
    } catch (ActionQuery.NonsenseException nonsense) {
      answering.decrementAndGet();
      refuse(request, 400, String.valueOf(nonsense.getMessage()));
      return;
    }
    request.response().exceptionHandler(broken -> log.debug("{}", broken.getMessage()));
    vertx
        .executeBlocking(
            () -> {
              Page.Answer answer = page.answer(accept, parameters);
              return answer.json() instanceof Page.Text text
                  ? new Encoded(answer.status(), Buffer.buffer(text.bytes()), text.contentType())
                  : new Encoded(answer.status(), Json.encodeToBuffer(answer.json()), JSON);
            },
            false)
        .onComplete(done -> answering.decrementAndGet())
        .onSuccess(encoded -> send(request, encoded.status, encoded.body, encoded.contentType))
        .onFailure(
            failure -> {
              log.warn("{} could not be answered", request.path(), failure);
              refuse(request, 500, "the log says why");
            });
  }

  private List<String> paths() {
    Stream<String> live = events == null ? Stream.of() : Stream.of(PageFiles.PAGE, EVENTS);
    return Stream.concat(
            Stream.concat(live, pages.keySet().stream()).sorted(),
            actions.keySet().stream().sorted().map(path -> "POST " + path))
        .toList();
  }

  private void act(HttpServerRequest request, Action action, boolean isPage) {
    String why = origins.refuses(request);
    if (request.method() != HttpMethod.POST) {
      String allowed = isPage ? "GET, POST" : "POST";
      request.response().putHeader("Allow", allowed);
      refuse(request, 405, "only " + allowed);
    } else if (why != null) {
      refuse(request, 403, why);
    } else if (!isRefused(request, authorization.refusesActing(request))) {
      RequestBody.read(request, action.bodyBytesMax())
          .onSuccess(body -> act(request, action, body))
          .onFailure(tooLong -> refuse(request, 413, String.valueOf(tooLong.getMessage())));
    }
  }

  private static void act(HttpServerRequest request, Action action, Buffer body) {
    begin(request, action, body)
        .onSuccess(answer -> done(request, answer))
        .onFailure(
            bug -> {
              log.error("{} could not be done", request.path(), bug);
              refuse(request, 500, "the log says why");
            });
  }

  private static Future<Page.Answer> begin(HttpServerRequest request, Action action, Buffer body) {
    try {
      return action.begin(parameters(request), body);
    } catch (ActionQuery.NonsenseException nonsense) {
      JsonObject error = new JsonObject().put("error", nonsense.getMessage());
      return Future.succeededFuture(new Page.Answer(400, error));
    } catch (RuntimeException bug) {
      return Future.failedFuture(bug);
    }
  }

  private static MultiMap parameters(HttpServerRequest request) {
    try {
      return request.params();
    } catch (IllegalArgumentException noQuery) {
      throw new ActionQuery.NonsenseException(
          "a query that cannot be read: each % in it needs two" + " hexadecimal digits behind it");
    }
  }

  private static String shown(HttpServerRequest request) {
    return Printable.text(request.uri(), LINE_BYTES);
  }

  // What was not understood may be a token that somebody has put there.
  private static void done(HttpServerRequest request, Page.Answer answer) {
    log.info(
        "{} from {}: {} {}",
        answer.status() == 400 ? request.path() : shown(request),
        request.remoteAddress(),
        answer.status(),
        Json.encode(answer.json()));
    send(request, answer.status(), Json.encodeToBuffer(answer.json()));
  }

  private record Encoded(int status, Buffer body, String contentType) {}

  private static void refuse(HttpServerRequest request, int status, String why) {
    send(request, status, new JsonObject().put("error", why).toBuffer());
  }

  // A body is read where an action needs one: whoever sends another, is answered and left.
  private static void send(HttpServerRequest request, int status, Buffer json) {
    send(request, status, json, JSON);
  }

  private static void send(HttpServerRequest request, int status, Buffer body, String contentType) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    boolean sendsMore =
        request.method() != HttpMethod.GET || !request.isEnded() && hasBody(request);
    if (sendsMore) {
      response.putHeader("Connection", "close");
    }
    headers(response, status, contentType)
        .end(body)
        .onComplete(
            sent -> {
              if (sendsMore) {
                request.connection().close();
              }
            });
  }

  private static HttpServerResponse headers(
      HttpServerResponse response, int status, String contentType) {
    return response
        .setStatusCode(status)
        .putHeader("Content-Type", contentType)
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader(
            "Content-Security-Policy", contentType.startsWith(HTML) ? OWN_FILES : NOTHING_LOADS)
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Opener-Policy", "same-origin")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static boolean hasBody(HttpServerRequest request) {
    return request.getHeader("Content-Length") != null
        || request.getHeader("Transfer-Encoding") != null;
  }
}
