package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the administrator's pages by HTTP/1.1: GET, JSON, nothing that changes anything. A port
 * that cannot be had is told in the log and is no failure.
 */
// It stands beside the proxy's work and must not harm it: pages are made on a worker, few at a
// time;
// connections are few and live shortly, whatever they send or do not read. Serving NFS without a
// list of exports is better than not serving it, so a second proxy on a machine, with the same
// configuration, starts without this and says so.
public final class AdminListener {
  /** A balancer's checks and an administrator or two. */
  static final int CONNECTIONS_MAX = 32;

  /** Requests that are answered at once; a list of all exports may be tens of megabytes. */
  static final int ANSWERING_MAX = 4;

  /** Within it a slow client must have asked and read; checkers connect anew. */
  private static final long CONNECTION_MILLIS = 30_000;

  private static final int IDLE_SECONDS = 10;
  private static final int LINE_BYTES = 1024;
  private static final int HEADER_BYTES = 4096;

  private static final Logger log = LoggerFactory.getLogger(AdminListener.class);

  private final Vertx vertx;
  private final Map<String, Page> pages;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger answering = new AtomicInteger();
  private HttpServer server;

  private AdminListener(Vertx vertx, Map<String, Page> pages) {
    this.vertx = vertx;
    this.pages = pages;
  }

  /**
   * Begins to serve.
   *
   * @param vertx the runtime
   * @param host an address of this machine, or a name
   * @param port TCP port; 0 for any
   * @param pages path to page
   * @return the listener; does not fail
   */
  public static Future<AdminListener> start(
      Vertx vertx, String host, int port, Map<String, Page> pages) {
    return start(vertx, host, port, pages, CONNECTION_MILLIS);
  }

  static Future<AdminListener> start(
      Vertx vertx, String host, int port, Map<String, Page> pages, long connectionMillis) {
    AdminListener listener = new AdminListener(vertx, pages);
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
            .connectionHandler(connection -> listener.accept(connection, connectionMillis))
            .invalidRequestHandler(request -> refuse(request, 400, "not HTTP as it is spoken here"))
            .requestHandler(listener::answer);
    return server
        .listen(port, host)
        .map(
            listening -> {
              listener.server = listening;
              log.info("admin pages on {} port {}", host, listening.actualPort());
              return listener;
            })
        .otherwise(
            failure -> {
              log.warn(
                  "no admin pages on {} port {}: {}. Clients are served all the same; set admin.port"
                      + " to a free port, or admin.enabled to false",
                  host,
                  port,
                  failure.getMessage());
              return listener;
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
    boolean tooMany = connections.incrementAndGet() > CONNECTIONS_MAX;
    long timer = vertx.setTimer(connectionMillis, late -> connection.close());
    connection.closeHandler(
        closed -> {
          connections.decrementAndGet();
          vertx.cancelTimer(timer);
        });
    if (tooMany) {
      connection.close();
    }
  }

  private void answer(HttpServerRequest request) {
    Page page = pages.get(request.path());
    if (page == null) {
      refuse(
          request, 404, "there is " + String.join(", ", pages.keySet().stream().sorted().toList()));
    } else if (request.method() != HttpMethod.GET) {
      request.response().putHeader("Allow", "GET");
      refuse(request, 405, "only GET");
    } else if (answering.incrementAndGet() > ANSWERING_MAX) {
      answering.decrementAndGet();
      refuse(request, 503, "busy with other requests");
    } else {
      answer(request, page);
    }
  }

  private void answer(HttpServerRequest request, Page page) {
    request.response().exceptionHandler(broken -> log.debug("{}", broken.getMessage()));
    vertx
        .executeBlocking(
            () -> {
              Page.Answer answer = page.answer();
              return new Encoded(answer.status(), Json.encodeToBuffer(answer.json()));
            },
            false)
        .onComplete(done -> answering.decrementAndGet())
        .onSuccess(encoded -> send(request, encoded.status, encoded.json))
        .onFailure(
            failure -> {
              log.warn("{} could not be answered", request.path(), failure);
              refuse(request, 500, "the log says why");
            });
  }

  private record Encoded(int status, Buffer json) {}

  private static void refuse(HttpServerRequest request, int status, String why) {
    send(request, status, new JsonObject().put("error", why).toBuffer());
  }

  // A body is not read: whoever sends one, is answered and left.
  private static void send(HttpServerRequest request, int status, Buffer json) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    boolean sendsMore =
        request.method() != HttpMethod.GET || !request.isEnded() && hasBody(request);
    if (sendsMore) {
      response.putHeader("Connection", "close");
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(json)
        .onComplete(
            sent -> {
              if (sendsMore) {
                request.connection().close();
              }
            });
  }

  private static boolean hasBody(HttpServerRequest request) {
    return request.getHeader("Content-Length") != null
        || request.getHeader("Transfer-Encoding") != null;
  }
}
