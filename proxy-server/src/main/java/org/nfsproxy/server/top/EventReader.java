package org.nfsproxy.server.top;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.nfsproxy.server.text.Printable;

/** The events of a proxy, one after the other. */
// Whoever answers is a stranger: how long he may take and how much he may send is bounded, and his
// words are made harmless before they are told.
final class EventReader implements Closeable {
  static final int CONNECT_MILLIS = 5_000;

  /** More than the time between two events, which is 5 seconds at most. */
  static final int SILENCE_MILLIS = 8_000;

  private static final int EVENT_BYTES_MAX = 8 << 20;
  private static final int ERROR_BYTES_MAX = 4096;
  private static final int WORDS_MAX = 300;
  private static final String DATA = "data: ";

  private final HttpURLConnection connection;
  private final InputStream in;

  private EventReader(HttpURLConnection connection, InputStream in) {
    this.connection = connection;
    this.in = in;
  }

  /**
   * Begins to watch.
   *
   * @param base where the proxy's pages are, with a slash at the end
   * @param access the files with the token and the CA
   * @throws IOException if nobody answers, or who answers has no events; the message says what
   */
  static EventReader open(URI base, TopAccess access) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) base.resolve("events").toURL().openConnection(Proxy.NO_PROXY);
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(SILENCE_MILLIS);
    connection.setRequestProperty("Accept", "text/event-stream");
    connection.setRequestProperty("X-Requested-With", "top");
    access.prepare(connection);
    try {
      int status = connection.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw new IOException(refusal(connection, status));
      }
      String type = String.valueOf(connection.getContentType());
      if (!type.startsWith("text/event-stream")) {
        throw new IOException("what answers there is no nfs-proxy: it sends " + words(type));
      }
      return new EventReader(connection, new BufferedInputStream(connection.getInputStream()));
    } catch (IOException failed) {
      connection.disconnect();
      throw failed;
    }
  }

  private static String refusal(HttpURLConnection connection, int status) throws IOException {
    try (InputStream error = connection.getErrorStream()) {
      String text =
          error == null
              ? ""
              : new String(error.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
      Object said = text.startsWith("{") ? new JsonObject(text).getValue("error") : null;
      return status == HttpURLConnection.HTTP_NOT_FOUND
          ? "what answers there has no live page: no nfs-proxy, or metrics.enabled is false there"
          : status == HttpURLConnection.HTTP_UNAUTHORIZED
              ? "it wants the token of its admin.tokenFile: --token-file FILE"
              : said instanceof String why ? words(why) : "it answers with HTTP status " + status;
    } catch (DecodeException noJson) {
      return "it answers with HTTP status " + status;
    }
  }

  private static String words(String text) {
    return Printable.text(text, WORDS_MAX);
  }

  /**
   * Waits for the next event.
   *
   * @throws IOException if there is none in time, or no more at all
   */
  JsonObject next() throws IOException {
    while (true) {
      String line = line();
      if (line.startsWith(DATA)) {
        try {
          return new JsonObject(line.substring(DATA.length()));
        } catch (DecodeException nonsense) {
          throw new IOException("what answers there is no nfs-proxy: no JSON in an event");
        }
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 14);
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new EOFException("it has ended the connection");
      }
      if (line.size() >= EVENT_BYTES_MAX) {
        throw new IOException("an event of more than " + EVENT_BYTES_MAX + " bytes");
      }
      line.write(each);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
