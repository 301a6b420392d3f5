package org.nfsproxy.server.admin;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Hosts;

/** The names by which the pages may be asked for, in {@code Host} (RFC 9110 section 7.2). */
// A page on the web whose name its owner lets point to this machine ("DNS rebinding") is of one
// origin with what is served here, to a browser: it could read all of it. But the browser says in
// Host what name it used, and no page can change that. So what is served is what somebody on this
// side chose: names of the machine, names of the configuration, and addresses, which nobody can
// let point elsewhere.
//
// No name is looked up, now or later: who answers for a name must not decide who may read.
final class OwnNames {
  private static final Pattern HOST =
      Pattern.compile("(?:\\[(?<address>[^\\[\\]]+)\\]|(?<name>[^\\[\\]:]+))(?::[0-9]{0,5})?");

  private static final Path KERNELS_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path HOSTS = Path.of("/etc/hosts");

  /** Of the file that has the machine's other names; those with more have nothing to say of it. */
  private static final int HOSTS_BYTES_MAX = 64 << 10;

  private static final int MACHINE_NAMES_MAX = 32;

  private final Set<String> names = new HashSet<>();

  /**
   * Certain names.
   *
   * @param machine the machine's
   * @param configured those that were chosen
   */
  OwnNames(Collection<String> machine, Collection<String> configured) {
    names.add("localhost");
    machine.stream().map(OwnNames::compared).limit(MACHINE_NAMES_MAX).forEach(names::add);
    configured.stream().map(OwnNames::compared).forEach(names::add);
  }

  /**
   * Whether a request may have come by this name.
   *
   * @param header the value of Host; null where there is none, as from a tool that speaks HTTP/1.0
   * @return false for a name that nobody here chose
   */
  boolean accept(@Nullable String header) {
    if (header == null || header.isEmpty()) {
      return true;
    }
    Matcher host = HOST.matcher(header);
    if (!host.matches()) {
      return false;
    }
    String name = host.group("name");
    return name == null
        ? NetUtil.isValidIpV6Address(host.group("address"))
        : Hosts.isAddress(name) || names.contains(compared(name));
  }

  private static String compared(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /**
   * What this machine is called by itself: its kernel's name, and the names that stand beside that
   * in /etc/hosts, where most machines have their long one. Reads two files.
   *
   * @return the names
   */
  static List<String> ofMachine() {
    String own = start(KERNELS_NAME).trim();
    return own.isEmpty() ? List.of() : ofMachine(own, start(HOSTS));
  }

  static List<String> ofMachine(String own, String hosts) {
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
}
