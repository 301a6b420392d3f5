package org.nfsproxy.backend;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** A client connection as a backend sees it. Used on the connection's event loop only. */
public interface ClientSide {
  /**
   * The client's address; behind a balancer that says so, the true one.
   *
   * @return address and port
   */
  InetSocketAddress address();

  /**
   * The thread of this connection; a backend puts its own sockets for this client on it too.
   *
   * @return the event loop
   */
  EventLoop eventLoop();

  /**
   * A way for replies, and callbacks, to the client. A session may have several, for instance one
   * for each connection to an origin; records of different streams never mix.
   *
   * @param source is told when to stop and go on
   * @return the stream
   */
  ReplyStream replies(FlowControl source);

  /**
   * Tells the client side that a way to the origin is full ({@code true}) or has room again. Calls
   * are counted: the client is read again once each {@code true} was followed by its {@code false}.
   *
   * @param full whether calls should wait
   */
  void callsFull(boolean full);

  /**
   * Bytes of replies that the client's connection has not taken yet. They get fewer as it takes
   * them, within a reply too.
   *
   * @return how many at this moment; 0 where nobody can tell
   */
  default long unsentBytes() {
    return 0;
  }

  /**
   * Closes the client's connection, which makes the client retry what is in flight. Never answer in
   * place of a lost reply.
   *
   * @param why for the log
   */
  void close(String why);
}
