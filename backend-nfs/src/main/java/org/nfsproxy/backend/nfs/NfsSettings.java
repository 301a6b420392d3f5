package org.nfsproxy.backend.nfs;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nfsproxy.configuration.Section;

/**
 * The configuration of this backend, the section {@code backend.origin}.
 *
 * @param host name or address of the origin
 * @param port its NFS port
 * @param mountPort its MOUNT port; 0 asks its portmapper
 * @param aclPort its NFS_ACL port; 0 asks its portmapper
 * @param reservedPorts whether connections leave from ports below 1024
 * @param localAddresses where connections leave from; none lets the system choose
 * @param connectMillis how long one attempt to connect may take
 * @param waitMillis how long a client's first call waits for an origin that is away
 */
record NfsSettings(
    String host,
    int port,
    int mountPort,
    int aclPort,
    ReservedPortPolicy reservedPorts,
    List<InetAddress> localAddresses,
    int connectMillis,
    int waitMillis) {

  /** NFS's own port, RFC 7530 section 3.1. */
  private static final int NFS_PORT = 2049;

  /** An origin in reach answers a SYN within a round trip; a second SYN leaves after one second. */
  private static final int CONNECT_MILLIS = 2_500;

  /** Longer than a Linux server's restart of its threads, shorter than a client's own time-out. */
  private static final int WAIT_MILLIS = 15_000;

  private static final int MILLIS_MIN = 100;
  private static final int MILLIS_MAX = 600_000;

  static NfsSettings read(Section backend) {
    Section origin = backend.section("origin");
    Section ports = origin.section("ports");
    List<String> policies = new ArrayList<>();
    for (ReservedPortPolicy policy : ReservedPortPolicy.values()) {
      policies.add(policy.name().toLowerCase(Locale.ROOT));
    }
    return new NfsSettings(
        origin.required("host", "the name or address of the NFS server to re-export"),
        origin.integer("port", NFS_PORT, 1, 65535),
        ports.integer("mount", 0, 0, 65535),
        ports.integer("acl", 0, 0, 65535),
        ReservedPortPolicy.valueOf(
            origin.choice("reservedPorts", "auto", policies).toUpperCase(Locale.ROOT)),
        addresses(origin, "localAddresses"),
        origin.integer("connectMillis", CONNECT_MILLIS, MILLIS_MIN, MILLIS_MAX),
        origin.integer("waitMillis", WAIT_MILLIS, MILLIS_MIN, MILLIS_MAX));
  }

  private static List<InetAddress> addresses(Section section, String key) {
    List<InetAddress> addresses = new ArrayList<>();
    List<String> texts = section.strings(key, List.of());
    for (int i = 0; i < texts.size(); i++) {
      byte[] bytes = NetUtil.createByteArrayFromIpAddressString(texts.get(i));
      try {
        addresses.add(InetAddress.getByAddress(bytes == null ? new byte[0] : bytes));
      } catch (UnknownHostException notAnAddress) {
        section.report(
            key + "[" + i + "]",
            "\"" + texts.get(i) + "\"",
            "an IPv4 or IPv6 address of this machine");
      }
    }
    return List.copyOf(addresses);
  }
}
