package org.nfsproxy.backend.nfs.connect;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has how many of the reserved ports of one way to the origin, and whether a client address may
 * have one more. Not thread-safe.
 */
// While there are plenty, everybody takes what he needs. When they become few, what is left is for
// those that have few: a client that comes finds a port, whatever another one does. A single
// address may have nearly all of them, since behind a balancer or NAT it may be everybody's.
final class PortShares {
  /** Of the proxy's own questions: one connection that stays, and one while that is made anew. */
  static final int OWN = 2;

  /** For whoever comes next, where one address has all others. */
  private static final int NEWCOMERS = 4;

  /** For each other client address: a mount with the most connections there may be (nconnect). */
  private static final int ONE_MOUNT = 16;

  private final int perClientMax;
  private final Map<InetAddress, Integer> held = new HashMap<>();
  private int own;

  /**
   * Nobody has any.
   *
   * @param perClientMax how many a client address is sure of while there are any; 0 for no bound
   */
  PortShares(int perClientMax) {
    this.perClientMax = perClientMax;
  }

  /**
   * Whether one more may be taken.
   *
   * @param client for whom; null is the proxy itself
   * @param left how many are left
   * @param total how many there are
   */
  boolean mayTake(@Nullable InetAddress client, int left, int total) {
    if (client == null) {
      return left > 0;
    }
    return left > Math.max(0, OWN - own) + (isModest(client) ? 0 : keptForOthers(client, total));
  }

  private boolean isModest(InetAddress client) {
    return perClientMax == 0 || of(client) < perClientMax;
  }

  private int keptForOthers(InetAddress client, int total) {
    int others = held.size() - (held.containsKey(client) ? 1 : 0);
    return Math.min(total / 4, NEWCOMERS + ONE_MOUNT * others);
  }

  /** How many a client has. */
  int of(InetAddress client) {
    return held.getOrDefault(client, 0);
  }

  void took(@Nullable InetAddress client) {
    if (client == null) {
      own++;
    } else {
      held.merge(client, 1, Integer::sum);
    }
  }

  void gaveBack(@Nullable InetAddress client) {
    if (client == null) {
      own--;
    } else {
      held.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1);
    }
  }
}
