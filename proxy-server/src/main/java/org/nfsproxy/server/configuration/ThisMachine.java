package org.nfsproxy.server.configuration;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ClientMatch;

/**
 * The names and addresses that this machine has. No name is looked up: its files and interfaces are
 * read.
 *
 * @param names those that it has by itself, {@code localhost} among them
 */
public record ThisMachine(Set<String> names, List<InetAddress> addresses) {
  private static final Path KERNELS_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path HOSTS = Path.of("/etc/hosts");

  /** Of the file that has the machine's other names; those with more have nothing to say of it. */
  private static final int HOSTS_BYTES_MAX = 64 << 10;

  /** A machine with certain names, to which {@code localhost} is added, and addresses. */
  static ThisMachine of(Collection<String> names, Collection<InetAddress> addresses) {
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(names);
    all.add("localhost");
    return new ThisMachine(all, List.copyOf(addresses));
  }

  /**
   * This machine, as it is now. Reads two files and the list of interfaces.
   *
   * @return its names and addresses
   */
  public static ThisMachine now() {
    try {
      return of(
          ownNames(),
          NetworkInterface.networkInterfaces()
              .flatMap(NetworkInterface::inetAddresses)
              .collect(Collectors.toList()));
    } catch (SocketException nobodyKnows) {
      return of(ownNames(), List.of());
    }
  }

  /**
   * What this machine is called by itself: its kernel's name, and the names that stand beside that
   * in /etc/hosts, where most machines have their long one. Reads two files.
   */
  public static List<String> ownNames() {
    String own = start(KERNELS_NAME).trim();
    return own.isEmpty() ? List.of() : ownNames(own, start(HOSTS));
  }

  static List<String> ownNames(String own, String hosts) {
    Stream<String> others =
        hosts
            .lines()
            .map(line -> line.replaceAll("#.*", "").trim().split("\\s+"))
            .map(words -> Arrays.asList(words).subList(1, words.length))
            .filter(line -> line.stream().anyMatch(own::equalsIgnoreCase))
            .flatMap(List::stream);
    return Stream.concat(Stream.of(own), others).distinct().toList();
  }

  private static String start(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(HOSTS_BYTES_MAX), StandardCharsets.US_ASCII);
    } catch (IOException absent) {
      return "";
    }
  }

  /**
   * Whether an address is one of its own: of an interface, a loopback one, or any (0.0.0.0, ::).
   *
   * @return false for an address of another machine, or a text that is no address
   */
  public boolean hasAddress(String host) {
    InetAddress address = parsed(host);
    return address != null
        && (address.isAnyLocalAddress()
            || address.isLoopbackAddress()
            || addresses.stream().anyMatch(own -> sameBytes(own, address)));
  }

  /**
   * The address that others may reach this machine at.
   *
   * @param network an address, or a network
   * @return the address itself if it is one of this machine's, or the first in the network; null if
   *     there is none
   */
  public @Nullable InetAddress addressIn(String network) {
    if (Hosts.isAddress(network)) {
      return hasAddress(network) ? parsed(network) : null;
    }
    ClientMatch match = ClientMatch.of(List.of(network));
    return addresses.stream()
        .filter(address -> match.matches(ClientAddress.of(address)))
        .findFirst()
        .orElse(null);
  }

  /** Whether a connection to a host ends at a socket of this machine that listens on an address. */
  boolean reaches(String host, String listening) {
    InetAddress to = parsed(host);
    if (to == null) {
      return names.contains(withoutDot(host))
          && (isWildcard(listening) || names.contains(listening) || hasAddress(listening));
    }
    InetAddress at = parsed(listening);
    if (at == null) {
      return names.contains(listening) && hasAddress(host);
    }
    return at.isAnyLocalAddress()
        ? hasAddress(host) && (at.getAddress().length == 16 || to.getAddress().length == 4)
        : sameBytes(at, to);
  }

  /** Whether a host to listen at is one address, or a name, that other machines may come by. */
  static boolean isReachedFromElsewhere(String host) {
    InetAddress address = parsed(host);
    return address == null
        ? !"localhost".equals(withoutDot(host))
        : !address.isAnyLocalAddress() && !address.isLoopbackAddress();
  }

  static boolean isWildcard(String host) {
    InetAddress address = parsed(host);
    return address != null && address.isAnyLocalAddress();
  }

  static boolean isLoopback(String host) {
    InetAddress address = parsed(host);
    return address != null && address.isLoopbackAddress();
  }

  /** The addresses, for messages. */
  String addressesAsText() {
    return addresses.stream()
        .filter(address -> !address.isLinkLocalAddress())
        .map(NetUtil::toAddressString)
        .collect(Collectors.joining(", "));
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  private static boolean sameBytes(InetAddress one, InetAddress other) {
    return Arrays.equals(one.getAddress(), other.getAddress());
  }

  private static @Nullable InetAddress parsed(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      return null;
    }
  }
}
