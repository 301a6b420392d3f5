package org.nfsproxy.configuration;

import io.netty.util.NetUtil;
import java.util.regex.Pattern;

/** Forms that a host has in a configuration and on a command line. Nothing is resolved here. */
public final class Hosts {
  // RFC 1123 section 2.1, and the underscore, which names in the field do have.
  private static final Pattern NAME =
      Pattern.compile("(?=.{1,253}$)[\\w]([\\w-]{0,62})(\\.[\\w]([\\w-]{0,62}))*\\.?");
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]+");

  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";

  /** A regular expression for IPv4 addresses, as editors need it. */
  public static final String IPV4 = BYTE + "(\\." + BYTE + "){3}";

  /** A regular expression that every IPv6 address matches, and that no name does. */
  public static final String IPV6 = "[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%[^\\s%\\]]+)?";

  /** A regular expression for host names, which are not made of digits and dots alone. */
  public static final String HOST_NAME =
      "(?![0-9.]+$)(?=.{1,253}$)[A-Za-z0-9_][A-Za-z0-9_-]{0,62}"
          + "(\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?";

  /** An address or a name. */
  public static final TextForm HOST =
      TextForm.of(
          Hosts::isHost,
          "an IP address without brackets, or a host name",
          IPV4 + "|" + IPV6 + "|" + HOST_NAME);

  /** An address. */
  public static final TextForm ADDRESS =
      TextForm.of(Hosts::isAddress, "an IP address", IPV4 + "|" + IPV6);

  private Hosts() {}

  /**
   * Whether a text is an IP address, without brackets and port.
   *
   * @param text any text
   * @return true for IPv4 and IPv6
   */
  public static boolean isAddress(String text) {
    return NetUtil.isValidIpV4Address(text)
        || (!text.startsWith("[") && NetUtil.isValidIpV6Address(text));
  }

  /**
   * Whether a text is an IP address or has the form of a host name.
   *
   * @param text any text
   * @return false, for example, for {@code 10.0.0.300}, {@code [::1]} and {@code host:2049}
   */
  public static boolean isHost(String text) {
    return isAddress(text)
        || (NAME.matcher(text).matches() && !DIGITS_AND_DOTS.matcher(text).matches());
  }
}
