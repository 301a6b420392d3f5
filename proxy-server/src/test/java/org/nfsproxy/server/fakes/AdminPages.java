package org.nfsproxy.server.fakes;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** The administrator's pages of a proxy under test. */
public final class AdminPages {
  /**
   * What a page said.
   *
   * @param status of HTTP
   * @param body as text
   */
  public record Answer(int status, String body) {}

  private AdminPages() {}

  /**
   * Asks for a page, or for an action.
   *
   * @param proxy whose; its section {@code admin} has a port
   * @param method of HTTP
   * @param path with query
   * @return the answer, whatever its status
   * @throws IOException if there was none
   */
  public static Answer ask(ProxyUnderTest proxy, String method, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + proxy.adminPort() + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setRequestMethod(method);
    connection.setReadTimeout(Eventually.MILLIS_MAX);
    int status = connection.getResponseCode();
    try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Answer(status, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
