package org.nfsproxy.server.fakes;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A TCP server that behaves as a test tells it, connection by connection. */
// One thread for each connection, which runs the script. An IOException ends a script in order: its
// peer closed. Anything else is the test's own failure, and close() throws it.
public final class FakeOrigin implements Closeable {
  private static final int BACKLOG = 256;

  /** What an origin does with a connection. */
  public interface Script {
    /**
     * Serves a connection; it is closed when this returns.
     *
     * @param connection the connection
     * @throws IOException if it broke
     */
    void serve(FakeOriginConnection connection) throws IOException;
  }

  private final ServerSocket listening;
  private final Script script;
  private final List<FakeOriginConnection> accepted = new CopyOnWriteArrayList<>();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final Thread accepting = daemon("fake origin", this::accept);

  private FakeOrigin(ServerSocket listening, Script script) {
    this.listening = listening;
    this.script = script;
  }

  /**
   * Starts an origin.
   *
   * @param script how it behaves
   * @return the origin
   * @throws IOException if it cannot listen
   */
  public static FakeOrigin start(Script script) throws IOException {
    return startAt(0, script);
  }

  /**
   * Starts an origin at a port.
   *
   * @param port at the loopback address
   * @param script how it behaves
   * @return the origin
   * @throws IOException if it cannot listen
   */
  public static FakeOrigin startAt(int port, Script script) throws IOException {
    ServerSocket listening = new ServerSocket();
    listening.setReuseAddress(true);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    FakeOrigin origin = new FakeOrigin(listening, script);
    origin.accepting.start();
    return origin;
  }

  /**
   * A port at which nobody listens.
   *
   * @return the port; free a moment ago
   * @throws IOException if there is none
   */
  public static int refusingPort() throws IOException {
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return unused.getLocalPort();
    }
  }

  /**
   * Where it listens.
   *
   * @return the port at the loopback address
   */
  public int port() {
    return listening.getLocalPort();
  }

  /**
   * Connections so far.
   *
   * @return how many were accepted
   */
  public int accepted() {
    return accepted.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        FakeOriginConnection connection = new FakeOriginConnection(socket, accepted.size());
        accepted.add(connection);
        daemon("fake origin " + connection.number(), () -> serve(connection)).start();
      }
    } catch (IOException closed) {
      return;
    }
  }

  private void serve(FakeOriginConnection connection) {
    try (connection) {
      script.serve(connection);
    } catch (IOException peerClosed) {
      return;
    } catch (RuntimeException | Error failure) {
      failures.add(failure);
    }
  }

  private static Thread daemon(String name, Runnable run) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Accepts nobody any more; who is connected stays so.
   *
   * @throws IOException if it cannot
   */
  // The kernel listens on for as long as the thread is in accept: one more may still be served.
  public void stopListening() throws IOException {
    listening.close();
    try {
      accepting.join(Eventually.MILLIS_MAX);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    stopListening();
    for (FakeOriginConnection connection : accepted) {
      connection.close();
    }
    if (!failures.isEmpty()) {
      throw new AssertionError("the script of the origin failed", failures.get(0));
    }
  }
}
