package org.nfsproxy.server.fakes;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Somebody who watches a proxy. */
public final class LivePageEvents implements Closeable {
  private final HttpURLConnection connection;
  private final BufferedReader lines;

  private LivePageEvents(int adminPort) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + adminPort + "/events");
    connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setReadTimeout(Eventually.MILLIS_MAX);
    connection.setRequestProperty("X-Requested-With", "a test");
    lines =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Begins to watch.
   *
   * @param adminPort where
   * @return to be closed
   * @throws IOException if it is refused
   */
  public static LivePageEvents of(int adminPort) throws IOException {
    return new LivePageEvents(adminPort);
  }

  /**
   * The first event alone.
   *
   * @param adminPort where
   * @return the event
   * @throws IOException if there is none
   */
  public static JsonObject first(int adminPort) throws IOException {
    try (LivePageEvents events = of(adminPort)) {
      return events.next();
    }
  }

  /**
   * Waits for the next one.
   *
   * @return the event
   * @throws IOException if there is no more
   */
  public JsonObject next() throws IOException {
    String line = lines.readLine();
    while (line != null && !line.startsWith("data: ")) {
      line = lines.readLine();
    }
    if (line == null) {
      throw new IOException("there are no more events");
    }
    return new JsonObject(line.substring("data: ".length()));
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
