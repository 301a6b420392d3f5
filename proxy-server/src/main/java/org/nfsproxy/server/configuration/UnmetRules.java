package org.nfsproxy.server.configuration;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.tls.ClientCertificates;

/** Warns of what rules ask of connections while {@code listen.tls} gives no client the means. */
record UnmetRules(ListenTls tls) {
  /** To be called when all else has been read, and is right. */
  static void warn(Section exports, Rules rules, ListenTls tls) {
    UnmetRules unmet = new UnmetRules(tls);
    Rule ofRoot = rules.ofRoot();
    Section parameters = exports.section("parameters");
    unmet
        .of(rules.root().transport(), rules.root().certificates())
        .forEach(
            (key, text) -> {
              if (ofRoot == null) {
                parameters.warn(key, text);
              } else {
                exports.warn(Keys.RULES.name(), ofRule(ofRoot, key, text));
              }
            });
    for (Rule rule : rules.rules()) {
      unmet
          .of(rule.overrides().transport(), rule.overrides().certificates())
          .forEach((key, text) -> exports.warn(Keys.RULES.name(), ofRule(rule, key, text)));
    }
  }

  private static String ofRule(Rule rule, String key, String text) {
    return "the rule for %s, %s: %s".formatted(rule, key, text);
  }

  /** What is wrong, by key. */
  private Map<String, String> of(
      @Nullable Set<TransportSecurity> transport, @Nullable CertificateMatch certificates) {
    Map<String, String> unmet = new LinkedHashMap<>();
    if (transport != null
        && !transport.isEmpty()
        && Collections.disjoint(transport, tls.possible())) {
      unmet.put(
          Keys.TRANSPORT.key().name(),
          "nobody can come so, since with listen.tls as it is calls come over %s only: %s"
              .formatted(words(tls.possible()), cure(transport)));
    }
    if (certificates != null
        && !certificates.isEverybody()
        && !certificates.texts().isEmpty()
        && !tls.possible().contains(TransportSecurity.MTLS)) {
      unmet.put(
          Keys.CERTIFICATES.key().name(),
          "nobody can come so, since no client is asked for a certificate: set listen.tls.mode to"
              + " \"offer\" or \"require\" and listen.tls.clients to \"ask\" or \"require\"");
    }
    return unmet;
  }

  private static String words(Set<TransportSecurity> transports) {
    return transports.stream()
        .map(each -> '"' + each.word() + '"')
        .collect(Collectors.joining(" and "));
  }

  private String cure(Set<TransportSecurity> transport) {
    if (!tls.enabled()) {
      return "set listen.tls.mode to \"offer\" or \"require\", or add \"none\"";
    }
    return tls.clients() == ClientCertificates.NONE && transport.contains(TransportSecurity.MTLS)
        ? "set listen.tls.clients to \"ask\" or \"require\", or add \"tls\""
        : "add one of these";
  }
}
