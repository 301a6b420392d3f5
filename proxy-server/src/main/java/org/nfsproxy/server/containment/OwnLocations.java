package org.nfsproxy.server.containment;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nfsproxy.nfs.edit.FsLocations;
import org.nfsproxy.server.portmap.UniversalAddress;

/** Which servers named in fs_locations are the proxy as well, and what a client calls the proxy. */
// A server stands there as a name, as an address, or as an address with two more numbers for the
// port (RFC 8881 section 11.16). The port is not compared: whoever is led to the proxy by mistake
// has not been led past it. A text without any character means the server that is asked; Linux
// passes over it, so it is written out.
//
// NFS's own port is left away, since that is what a client takes and an older one cannot read more.
final class OwnLocations {
  private static final int NFS_PORT = 2049;

  private final List<String> equivalents;
  private final byte[] name;

  OwnLocations(List<String> equivalents, String advertise, InetSocketAddress reached) {
    this.equivalents = equivalents;
    String address =
        advertise.isEmpty() ? NetUtil.toAddressString(reached.getAddress()) : advertise;
    String text =
        reached.getPort() == NFS_PORT ? address : UniversalAddress.of(address, reached.getPort());
    this.name = text.getBytes(StandardCharsets.US_ASCII);
  }

  FsLocations locations() {
    return new FsLocations(this::isInside, name);
  }

  private boolean isInside(byte[] server) {
    String text = new String(server, StandardCharsets.UTF_8);
    return server.length == 0
        || isEquivalent(text)
        || isEquivalent(withoutNumbers(text, 2))
        || Arrays.equals(server, name);
  }

  private boolean isEquivalent(String text) {
    byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
    for (String equivalent : equivalents) {
      boolean isSame =
          address == null
              ? bare(equivalent).equals(bare(text))
              : Arrays.equals(address, NetUtil.createByteArrayFromIpAddressString(equivalent));
      if (isSame) {
        return true;
      }
    }
    return false;
  }

  /** Names do not differ in case, nor in the dot of the root behind them. */
  private static String bare(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static String withoutNumbers(String text, int count) {
    String rest = text;
    for (int i = 0; i < count; i++) {
      rest = rest.substring(0, Math.max(0, rest.lastIndexOf('.')));
    }
    return rest;
  }
}
