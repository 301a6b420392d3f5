package org.nfsproxy.server.cache.fleet;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;

/** Somebody on the way between two instances, who does what he likes to what they say. */
final class Meddler implements AutoCloseable {
  /** What is done to a record. */
  interface Trick {
    /**
     * Does it.
     *
     * @param record with its marker
     * @param on the way on
     * @param back the way back
     */
    void play(byte[] record, OutputStream on, OutputStream back) throws IOException;
  }

  private static final int DATA_BYTES = 4096;
  private static final int MARKER = 4;

  private final int port;
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** What is done to the next record that has data; once. */
  final AtomicReference<Trick> next = new AtomicReference<>();

  /** In front of an instance that listens at a port. */
  Meddler(int port) throws IOException {
    this.port = port;
    begin(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void begin(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException over) {
                return;
              }
            },
            "meddler");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket one = server.accept();
      Socket other = new Socket(InetAddress.getLoopbackAddress(), port);
      sockets.add(one);
      sockets.add(other);
      begin(() -> pass(one, other));
      begin(() -> pass(other, one));
    }
  }

  private void pass(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      while (true) {
        int marker = in.readInt();
        byte[] record = new byte[MARKER + (marker & 0x7fffffff)];
        ByteBuffer.wrap(record).putInt(marker);
        in.readFully(record, MARKER, record.length - MARKER);
        Trick trick = record.length > DATA_BYTES ? next.getAndSet(null) : null;
        if (trick == null) {
          to.getOutputStream().write(record);
        } else {
          trick.play(record, to.getOutputStream(), from.getOutputStream());
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket each : sockets) {
      each.close();
    }
  }
}
