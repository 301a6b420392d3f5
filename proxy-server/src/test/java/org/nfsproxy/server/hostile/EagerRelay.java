package org.nfsproxy.server.hostile;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.nfsproxy.server.fakes.RawClient;

/**
 * Puts a probe for TLS in front of what its one client sends first, all in one segment, and keeps
 * the answer to the probe for itself. What the server sends from then on is kept.
 */
final class EagerRelay implements Closeable {
  private static final int GRANTED_BYTES = 36;

  private final ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final RawClient server;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

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
      Thread back = new Thread(() -> copyBack(client), "relay-back");
      back.setDaemon(true);
      back.start();
      copy(client, server.socket());
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  private void copyBack(Socket client) {
    byte[] piece = new byte[1 << 16];
    try {
      InputStream in = server.socket().getInputStream();
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        synchronized (sent) {
          sent.write(piece, 0, length);
        }
        client.getOutputStream().write(piece, 0, length);
      }
      client.shutdownOutput();
    } catch (IOException ended) {
      // The test is over, or says itself what is missing.
    }
  }

  /** How long the last TLS record is that the server sent, without its header. */
  int lastRecordBytes() {
    ByteBuffer all;
    synchronized (sent) {
      all = ByteBuffer.wrap(sent.toByteArray());
    }
    int length = 0;
    while (all.remaining() > 5) {
      length = all.getShort(all.position() + 3) & 0xffff;
      all.position(all.position() + 5 + length);
    }
    return length;
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
