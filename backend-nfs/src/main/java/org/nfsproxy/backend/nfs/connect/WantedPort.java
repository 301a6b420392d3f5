package org.nfsproxy.backend.nfs.connect;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which port a client's connection to the origin is to leave from: always the same for the same
 * client address and port.
 */
// NFSv3 and v4.0 know a repeated call by its xid and by the address and port it came from. A Linux
// client that lost its connection comes back from its old port; if it finds a restarted proxy, and
// that leaves from its old port too, the origin's own reply cache answers a repeated MKDIR, REMOVE
// or RENAME as it did before. Nothing is remembered for it: the port is worked out anew. Where it
// is taken, another serves as well as any did before.
final class WantedPort {
  private static final Logger log = LoggerFactory.getLogger(WantedPort.class);

  /** Where Linux says which ports it gives out itself: there no service listens. */
  private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

  private static final int RANGE_MIN = 32768;
  private static final int RANGE_MAX = 60999;

  private final int min;
  private final int max;

  private WantedPort(int min, int max) {
    this.min = min;
    this.max = max;
  }

  /** For connections that leave from a port above 1023. */
  static WantedPort aboveReserved() {
    return of(RANGE);
  }

  static WantedPort of(Path range) {
    try {
      String[] words = Files.readString(range).trim().split("\\s+");
      int min = Math.max(1024, Integer.parseInt(words[0]));
      int max = Math.min(65535, Integer.parseInt(words[1]));
      if (min <= max) {
        return new WantedPort(min, max);
      }
    } catch (IOException | RuntimeException notLinux) {
      log.debug("{} cannot be read", range, notLinux);
    }
    return new WantedPort(RANGE_MIN, RANGE_MAX);
  }

  /** The port above 1023 for a client. */
  int of(InetSocketAddress client) {
    return min + Math.floorMod(number(client), max - min + 1);
  }

  /**
   * A number that looks random and is the same for the same client, in each process.
   *
   * @param client its address and port
   * @return any number
   */
  // Ports of one client differ in their lowest bits, and so do addresses of one site: mixed as in
  // the finalizer of MurmurHash3.
  static int number(InetSocketAddress client) {
    int mixed = 31 * Arrays.hashCode(client.getAddress().getAddress()) + client.getPort();
    mixed = (mixed ^ mixed >>> 16) * 0x85eb_ca6b;
    mixed = (mixed ^ mixed >>> 13) * 0xc2b2_ae35;
    return mixed ^ mixed >>> 16;
  }
}
