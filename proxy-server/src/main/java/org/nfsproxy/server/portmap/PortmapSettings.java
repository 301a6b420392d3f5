package org.nfsproxy.server.portmap;

import io.netty.util.NetUtil;

/**
 * Where the portmapper listens, and what it tells ({@code listen.portmap}).
 *
 * @param host address to listen on, {@code 0.0.0.0} or {@code ::} for all
 * @param port TCP and UDP port; 111 is where clients ask. 0 lets the system choose
 * @param advertise the address that answers name, a balancer's for one; empty: the address that the
 *     caller reached
 * @param servedPort the port where the programs are served, the balancer's if that is another
 */
public record PortmapSettings(String host, int port, String advertise, int servedPort) {
  /**
   * Keeps the settings.
   *
   * @throws IllegalArgumentException if {@code advertise} is neither empty nor an address
   */
  public PortmapSettings {
    if (!isAdvertisable(advertise)) {
      throw new IllegalArgumentException("advertise: \"" + advertise + "\" is no IP address");
    }
  }

  /**
   * Whether a text can stand for {@link #advertise}. Names cannot: an answer carries an address,
   * and a look-up in its way would make it late.
   *
   * @return true for an IPv4 or IPv6 address and for the empty text
   */
  public static boolean isAdvertisable(String advertise) {
    return advertise.isEmpty()
        || NetUtil.isValidIpV4Address(advertise)
        || NetUtil.isValidIpV6Address(advertise);
  }
}
