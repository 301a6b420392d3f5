package org.nfsproxy.server.hostile;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.nfsproxy.server.fakes.RawClient;

/**
 * Puts a probe for TLS in front of what its one client sends first, all in one segment, and keeps
 * the answer to the probe for itself.
 */
final class EagerRelay implements Closeable {
  private static final int GRANTED_BYTES = 36;

  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final RawClient server;

  EagerRelay(int port, byte[] probe) throws IOException {
    server = RawClient.connect(port);
    Thread relay = new Thread(() -> run(probe), "relay");
    relay.setDaemon(true);
    relay.start();
  }

  int port() {
    return listening.getLocalPort();
  }

  private void run(byte[] probe) {
    try (Socket client = listening.accept()) {
      byte[] first = new byte[1 << 16];
      int length = client.getInputStream().read(first);
      ByteArrayOutputStream segment = new ByteArrayOutputStream();
      segment.write(probe);
      segment.write(first, 0, length);
      server.send(segment.toByteArray());
      server.bytes(GRANTED_BYTES);
      Thread back = new Thread(() -> copy(server.socket(), client), "relay-back");
      back.setDaemon(true);
      back.start();
      copy(client, server.socket());
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    server.close();
  }
}
