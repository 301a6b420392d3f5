package org.nfsproxy.server.fakes;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server that answers each request with the same bytes, and ends the connection. */
public final class FakeHttp implements Closeable {
  private final ServerSocket listening;
  private final byte[] answer;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Thread thread = new Thread(this::serve, "fake http");

  private FakeHttp(String answer) throws IOException {
    this.listening = new ServerSocket(0, 16, InetAddress.getByName("127.0.0.1"));
    this.answer = answer.getBytes(StandardCharsets.UTF_8);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Begins to serve.
   *
   * @param answer all of it, with its head
   * @return the server
   * @throws IOException if there is no port
   */
  public static FakeHttp answering(String answer) throws IOException {
    return new FakeHttp(answer);
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        requests.add(head(socket.getInputStream()));
        socket.getOutputStream().write(answer);
        socket.shutdownOutput();
        while (socket.getInputStream().read() >= 0) {
          // until the other side has ended
        }
      } catch (IOException ended) {
        // by the client, which may hang up, or by close()
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /**
   * Where it is.
   *
   * @return a URL
   */
  public String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /**
   * How often it was asked.
   *
   * @return requests
   */
  public int requests() {
    return requests.size();
  }

  /**
   * What it was asked.
   *
   * @param i 0 for the first
   * @return the request's head
   */
  public String request(int i) {
    return requests.get(i);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
