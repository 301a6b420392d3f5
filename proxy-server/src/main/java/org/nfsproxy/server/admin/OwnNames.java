package org.nfsproxy.server.admin;

import io.netty.util.NetUtil;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  private static final int MACHINE_NAMES_MAX = 32;

  private final Set<String> names = new HashSet<>();

  /**
   * Certain names.
   *
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
}
