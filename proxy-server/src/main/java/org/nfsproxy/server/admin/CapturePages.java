package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.admin.Page.Answer;
import org.nfsproxy.server.capture.Captures;

/** The next calls of one client, decoded: begun by a POST, read by a GET. */
public final class CapturePages {
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;
  private static final int UNAVAILABLE = 503;
  private static final int CALLS = 100;
  private static final int SECONDS = 60;
  private static final int MILLIS = 1000;
  private static final String FORM = "/capture?address=10.0.0.7&calls=100&seconds=60";

  private CapturePages() {}

  /**
   * The page.
   *
   * @param captures null if calls are not counted
   */
  public static Page page(@Nullable Captures captures) {
    return () -> {
      JsonObject known = captures == null ? null : captures.json();
      return known == null
          ? new Answer(NOT_FOUND, error("nothing was captured; POST " + FORM + " begins one"))
          : new Answer(OK, known);
    };
  }

  /**
   * Begins a capture.
   *
   * @param captures null if calls are not counted
   * @return takes an address, how many calls and how many seconds
   */
  public static Action begin(@Nullable Captures captures) {
    return parameters -> {
      ActionQuery query = new ActionQuery(parameters, FORM, Set.of("address", "calls", "seconds"));
      if (captures == null) {
        return Future.succeededFuture(new Answer(UNAVAILABLE, error("metrics.enabled is false")));
      }
      InetAddress client = query.address("address");
      int calls = query.number("calls", CALLS, captures.bounds().callsMax(), "capture.callsMax");
      int secondsMax = Math.max(1, captures.bounds().millisMax() / MILLIS);
      int seconds =
          query.number("seconds", Math.min(SECONDS, secondsMax), secondsMax, "capture.millisMax");
      JsonObject begun = captures.begin(client, calls, seconds * MILLIS);
      return Future.succeededFuture(
          begun == null
              ? new Answer(
                  CONFLICT,
                  error(
                      "one at a time, and there is one of %s; POST /capture/stop ends it"
                          .formatted(captures.running())))
              : new Answer(ACCEPTED, begun));
    };
  }

  /**
   * Ends the capture that runs.
   *
   * @param captures null if calls are not counted
   */
  public static Action stop(@Nullable Captures captures) {
    return parameters -> {
      new ActionQuery(parameters, "/capture/stop", Set.of());
      boolean stopped = captures != null && captures.stop();
      return Future.succeededFuture(
          stopped
              ? new Answer(ACCEPTED, new JsonObject().put("running", false))
              : new Answer(NOT_FOUND, error("no capture is running")));
    };
  }

  private static JsonObject error(String text) {
    return new JsonObject().put("error", text);
  }
}
