package org.nfsproxy.server.admin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.access.AdminToken;
import org.nfsproxy.server.access.FailedTries;
import org.nfsproxy.server.access.Sessions;
import org.nfsproxy.server.configuration.AdminAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a request has what it needs: the token (RFC 6750, {@code Authorization: Bearer}), or to
 * read, the session of a browser that has shown it. Used on the event loop of the admin pages.
 */
// A session never acts. So whatever a page of another site makes a browser send, nothing is done:
// the header it would need it cannot send without asking first, which nobody here answers.
//
// A token that came in the clear from another machine is not looked at: who answers "wrong" or
// "right" to it would serve those who guess, and who uses it would not learn that it has leaked.
final class Authorization {
  /** Where a browser shows the token. */
  static final String LOGIN = "/login";

  /** Where it gives its session back. */
  static final String LOGOUT = "/logout";

  /** Says on an answer that it was for a session, so that the page can offer to end it. */
  static final String OF_SESSION = "Nfs-Proxy-Session";

  private static final Logger log = LoggerFactory.getLogger(Authorization.class);

  /** Supervisors and balancers ask for these, and learn whether there is a proxy. */
  private static final Set<String> OPEN =
      Set.of("/health/live", "/health/ready", "/health/accepting");

  private static final String SCHEME = "bearer ";
  private static final String HOW = "as `Authorization: Bearer TOKEN`";
  private static final String CHALLENGE = "Bearer realm=\"nfs-proxy\"";
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final long MILLIS = 1000;

  /**
   * What a request lacks.
   *
   * @param headers of the answer
   * @param isLate whether that waits, so that who guesses does
   */
  record Refusal(int status, String why, Map<String, String> headers, boolean isLate) {
    Refusal(int status, String why, Map<String, String> headers) {
      this(status, why, headers, false);
    }
  }

  /**
   * What a browser is told.
   *
   * @param cookie to set
   */
  record Told(Page.Answer answer, String cookie) {}

  private final @Nullable AdminToken token;
  private final boolean isEncrypted;
  private final AdminAccess settings;
  private final Sessions sessions;
  private final FailedTries failures;
  private final SessionCookie cookie;
  private final LongSupplier nowMillis;
  private final Predicate<SocketAddress> isHere;

  /**
   * For a guard.
   *
   * @param port tells this proxy's sessions from another one's on the machine
   * @param isHere whether an address is this machine's
   */
  Authorization(
      Guard guard,
      AdminAccess settings,
      int port,
      LongSupplier nowMillis,
      Predicate<SocketAddress> isHere) {
    this.token = guard.token();
    this.isEncrypted = guard.tls() != null;
    this.settings = settings;
    this.sessions = new Sessions(settings.sessionsMax(), settings.sessionMillis());
    this.failures = new FailedTries(settings.failuresMax(), settings.addressesMax());
    this.cookie = new SessionCookie(port, isEncrypted);
    this.nowMillis = nowMillis;
    this.isHere = isHere;
  }

  /** Whether browsers have sessions here. */
  boolean hasSessions() {
    return token != null && settings.tokenForReading();
  }

  /** Whether it is one that costs nothing, and that a supervisor restarts the process by. */
  static boolean isHealth(HttpServerRequest request) {
    return OPEN.contains(request.path());
  }

  /** What a request lacks to act; null if nothing. */
  @Nullable Refusal refusesActing(HttpServerRequest request) {
    return token == null ? null : withoutToken(request, token);
  }

  /** What a request lacks to read; null if nothing. */
  @Nullable Refusal refusesReading(HttpServerRequest request) {
    if (token == null || !settings.tokenForReading() || isHealth(request)) {
      return null;
    }
    return openSession(request, token) == null ? withoutToken(request, token) : inClear(request);
  }

  /**
   * Whether what a request had goes on to hold, for an answer that has no end.
   *
   * @param request one that may read
   */
  BooleanSupplier holds(HttpServerRequest request) {
    AdminToken own = token;
    if (own == null || !settings.tokenForReading()) {
      return () -> true;
    }
    String session = openSession(request, own);
    int shown = shown(request, own);
    return session == null
        ? () -> own.generation() == shown
        : () -> sessions.isOpen(session, nowMillis.getAsLong(), own.generation());
  }

