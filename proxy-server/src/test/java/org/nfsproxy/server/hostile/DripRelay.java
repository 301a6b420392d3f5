package org.nfsproxy.server.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import org.nfsproxy.server.fakes.FakeOrigin;

/** Stands before an origin, and passes what that sends on byte by byte, each in a segment. */
final class DripRelay implements Closeable {
  private final FakeOrigin listening;

  DripRelay(int port) throws IOException {
    listening =
        FakeOrigin.start(
            connection -> {
              try (Socket origin = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread there =
                    new Thread(() -> copy(connection.socket(), origin, 1 << 16), "relay there");
                there.setDaemon(true);
                there.start();
                copy(origin, connection.socket(), 1);
              }
            });
  }

  int port() {
    return listening.port();
  }

  private static void copy(Socket from, Socket to, int piece) {
    byte[] bytes = new byte[piece];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        out.write(bytes, 0, length);
      }
      to.close();
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
