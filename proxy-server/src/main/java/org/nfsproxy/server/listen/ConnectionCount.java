package org.nfsproxy.server.listen;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, in all and for each client address, against their bounds. */
final class ConnectionCount {
  private final int max;
  private final int perClientMax;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

  ConnectionCount(int max, int perClientMax) {
    this.max = max;
    this.perClientMax = perClientMax;
  }

  /**
   * Counts a connection in, if there is room.
   *
   * @param client its address
   * @return null if it was counted, else which bound stands against it
   */
  String enter(InetAddress client) {
    if (all.incrementAndGet() > max) {
      all.decrementAndGet();
      return "limits.connectionsMax (" + max + ")";
    }
    if (perClient.merge(client, 1, Integer::sum) > perClientMax) {
      leave(client);
      return "limits.connectionsPerClientMax (" + perClientMax + ")";
    }
    return null;
  }

  /**
   * Counts a connection in whose client is not known, if there is room.
   *
   * @return null if it was counted, else which bound stands against it
   */
  String enterUnnamed() {
    if (all.incrementAndGet() > max) {
      all.decrementAndGet();
      return "limits.connectionsMax (" + max + ")";
    }
    return null;
  }

  /** Counts a connection out whose client was not known. */
  void leaveUnnamed() {
    all.decrementAndGet();
  }

  /** Counts a connection out that was counted in. */
  void leave(InetAddress client) {
    all.decrementAndGet();
    perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
  }

  int all() {
    return all.get();
  }
}