  // The token may have become another one since it was looked at, and this is what it is now.
  private static int shown(HttpServerRequest request, AdminToken own) {
    String given = bearer(request);
    return given == null ? AdminToken.NONE : own.generationOf(given);
  }

  /** Whether a request has a session that is open. */
  boolean isOfSession(HttpServerRequest request) {
    return hasSessions() && token != null && openSession(request, token) != null;
  }

  private @Nullable String openSession(HttpServerRequest request, AdminToken own) {
    for (String each : cookie.of(request)) {
      if (sessions.isOpen(each, nowMillis.getAsLong(), own.generation())) {
        return each;
      }
    }
    return null;
  }

  /** Why a browser may not begin a session; null if it may, as {@link #begin} does. */
  @Nullable Refusal refusesLogin(HttpServerRequest request) {
    Refusal elsewhere = refusesLogout(request);
    return elsewhere == null ? refusesActing(request) : elsewhere;
  }

  /** Why a browser may not end its session; null if it may. */
  @Nullable Refusal refusesLogout(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    boolean isOwn =
        (site == null || site.equals("same-origin"))
            && (origin == null || origin.endsWith("//" + request.getHeader("Host")));
    return isOwn ? null : new Refusal(FORBIDDEN, "not from another site", Map.of());
  }

  /** Begins a session; one that is not open, if the token has become another one meanwhile. */
  Told begin(HttpServerRequest request) {
    long now = nowMillis.getAsLong();
    String session = sessions.begin(now, token == null ? AdminToken.NONE : shown(request, token));
    log.info("a browser at {} has begun a session", request.remoteAddress().hostAddress());
    long seconds = settings.sessionMillis() / MILLIS;
    return new Told(
        new Page.Answer(200, new JsonObject().put("seconds", seconds)),
        cookie.begin(session, seconds));
  }

  /** Ends the sessions that a request names. */
  Told end(HttpServerRequest request) {
    cookie.of(request).forEach(sessions::end);
    return new Told(new Page.Answer(200, new JsonObject().put("seconds", 0)), cookie.end());
  }

  private @Nullable Refusal inClear(HttpServerRequest request) {
    return isEncrypted || isHere.test(request.remoteAddress())
        ? null
        : new Refusal(
            FORBIDDEN,
            "needs a token, and from another machine none is taken in the clear: see admin.tls",
            Map.of());
  }

  private @Nullable Refusal withoutToken(HttpServerRequest request, AdminToken own) {
    Refusal inClear = inClear(request);
    if (inClear != null) {
      return inClear;
    }
    String given = bearer(request);
    if (given == null) {
      return unauthorized("needs the token of admin.tokenFile, " + HOW, "");
    }
    long now = nowMillis.getAsLong();
    return own.is(given) ? null : wrong(ThisMachinesAddress.of(request.remoteAddress()), now);
  }

  // The right one is taken at once, whoever else is at its address (docs/decisions/0114).
  private Refusal wrong(InetAddress address, long now) {
    long waitMillis = failures.waitMillis(address, now);
    if (waitMillis > 0) {
      long seconds = (waitMillis + MILLIS - 1) / MILLIS;
      return new Refusal(
          TOO_MANY,
          "not the token of admin.tokenFile, and too many wrong ones from this address",
          Map.of("Retry-After", String.valueOf(seconds)),
          true);
    }
    if (failures.failed(address, now)) {
      log.warn(
          "{} has sent {} wrong tokens; until a minute after the first of them each further one is"
              + " answered after a second (admin.login.failuresMax)",
          address.getHostAddress(),
          settings.failuresMax());
    }
    return unauthorized("not the token of admin.tokenFile", ", error=\"invalid_token\"");
  }

  private static Refusal unauthorized(String why, String error) {
    return new Refusal(UNAUTHORIZED, why, Map.of("WWW-Authenticate", CHALLENGE + error));
  }

  // Two of them may be what somebody on the way has added.
  private static @Nullable String bearer(HttpServerRequest request) {
    List<String> headers = request.headers().getAll("Authorization");
    if (headers.size() != 1) {
      return null;
    }
    String header = headers.get(0);
    return header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? header.substring(SCHEME.length()).strip()
        : null;
  }
}
