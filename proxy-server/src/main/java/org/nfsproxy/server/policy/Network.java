package org.nfsproxy.server.policy;

import io.netty.util.NetUtil;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that begin with the same bits (RFC 4632, RFC 4291 section 2.3). An IPv6 network holds
 * no IPv4 address, not even {@code ::/0}.
 */
final class Network {
  private static final int MAPPED_BITS = 96;
  private static final int ALL_BITS = 128;

  // Decimal without a sign and a leading zero, which some read as octal.
  private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final Pattern OCTAL = Pattern.compile("(.*[.:])?0[0-9]+\\..*|.*\\.0[0-9]+");

  private final long high;
  private final long low;
  private final long highMask;
  private final long lowMask;
  private final boolean ipv4;
  private final int bits;
  private final boolean hasHostBits;

  private Network(ClientAddress address, int bits) {
    this.highMask = mask(bits);
    this.lowMask = mask(bits - 64);
    this.high = address.high() & highMask;
    this.low = address.low() & lowMask;
    this.ipv4 = address.isIpv4() && bits >= MAPPED_BITS;
    this.bits = bits;
    this.hasHostBits = this.high != address.high() || this.low != address.low();
  }

  private static long mask(int bits) {
    if (bits <= 0) {
      return 0;
    }
    return bits >= 64 ? -1L : -1L << 64 - bits;
  }

  /**
   * Reads an address, or an address and a number of bits.
   *
   * @param text for example {@code 10.0.0.0/8}; bits behind the eighth do not count
   * @return the network, or null if it has another form
   */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    String host = slash < 0 ? text : text.substring(0, slash);
    if (host.indexOf('%') >= 0 || host.startsWith("[") || OCTAL.matcher(host).matches()) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    if (bytes == null) {
      return null;
    }
    boolean shortForm = host.indexOf(':') < 0;
    int most = shortForm ? ALL_BITS - MAPPED_BITS : ALL_BITS;
    int bits = slash < 0 ? most : bits(text.substring(slash + 1), most);
    if (bits < 0) {
      return null;
    }
    return new Network(ClientAddress.of(bytes), shortForm ? bits + MAPPED_BITS : bits);
  }

  private static int bits(String text, int most) {
    if (!BITS.matcher(text).matches()) {
      return -1;
    }
    int bits = Integer.parseInt(text);
    return bits <= most ? bits : -1;
  }

  /** Whether it was written with an address inside it, such as 10.0.0.5/8. */
  boolean hasHostBits() {
    return hasHostBits;
  }

  /** The network, written with its first address. */
  String text() {
    byte[] bytes = ByteBuffer.allocate(ALL_BITS / 8).putLong(high).putLong(low).array();
    return ipv4
        ? NetUtil.bytesToIpAddress(bytes, MAPPED_BITS / 8, (ALL_BITS - MAPPED_BITS) / 8)
            + "/"
            + (bits - MAPPED_BITS)
        : NetUtil.bytesToIpAddress(bytes) + "/" + bits;
  }

  boolean isOneAddress() {
    return lowMask == -1L;
  }

  ClientAddress address() {
    return new ClientAddress(high, low);
  }

  boolean holds(ClientAddress client) {
    return (client.high() & highMask) == high
        && (client.low() & lowMask) == low
        && client.isIpv4() == ipv4;
  }
}
