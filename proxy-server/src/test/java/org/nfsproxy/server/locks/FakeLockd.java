package org.nfsproxy.server.locks;

import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * A lock manager, a status monitor and a portmapper, all at one port of one loopback address: the
 * origin's, or a client's. Keeps what it is called, and answers what a test says.
 */
final class FakeLockd implements Closeable {
  /**
   * A call that came.
   *
   * @param from the caller
   * @param bytes the whole message
   */
  record Came(InetAddress from, Call call, byte[] bytes) {
    /** The arguments from their first byte on. */
    XdrReader arguments() {
      return new XdrReader().reset(Unpooled.wrappedBuffer(bytes), call.argumentsAt(), call.end());
    }

    int procedure() {
      return call.procedure();
    }

    /** The uid of its AUTH_SYS credential. */
    int uid() {
      int at = call.credentialAt();
      XdrReader in =
          new XdrReader().reset(Unpooled.wrappedBuffer(bytes), at, at + call.credentialLength());
      in.int32();
      in.opaque(255);
      return in.int32();
    }
  }

  private static final int PORTMAP = 100000;

  private final ServerSocket server;
  private final Thread accepting;
  private final List<LockSocket> connections = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Came> came = new LinkedBlockingQueue<>();
  private final Semaphore ended = new Semaphore(0);

  /** What a call is answered: writes the results; null for silence. */
  volatile Function<Came, Consumer<XdrWriter>> answers = call -> out -> {};

  FakeLockd(String address, int port) throws IOException {
    server = new ServerSocket(port, 50, InetAddress.getByName(address));
    accepting = thread(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  InetAddress address() {
    return server.getInetAddress();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "fake-lockd");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() {
    try {
      while (true) {
        LockSocket connection = new LockSocket(server.accept());
        connections.add(connection);
        thread(() -> serve(connection));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private void serve(LockSocket connection) {
    Set<ByteBuffer> answered = new HashSet<>();
    try {
      for (byte[] bytes = connection.receive(); bytes != null; bytes = connection.receive()) {
        answer(connection, bytes, answered);
      }
    } catch (RuntimeException closed) {
      connection.close();
    } finally {
      ended.release();
    }
  }

  /** Waits until whoever called has closed so many connections. */
  void awaitEnded(int connections) throws InterruptedException {
    if (!ended.tryAcquire(connections, 20, TimeUnit.SECONDS)) {
      throw new AssertionError("connections stay");
    }
  }

  // A call whose reply takes a second is sent again, and a busy machine takes it: what was answered
  // on a connection is answered there again, and is no further call that came.
  private void answer(LockSocket connection, byte[] bytes, Set<ByteBuffer> answered) {
    Call call = new Call();
    call.read(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    if (call.program() == PORTMAP) {
      connection.send(LockSocket.reply(call.xid(), out -> out.int32(port())));
      return;
    }
    Came one = new Came(connection.peer(), call, bytes);
    Consumer<XdrWriter> results = answers.apply(one);
    if (!answered.contains(ByteBuffer.wrap(bytes))) {
      came.add(one);
    }
    if (results != null) {
      answered.add(ByteBuffer.wrap(bytes));
      connection.send(LockSocket.reply(call.xid(), results));
    }
  }

  /** The next call that came; fails if none does. */
  Came next() throws InterruptedException {
    Came next = came.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no call came");
    }
    return next;
  }

  /** Whether no call is there that was not taken. */
  boolean isQuiet() {
    return came.isEmpty();
  }

  /** Ends all connections, as a restart does. */
  void drop() {
    connections.forEach(LockSocket::close);
    connections.clear();
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      accepting.join(10_000); // until then the kernel listens on
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    drop();
  }
}
