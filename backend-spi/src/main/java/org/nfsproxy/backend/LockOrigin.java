package org.nfsproxy.backend;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Problem;

/**
 * An origin's lock manager: NLM version 4 (RFC 1813 section 6) over TCP. Methods may be called from
 * any thread.
 */
public interface LockOrigin {
  /**
   * Connects to it, once; whoever asks decides when to ask again.
   *
   * @param from where the connection leaves from; null for wherever the backend's others do
   * @return the connection, without handlers; the caller's to close, which is a reset
   */
  Future<NetSocket> connect(@Nullable InetAddress from);

  /**
   * Looks whether all connections lead to one address of one server. Linux tells owners by its own
   * address too: an unlock that reaches another is granted, and the lock stays.
   *
   * @return fails with an {@link java.io.IOException} that says why not and what to do about it;
   *     succeeds also where nobody can say now
   */
  Future<Void> leadsToOneAddress();

  /**
   * What in the backend's configuration does not go with locks, as far as that can be told without
   * asking anybody.
   *
   * @return what a start with locks would end with
   */
  default List<Problem> unfit() {
    return List.of();
  }

  /** Says that a connection was lost: where the lock manager is, is asked for again. */
  void mayHaveMoved();

  /**
   * Where its own calls come from.
   *
   * @return the origin's addresses; fails if its name is not known
   */
  Future<List<InetAddress>> addresses();
}
