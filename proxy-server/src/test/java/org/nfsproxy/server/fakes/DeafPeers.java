package org.nfsproxy.server.fakes;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Peers that ask by HTTP, and read nothing but the first byte of the answer. */
// Their requests have a body without end, of which they send a byte now and then: to Vert.x none is
// idle.
public final class DeafPeers implements Closeable {
  private static final int WINDOW_BYTES = 4096;
  private static final int DRIP_MILLIS = 100;

  private final List<Socket> all = new ArrayList<>();

  /** One more; comes back when the answer has begun. */
  public void ask(int port, String path, String headers) throws IOException {
    String request =
        "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n" + headers;
    Socket socket = new Socket();
    all.add(socket);
    socket.setReceiveBufferSize(WINDOW_BYTES);
    socket.setSoTimeout(Eventually.MILLIS_MAX);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
    if (socket.getInputStream().read() < 0) {
      throw new IOException("it was closed before it was answered");
    }
  }

  /** Waits until all of them were closed, or fails the test. */
  public void awaitClosed() {
    List<Socket> open = new ArrayList<>(all);
    Eventually.eventually(
        "all who read nothing are closed",
        () -> {
          open.removeIf(each -> !takesOneByte(each));
          if (!open.isEmpty()) {
            Eventually.pause(DRIP_MILLIS);
          }
          return open.isEmpty();
        });
  }

  // The end that the peer has sent is behind what is not read; but it answers a byte with a reset.
  private static boolean takesOneByte(Socket socket) {
    try {
      socket.getOutputStream().write('x');
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket each : all) {
      each.close();
    }
  }
}
