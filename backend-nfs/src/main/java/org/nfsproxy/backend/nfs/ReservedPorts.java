package org.nfsproxy.backend.nfs;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Source ports below 1024 that this process uses. What the rest of the machine uses shows only when
 * a port is bound or connected; the caller then takes the next.
 */
// A TCP connection is four numbers, so the same source port serves connections to different ports
// of the origin: there is a pool for each (local address, origin address and port). Every pool is
// gone through in a circle from a random start: a port just given back may still be in TIME_WAIT,
// and so may the ports of a proxy that was here a moment ago.
final class ReservedPorts {
  /** The range that Linux NFS clients use (sunrpc.min_resvport, max_resvport). */
  static final int PORT_MIN = 665;

  static final int PORT_MAX = 1023;
  static final int PORTS = PORT_MAX - PORT_MIN + 1;

  private record Pool(InetAddress local, InetSocketAddress origin) {}

  private static final class Use {
    final BitSet ports = new BitSet(PORTS);
    int next = ThreadLocalRandom.current().nextInt(PORTS);
  }

  private final Map<Pool, Use> pools = new HashMap<>();

  /**
   * Takes a port that this process does not use.
   *
   * @param local where the connection leaves from
   * @param origin where it goes
   * @return the port, or 0 if none is left
   */
  synchronized int take(InetAddress local, InetSocketAddress origin) {
    Use use = pools.computeIfAbsent(new Pool(local, origin), pool -> new Use());
    for (int i = 0; i < PORTS; i++) {
      int at = (use.next + PORTS - i) % PORTS;
      if (!use.ports.get(at)) {
        use.ports.set(at);
        use.next = (at + PORTS - 1) % PORTS;
        return PORT_MIN + at;
      }
    }
    return 0;
  }

  /** Gives a port back. */
  synchronized void giveBack(InetAddress local, InetSocketAddress origin, int port) {
    Pool pool = new Pool(local, origin);
    Use use = pools.get(pool);
    if (use != null) {
      use.ports.clear(port - PORT_MIN);
    }
  }

  /** How many are left for one way to the origin. */
  synchronized int left(InetAddress local, InetSocketAddress origin) {
    Use use = pools.get(new Pool(local, origin));
    return PORTS - (use == null ? 0 : use.ports.cardinality());
  }
}
