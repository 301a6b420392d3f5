package org.nfsproxy.server.policy;

import java.net.InetAddress;

/**
 * A client's address in the form in which it is compared: 128 bits, an IPv4 address as the
 * IPv4-mapped IPv6 address it has on a socket of both families (RFC 4291 section 2.5.5.2). Zones of
 * link-local addresses do not count.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
// Made once for each connection, since InetAddress.getAddress() copies its bytes each time.
public record ClientAddress(long high, long low) {
  private static final long MAPPED = 0xffff_0000_0000L;

  /**
   * The address of a client.
   *
   * @return its 128 bits
   */
  public static ClientAddress of(InetAddress address) {
    return of(address.getAddress());
  }

  /**
   * The address of a client.
   *
   * @param bytes 4 or 16 of them
   * @return its 128 bits
   */
  public static ClientAddress of(byte[] bytes) {
    if (bytes.length == 4) {
      return new ClientAddress(0, MAPPED | number(bytes, 0, 4));
    }
    return new ClientAddress(number(bytes, 0, 8), number(bytes, 8, 16));
  }

  private static long number(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << 8 | bytes[i] & 0xff;
    }
    return number;
  }

  boolean isIpv4() {
    return high == 0 && low >>> 32 == MAPPED >>> 32;
  }
}
