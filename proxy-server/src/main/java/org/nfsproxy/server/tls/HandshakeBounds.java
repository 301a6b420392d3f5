package org.nfsproxy.server.tls;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts handshakes that are under way, in all and for each client, against their bounds. */
// Who finds no room is not refused but waits, unanswered: a Linux client that is refused its probe
// cannot mount, and one that is closed comes back thousands of times in a second.
public final class HandshakeBounds {
  private final int max;
  private final int perClientMax;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

  /** None is under way. */
  public HandshakeBounds(int max, int perClientMax) {
    this.max = max;
    this.perClientMax = perClientMax;
  }

  /** Counts one in, if there is room. */
  public boolean enter(InetAddress client) {
    if (all.incrementAndGet() > max) {
      all.decrementAndGet();
      return false;
    }
    if (perClient.merge(client, 1, Integer::sum) > perClientMax) {
      leave(client);
      return false;
    }
    return true;
  }

  /** Counts one out that was counted in. */
  public void leave(InetAddress client) {
    all.decrementAndGet();
    perClient.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
  }

  /** Those that are under way. */
  public int underWay() {
    return all.get();
  }
}
