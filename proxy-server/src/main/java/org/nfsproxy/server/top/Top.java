package org.nfsproxy.server.top;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a running proxy does: once, as text or JSON, or again and again in a terminal. */
public final class Top {
  /** It was shown. */
  private static final int SHOWN = 0;

  /** Nobody answers, or no proxy does. */
  private static final int NOBODY = 1;

  private static final int ONCE_SECONDS = 20;

  /** Wider than any table. */
  private static final int ALL_COLUMNS = 100_000;

  private Top() {}

  /**
   * Shows what flowed in one stretch between two events, as a table.
   *
   * @param settings which proxy, and what of it
   * @param out where it is shown
   * @param err where it is told that nobody answers
   * @return 0, or 1 if nobody answers
   */
  public static int once(TopSettings settings, PrintWriter out, PrintWriter err) {
    return told(
        settings,
        err,
        event -> {
          TopView view = settings.view();
          TopLines.head(event, view, ALL_COLUMNS).forEach(out::println);
          out.println();
          TopLines.table(event, view, ALL_COLUMNS).forEach(out::println);
          long shown = view.table().rows(event).size();
          if (shown < view.table().of(event)) {
            out.println("the " + shown + " busiest of " + view.table().of(event));
          }
        });
  }

  /**
   * Shows the same as JSON: the whole event.
   *
   * @param settings which proxy
   * @param out where it is shown
   * @param err where it is told that nobody answers
   * @return 0, or 1 if nobody answers
   */
  public static int json(TopSettings settings, PrintWriter out, PrintWriter err) {
    return told(settings, err, event -> out.println(event.encode()));
  }

  private interface Shown {
    void show(JsonObject event);
  }

  private static int told(TopSettings settings, PrintWriter err, Shown shown) {
    try {
      shown.show(eventWithRates(settings));
      return SHOWN;
    } catch (IOException failed) {
      err.println(nobody(settings, failed));
      return NOBODY;
    }
  }

  static String nobody(TopSettings settings, IOException why) {
    if (why instanceof TopAccess.UnfitException unfit) {
      return String.valueOf(unfit.getMessage());
    }
    String certificate = RefusedCertificate.words(why, settings.access().ca());
    if (certificate != null) {
      return "what answers at " + settings.base() + " is not asked: " + certificate;
    }
    String said = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    String message = why instanceof UnknownHostException ? "nobody knows the name " + said : said;
    return "no proxy answers at %s: %s. Is it admin.host and admin.port of a proxy that runs?%s"
        .formatted(settings.base(), message.replaceAll("\\.$", ""), byHttps(settings, why));
  }

  // Who has taken the connection, and does not speak HTTP, may speak HTTPS.
  private static String byHttps(TopSettings settings, IOException why) {
    boolean isThere =
        !(why instanceof UnknownHostException
            || why instanceof ConnectException
            || why instanceof NoRouteToHostException);
    return isThere && "http".equals(settings.base().getScheme())
        ? " With admin.tls its URL begins with https://, and --ca FILE names who signed its"
            + " certificate"
        : "";
  }

  // The first event has no rates if nobody else watches. A server that trickles has a bound too.
  private static JsonObject eventWithRates(TopSettings settings) throws IOException {
    ExecutorService reading =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "top");
              thread.setDaemon(true);
              return thread;
            });
    try {
      return reading
          .submit(
              () -> {
                try (EventReader events = EventReader.open(settings.base(), settings.access())) {
                  JsonObject event = events.next();
                  while (event.getValue("seconds") == null) {
                    event = events.next();
                  }
                  return event;
                }
              })
          .get(ONCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException told
          ? told
          : new IOException(String.valueOf(failed.getCause()), failed.getCause());
    } catch (TimeoutException late) {
      throw new IOException("no event in " + ONCE_SECONDS + " s", late);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", ended);
    } finally {
      reading.shutdownNow();
    }
  }

  /**
   * Shows it in this process's terminal until somebody quits.
   *
   * @param settings which proxy, and what of it first
   * @param err where it is told that there is no terminal
   * @return 0; 2 if there is no terminal
   */
  public static int interactive(TopSettings settings, PrintWriter err) {
    return TopTerminal.run(settings, err);
  }
}
