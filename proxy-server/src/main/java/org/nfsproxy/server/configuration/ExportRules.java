package org.nfsproxy.server.configuration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;

/**
 * What holds for the exports that are found.
 *
 * @param rules the parameters of all, and what is different for some
 */
public record ExportRules(Rules rules) {
  static ExportRules read(Section section) {
    Parameters parameters = parameters(section.section("parameters"));
    return new ExportRules(new Rules(parameters, Keys.RULES.in(section)));
  }

  private static Parameters parameters(Section section) {
    return new Parameters(
        ClientMatch.of(Keys.CLIENTS.in(section)),
        Keys.ACCESS.in(section),
        new Squashing(
            Keys.SQUASH.in(section),
            Keys.ANON_UID.in(section).intValue(),
            Keys.ANON_GID.in(section).intValue()),
        securities(Keys.SECURITY.in(section)),
        versions(Keys.VERSIONS.in(section)),
        Keys.HIDDEN.in(section),
        Keys.OPAQUE.in(section),
        transports(Keys.TRANSPORT.in(section)),
        CertificateMatch.of(Keys.CERTIFICATES.in(section)),
        Keys.CACHE.in(section));
  }

  // A rule with a mistake is left out here: with a mistake nothing is served.
  static List<Rule> rules(Section exports, String name) {
    List<Rule> rules = new ArrayList<>();
    Map<String, String> named = new HashMap<>();
    for (Section section : exports.sections(name)) {
      Rule rule = rule(section);
      if (rule != null) {
        String other = named.putIfAbsent(rule.toString(), section.path());
        if (other == null) {
          rules.add(rule);
        } else {
          String key = rule.path() != null ? Keys.RULE_PATH.name() : Keys.RULE_FSID.name();
          section.report(key, "the same as in " + other, "one rule for each path and each fsid");
        }
      }
    }
    return rules;
  }

  private static @Nullable Rule rule(Section section) {
    int problems = section.problems().size();
    String path = Keys.RULE_PATH.reader().read(section, Keys.RULE_PATH.name());
    String fsid = Keys.RULE_FSID.reader().read(section, Keys.RULE_FSID.name());
    Overrides overrides = overrides(section);
    if (section.problems().size() > problems) {
      return null;
    }
    if (path.isEmpty() == fsid.isEmpty()) {
      String found = path.isEmpty() ? "neither path nor fsid" : "path and fsid";
      section.report(Keys.RULE_PATH.name(), found, "either path or fsid");
      return null;
    }
    if (overrides.equals(Overrides.NOTHING) && section.hasUnread()) {
      return null; // a key of it is misspelt, which is told; then it says nothing by mistake
    }
    if (overrides.equals(Overrides.NOTHING)) {
      String key = path.isEmpty() ? Keys.RULE_FSID.name() : Keys.RULE_PATH.name();
      section.report(key, "a rule that changes nothing", "a key of exports.parameters beside it");
      return null;
    }
    return path.isEmpty()
        ? Rule.of(Fsid.of(fsid), overrides)
        : Rule.of(ExportPath.of(path), overrides);
  }

  private static Overrides overrides(Section section) {
    return new Overrides(
        or(Keys.CLIENTS.orNull(section), ClientMatch::of),
        Keys.ACCESS.orNull(section),
        Keys.SQUASH.orNull(section),
        or(Keys.ANON_UID.orNull(section), Long::intValue),
        or(Keys.ANON_GID.orNull(section), Long::intValue),
        or(Keys.SECURITY.orNull(section), ExportRules::securities),
        or(Keys.VERSIONS.orNull(section), ExportRules::versions),
        Keys.HIDDEN.orNull(section),
        Keys.OPAQUE.orNull(section),
        or(Keys.TRANSPORT.orNull(section), ExportRules::transports),
        or(Keys.CERTIFICATES.orNull(section), CertificateMatch::of),
        Keys.CACHE.orNull(section));
  }

  private static <T, R> @Nullable R or(@Nullable T value, Function<T, R> made) {
    return value == null ? null : made.apply(value);
  }

  private static Set<Security> securities(Collection<String> words) {
    Set<Security> set = EnumSet.noneOf(Security.class);
    words.forEach(word -> set.add(Security.ofWord(word)));
    return set;
  }

  private static Set<TransportSecurity> transports(Collection<String> words) {
    Set<TransportSecurity> set = EnumSet.noneOf(TransportSecurity.class);
    words.forEach(word -> set.add(TransportSecurity.ofWord(word)));
    return set;
  }

  private static Set<NfsVersion> versions(Collection<String> words) {
    Set<NfsVersion> set = EnumSet.noneOf(NfsVersion.class);
    words.forEach(word -> set.add(NfsVersion.ofWord(word)));
    return set;
  }
}
