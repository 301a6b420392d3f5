package org.nfsproxy.server.listen;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts connections, in all and for each client address, against their bounds. */
final class ConnectionCount {
  private record Bounds(int max, int perClientMax) {}

  /** A bound that stands against a connection. */
  record Refusal(CloseReason reason, int max) {
    @Override
    public String toString() {
      return reason.words() + " (" + max + ")";
    }
  }

  private volatile Bounds bounds;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> perClient = new ConcurrentHashMap<>();

  ConnectionCount(int max, int perClientMax) {
    bound(max, perClientMax);
  }

  /** Sets other bounds. Who is connected already, stays. */
  void bound(int max, int perClientMax) {
    bounds = new Bounds(max, perClientMax);
  }

  /**
   * Counts a connection in, if there is room.
   *
   * @return null if it was counted, else which bound stands against it
   */
  @Nullable Refusal enter(InetAddress client) {
    Bounds bounds = this.bounds;
    if (all.incrementAndGet() > bounds.max) {
      all.decrementAndGet();
      return new Refusal(CloseReason.CONNECTIONS_MAX, bounds.max);
    }
    if (perClient.merge(client, 1, Integer::sum) > bounds.perClientMax) {
      leave(client);
      return new Refusal(CloseReason.CONNECTIONS_PER_CLIENT_MAX, bounds.perClientMax);
    }
    return null;
  }

  /**
   * Counts a connection in whose client is not known, if there is room.
   *
   * @return null if it was counted, else which bound stands against it
   */
  @Nullable Refusal enterUnnamed() {
    int max = bounds.max;
    if (all.incrementAndGet() > max) {
      all.decrementAndGet();
      return new Refusal(CloseReason.CONNECTIONS_MAX, max);
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
