package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the header that a balancer puts in front of a connection, PROXY protocol version 1 or 2.
 *
 * <pre>
 *  version 1   PROXY TCP4 192.0.2.7 198.51.100.1 801 2049\r\n        at most 107 bytes
 *              PROXY UNKNOWN ...\r\n                                the balancer's own
 *
 *  version 2   0          12      13      14      16
 *             +----------+-------+-------+-------+------------------------------+
 *             |signature | 2|cmd | AF|ST |length | source destination ports TLVs|
 *             +----------+-------+-------+-------+------------------------------+
 *              cmd: 0 LOCAL (the balancer's own), 1 PROXY;  AF|ST: 0x11 TCP4, 0x21 TCP6
 * </pre>
 */
// Byte by byte, since a header is short and comes once: so the first byte that cannot be ends it,
// and a client that came here by mistake is not kept waiting. TLVs are passed over.
final class ProxyHeaderReader {
  /** Room for what balancers add: authority, certificates' names, ids of their networks. */
  static final int LENGTH_MAX = 4096;

  private static final int LINE_BYTES_MAX = 107;
  private static final byte[] LINE_BEGIN = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SIGNATURE = {
    '\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'
  };
  private static final int FIXED_BYTES = 16;
  private static final int VERSION_AND_COMMAND_AT = 12;
  private static final int FAMILY_AT = 13;
  private static final int LENGTH_AT = 14;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int UNSPECIFIED = 0x00;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int PORTS_BYTES = 4;
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");

  private byte[] head = new byte[LINE_BYTES_MAX];
  private int length;
  private int bytesMax = LINE_BYTES_MAX;
  private int skipping;
  private @Nullable ProxyHeader skippingFor;

  /**
   * Reads on.
   *
   * @param bytes what came; what is behind the header stays in it
   * @return the header when it is whole, null before
   * @throws ProxyHeaderException at the first byte that cannot be
   */
  @Nullable ProxyHeader read(ByteBuf bytes) throws ProxyHeaderException {
    while (bytes.isReadable()) {
      ProxyHeader header = skippingFor == null ? next(bytes.readByte()) : skip(bytes);
      if (header != null) {
        return header;
      }
    }
    return null;
  }

  private @Nullable ProxyHeader next(byte each) throws ProxyHeaderException {
    if (length == bytesMax) {
      throw new ProxyHeaderException("a first line of more than " + LINE_BYTES_MAX + " bytes");
    }
    head[length++] = each;
    return head[0] == SIGNATURE[0] ? binary() : line();
  }

  // ---- version 1 ------------------------------------------------------------------------------

  private @Nullable ProxyHeader line() throws ProxyHeaderException {
    expect(LINE_BEGIN);
    if (head[length - 1] != '\n') {
      return null;
    }
    if (length < LINE_BEGIN.length + 2 || head[length - 2] != '\r') {
      throw new ProxyHeaderException("a line that does not end in CR LF");
    }
    String line =
        new String(
            head, LINE_BEGIN.length, length - 2 - LINE_BEGIN.length, StandardCharsets.ISO_8859_1);
    if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
      return ProxyHeader.OWN;
    }
    String[] words = line.split(" ", -1);
    if (words.length != 5) {
      throw new ProxyHeaderException("a line of " + words.length + " words behind PROXY");
    }
    boolean ipv6 = words[0].equals("TCP6");
    if (!ipv6 && !words[0].equals("TCP4")) {
      throw new ProxyHeaderException("a protocol that is neither TCP4 nor TCP6");
    }
    address(words[2], ipv6);
    port(words[4]);
    return header(address(words[1], ipv6), port(words[3]));
  }

  private static byte[] address(String text, boolean ipv6) throws ProxyHeaderException {
    boolean form = ipv6 ? NetUtil.isValidIpV6Address(text) : NetUtil.isValidIpV4Address(text);
    if (!form || text.indexOf('%') >= 0 || text.startsWith("[")) {
      throw new ProxyHeaderException("an address that is none of its family");
    }
    return NetUtil.createByteArrayFromIpAddressString(text);
  }

  private static int port(String text) throws ProxyHeaderException {
    int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 0xffff) {
      throw new ProxyHeaderException("a port that is none");
    }
    return port;
  }

  // ---- version 2 ------------------------------------------------------------------------------

  private @Nullable ProxyHeader binary() throws ProxyHeaderException {
    expect(SIGNATURE);
    if (length == FIXED_BYTES) {
      return fixedPart();
    }
    return length == bytesMax && length > FIXED_BYTES ? addresses() : null;
  }

  private @Nullable ProxyHeader fixedPart() throws ProxyHeaderException {
    int command = head[VERSION_AND_COMMAND_AT] & 0xff;
    int family = head[FAMILY_AT] & 0xff;
    int following = number(LENGTH_AT);
    if (command != LOCAL && command != PROXY) {
      throw new ProxyHeaderException("version and command 0x" + Integer.toHexString(command));
    }
    if (following > LENGTH_MAX) {
      throw new ProxyHeaderException("a length of " + following + ", above " + LENGTH_MAX);
    }
    if (command == LOCAL || family == UNSPECIFIED) {
      return thenSkip(following, ProxyHeader.OWN);
    }
    int addressBytes = addressBytes(family);
    int wanted = 2 * addressBytes + PORTS_BYTES;
    if (following < wanted) {
      throw new ProxyHeaderException("a length of " + following + " where " + wanted + " are due");
    }
    bytesMax = FIXED_BYTES + wanted;
    head = Arrays.copyOf(head, Math.max(head.length, bytesMax));
    return null;
  }

  private static int addressBytes(int family) throws ProxyHeaderException {
    return switch (family) {
      case TCP_OVER_IPV4 -> 4;
      case TCP_OVER_IPV6 -> 16;
      default ->
          throw new ProxyHeaderException("family and protocol 0x" + Integer.toHexString(family));
    };
  }

  private @Nullable ProxyHeader addresses() throws ProxyHeaderException {
    int addressBytes = (bytesMax - FIXED_BYTES - PORTS_BYTES) / 2;
    byte[] source = Arrays.copyOfRange(head, FIXED_BYTES, FIXED_BYTES + addressBytes);
    ProxyHeader header = header(source, number(FIXED_BYTES + 2 * addressBytes));
    return thenSkip(number(LENGTH_AT) - (bytesMax - FIXED_BYTES), header);
  }

  private @Nullable ProxyHeader thenSkip(int bytes, ProxyHeader header) {
    if (bytes == 0) {
      return header;
    }
    skipping = bytes;
    skippingFor = header;
    return null;
  }

  private @Nullable ProxyHeader skip(ByteBuf bytes) {
    int now = Math.min(skipping, bytes.readableBytes());
    bytes.skipBytes(now);
    skipping -= now;
    return skipping == 0 ? skippingFor : null;
  }

  private int number(int at) {
    return (head[at] & 0xff) << 8 | head[at + 1] & 0xff;
  }

  // ---- both -----------------------------------------------------------------------------------

  private void expect(byte[] begin) throws ProxyHeaderException {
    if (length <= begin.length && head[length - 1] != begin[length - 1]) {
      throw new ProxyHeaderException("no PROXY protocol, at byte " + length);
    }
  }

  // An IPv4 address that is written as an IPv6 one (::ffff:192.0.2.7) is the IPv4 address.
  private static ProxyHeader header(byte[] address, int port) throws ProxyHeaderException {
    try {
      return new ProxyHeader(new InetSocketAddress(InetAddress.getByAddress(address), port));
    } catch (UnknownHostException length) {
      throw new ProxyHeaderException("an address of " + address.length + " bytes");
    }
  }
}
