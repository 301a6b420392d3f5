package org.nfsproxy.server.cli;

import java.util.OptionalInt;
import org.nfsproxy.configuration.Hosts;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A host and a port as they stand on the command line.
 *
 * @param host an IP address without brackets, or a name; empty if none was given
 * @param port the port, if one was given
 */
record HostAndPort(String host, OptionalInt port) {
  static final String ORIGIN_FORM = "HOST[:PORT]";
  static final String LISTEN_FORM = "HOST, PORT or HOST:PORT";

  /** Reads {@code HOST[:PORT]}; an IPv6 address stands in brackets. */
  static final class Origin implements ITypeConverter<HostAndPort> {
    @Override
    public HostAndPort convert(String text) {
      return ofOrigin(text);
    }
  }

  /** Reads {@code HOST}, {@code PORT} or {@code HOST:PORT}; an IPv6 address stands in brackets. */
  static final class Listen implements ITypeConverter<HostAndPort> {
    @Override
    public HostAndPort convert(String text) {
      return ofListen(text);
    }
  }

  static HostAndPort ofOrigin(String text) {
    int bracket = text.lastIndexOf(']');
    int colon = text.indexOf(':', Math.max(0, bracket));
    String host = colon < 0 ? text : text.substring(0, colon);
    OptionalInt port =
        colon < 0
            ? OptionalInt.empty()
            : OptionalInt.of(port(text, text.substring(colon + 1), 1, ORIGIN_FORM));
    return new HostAndPort(host(text, host, ORIGIN_FORM), port);
  }

  static HostAndPort ofListen(String text) {
    int colon = text.indexOf(':', Math.max(0, text.lastIndexOf(']')));
    if (colon >= 0) {
      int port = port(text, text.substring(colon + 1), 0, LISTEN_FORM);
      return new HostAndPort(
          host(text, text.substring(0, colon), LISTEN_FORM), OptionalInt.of(port));
    }
    if (text.matches("[0-9]+")) {
      return new HostAndPort("", OptionalInt.of(port(text, text, 0, LISTEN_FORM)));
    }
    // A port with a letter in it has the form of a name.
    if (text.matches("[0-9]+[A-Za-z]+[0-9]*")) {
      throw wrong(text, LISTEN_FORM);
    }
    return new HostAndPort(host(text, text, LISTEN_FORM), OptionalInt.empty());
  }

  private static String host(String text, String host, String form) {
    if (host.startsWith("[") && host.endsWith("]")) {
      String address = host.substring(1, host.length() - 1);
      if (address.contains(":") && Hosts.isAddress(address)) {
        return address;
      }
    } else if (!host.contains(":") && Hosts.isHost(host)) {
      return host;
    }
    throw wrong(text, form);
  }

  private static int port(String text, String digits, int min, String form) {
    if (digits.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(digits);
      if (port >= min && port <= 65535) {
        return port;
      }
    }
    throw wrong(text, form);
  }

  private static TypeConversionException wrong(String text, String form) {
    return new TypeConversionException(
        "found \"" + text + "\", expected " + form + ", an IPv6 address in [brackets]");
  }
}
