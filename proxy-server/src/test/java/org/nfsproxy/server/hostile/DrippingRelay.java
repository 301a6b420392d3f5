package org.nfsproxy.server.hostile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes the bytes of its one client on, each in a segment of its own, and what comes back. */
final class DrippingRelay implements Closeable {
  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Socket server;

  DrippingRelay(int port) throws IOException {
    server = new Socket(InetAddress.getLoopbackAddress(), port);
    server.setTcpNoDelay(true);
    begin(this::run);
  }

  int port() {
    return listening.getLocalPort();
  }

  private static void begin(Runnable work) {
    Thread thread = new Thread(work, "dripping");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try (Socket client = listening.accept()) {
      begin(() -> copy(server, client, 1 << 16));
      copy(client, server, 1);
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  private static void copy(Socket from, Socket to, int most) {
    byte[] piece = new byte[most];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        out.write(piece, 0, length);
      }
    } catch (IOException ended) {
      // The same.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    server.close();
  }
}
