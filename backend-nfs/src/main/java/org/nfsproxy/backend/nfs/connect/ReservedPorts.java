package org.nfsproxy.backend.nfs.connect;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Source ports below 1024 that this process uses. What the rest of the machine uses shows only when
 * a port is bound or connected; the caller says so and takes the next. Not thread-safe.
 */
// A TCP connection is four numbers, so the same source port serves connections to different ports
// of the origin: there is a pool for each (local address, origin address and port). The free ports
// of a pool stand in a queue, and one that comes back goes to its end. A connection wants one port
// (WantedPort), and takes the next free one above where that is taken or was left a moment ago;
// where all were, the one that was left first.
final class ReservedPorts {
  /** The range that Linux NFS clients use (sunrpc.min_resvport, max_resvport). */
  static final int PORT_MIN = 665;

  static final int PORT_MAX = 1023;
  static final int PORTS = PORT_MAX - PORT_MIN + 1;

  /** The last ones are wanted by no client, so that the proxy itself is in nobody's way. */
  private static final int OWN_PORTS = 8;

  /** What the proxy's own connections want. */
  static final long OWN = Long.MIN_VALUE;

  /** TIME_WAIT lasts 60 s. Looking at each port six times in that is no load. */
  static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Pool(InetAddress local, InetSocketAddress origin) {}

  private record Refused(int port, long untilNanos) {}

  private static final class Ports {
    final ArrayDeque<Integer> free = new ArrayDeque<>(PORTS);
    final ArrayDeque<Refused> refused = new ArrayDeque<>();
    final RestingPorts resting = new RestingPorts();

    Ports() {
      for (int port = PORT_MIN; port <= PORT_MAX; port++) {
        free.add(port);
      }
    }

    /** A free port, counted on from where it is wanted; 0 if there is none. */
    int takeFrom(int wanted, long nowNanos) {
      BitSet rested = new BitSet(PORTS);
      for (int port : free) {
        rested.set(port - PORT_MIN, !resting.isResting(port, nowNanos));
      }
      int next = rested.nextSetBit(wanted);
      int found = next < 0 ? rested.nextSetBit(0) : next;
      if (found < 0) {
        return takeOldest();
      }
      free.remove(PORT_MIN + found);
      return PORT_MIN + found;
    }

    int takeOldest() {
      Integer port = free.poll();
      return port == null ? 0 : port;
    }

    void pardon(long nowNanos) {
      while (!refused.isEmpty() && nowNanos - refused.peek().untilNanos >= 0) {
        free.add(refused.poll().port);
      }
    }
  }

  private final Map<Pool, Ports> pools = new HashMap<>();

  private Ports ports(InetAddress local, InetSocketAddress origin, long nowNanos) {
    Ports ports = pools.computeIfAbsent(new Pool(local, origin), pool -> new Ports());
    ports.pardon(nowNanos);
    return ports;
  }

  /**
   * Takes the port that is wanted, or the next one above that is free and {@linkplain RestingPorts
   * has rested}; else the one that has been free for longest.
   *
   * @param local where the connection leaves from
   * @param origin where it goes
   * @param wanted any number of a client, the same for who wants the same port; or {@link #OWN}
   * @param nowNanos by {@link System#nanoTime}
   * @return the port, or 0 if none is left
   */
  int take(InetAddress local, InetSocketAddress origin, long wanted, long nowNanos) {
    return ports(local, origin, nowNanos).takeFrom(first(wanted), nowNanos);
  }

  private static int first(long wanted) {
    int clients = PORTS - OWN_PORTS;
    return wanted == OWN ? clients : Math.floorMod(wanted, clients);
  }

  /** Gives a port back. */
  void giveBack(InetAddress local, InetSocketAddress origin, int port, long nowNanos) {
    Ports ports = Objects.requireNonNull(pools.get(new Pool(local, origin)));
    ports.free.add(port);
    ports.resting.left(port, nowNanos);
  }

  /** Gives a port back that somebody else has: it is not taken again for some seconds. */
  void refused(InetAddress local, InetSocketAddress origin, int port, long nowNanos) {
    ports(local, origin, nowNanos).refused.add(new Refused(port, nowNanos + REFUSED_NANOS));
  }

  /**
   * A way to the origin, and its ports.
   *
   * @param local where connections leave from
   * @param origin where they go
   * @param used ports that are taken
   * @param left ports that could be
   */
  record Use(InetAddress local, InetSocketAddress origin, int used, int left) {}

  /** All ways that were gone so far. */
  List<Use> uses(long nowNanos) {
    List<Use> uses = new ArrayList<>();
    pools.forEach(
        (pool, ports) -> {
          ports.pardon(nowNanos);
          int left = ports.free.size();
          uses.add(new Use(pool.local, pool.origin, PORTS - left - ports.refused.size(), left));
        });
    return uses;
  }

  /** How many could be taken for one way to the origin. */
  int left(InetAddress local, InetSocketAddress origin, long nowNanos) {
    return ports(local, origin, nowNanos).free.size();
  }
}
