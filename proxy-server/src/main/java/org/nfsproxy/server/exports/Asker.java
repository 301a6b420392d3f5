package org.nfsproxy.server.exports;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for an answer of the origin: a client's connection, or the proxy itself. May be used by
 * any thread.
 */
// The gate shares out by client, and among a client's connections by connection. Once a connection
// has left, what it alone waits for is not asked any more.
public final class Asker {
  /** The proxy's own looks at the origin, for everybody. */
  static final Asker OWN = new Asker(null, 0, "the proxy");

  /** Questions that replies give rise to: in a line of their own, since clients cause them. */
  static final Asker DOUBTS = new Asker(null, 0, "what replies say");

  private final @Nullable InetAddress address;
  private final int port;
  private final Object client;
  private volatile boolean left;

  /**
   * A connection.
   *
   * @param address the client's; all connections with it are one client's
   */
  public Asker(InetAddress address) {
    this(address, 0);
  }

  /**
   * A connection that can be told from others of its client.
   *
   * @param address the client's; all connections with it are one client's
   */
  public Asker(InetAddress address, int port) {
    this(address, port, address);
  }

  private Asker(@Nullable InetAddress address, int port, Object client) {
    this.address = address;
    this.port = port;
    this.client = client;
  }

  /**
   * Where the client is.
   *
   * @return its address; null for the proxy itself
   */
  public @Nullable InetAddress address() {
    return address;
  }

  /**
   * Where its connection comes from.
   *
   * @return the client's port; 0 if nobody said
   */
  public int port() {
    return port;
  }

  /** Whom its questions count for. */
  Object client() {
    return client;
  }

  /** Says that it waits for nothing any more. */
  public void leave() {
    left = true;
  }

  /**
   * Whether it waits for nothing any more.
   *
   * @return true once it has left
   */
  public boolean hasLeft() {
    return left;
  }
}
