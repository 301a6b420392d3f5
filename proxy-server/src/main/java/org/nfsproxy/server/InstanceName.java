package org.nfsproxy.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** The name of this process among the instances of a proxy. */
final class InstanceName {
  private InstanceName() {}

  /**
   * The name to go by.
   *
   * @param configured {@code cluster.instance}
   * @return that; or the host's name and four random digits, since in containers every process has
   *     the same id
   */
  static String of(String configured) {
    return configured.isEmpty()
        ? "%s-%04x".formatted(host(), ThreadLocalRandom.current().nextInt(1 << 16))
        : configured;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "nfs-proxy";
    }
  }
}
