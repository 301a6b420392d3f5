package org.nfsproxy.server.refusals;

import java.net.InetAddress;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.text.Printable;

/**
 * A refused call in a line of the log: who, what, where, which key of which rule, and how to cure
 * it.
 *
 * @param port from which port; 0 if nobody knows
 * @param peer what its connection tells of it
 * @param asked the operation, with the name or path that it was called with
 * @param export on which filesystem; null if nobody could place it
 * @param decision the reason in detail; null where no rule decided
 * @param isPlaced whether the call itself named the place, as MNT does
 * @param rule a name that {@link RefusingRule} gives
 * @param parameters what held; null where no rule decided
 * @param version in which version it came; null if nobody knows that
 * @param security how the caller was known; null if nobody knows that
 * @param notOfTheFile where the keys are from that others than the file have set, by their paths
 */
// A client that may use nothing sees one of three errors, whatever the reason is. So the reason
// stands here, in the words of the configuration.
public record RefusalLine(
    InetAddress client,
    int port,
    int xid,
    Peer peer,
    String asked,
    @Nullable String export,
    Refused why,
    @Nullable Decision decision,
    boolean isPlaced,
    String rule,
    @Nullable Parameters parameters,
    @Nullable NfsVersion version,
    @Nullable Security security,
    Map<String, String> notOfTheFile) {
  private static final int NAME_CHARS_MAX = 100;
  private static final String UNKNOWN_VERSION = "nobody here knows this version";

  /** The reason and the rule, as all lines call them. */
  static String by(Refused why, String rule) {
    return switch (why) {
      case UNKNOWN_OPERATIONS -> "`calls.unknownOperations`";
      case REDIRECTION -> "what keeps clients from being led to other servers";
      case READ_OTHERWISE -> "what keeps operations from being hidden in others";
      case ORIGIN -> "the origin";
      case TRANSPORT ->
          rule.equals(RefusingRule.NONE) ? "`listen.tls.mode`" : "`transport` of " + named(rule);
      default -> "`%s` of %s".formatted(word(why), named(rule));
    };
  }

  private static String named(String rule) {
    return switch (rule) {
      case RefusingRule.PARAMETERS -> "`exports.parameters`";
      case RefusingRule.SEVERAL -> "several rules together";
      default -> "the rule for " + rule;
    };
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return "client %s port %d is refused %s%s, xid %08x, by %s: %s. Cure: %s"
        .formatted(
            client.getHostAddress(),
            port,
            asked,
            place(),
            xid,
            by(why, rule),
            reason(),
            cure(named(rule)) + setElsewhere());
  }

  // Who follows the cure in the file would wonder that nothing changes.
  private String setElsewhere() {
    String path =
        switch (why) {
          case UNKNOWN_OPERATIONS -> "calls.unknownOperations";
          case REDIRECTION, READ_OTHERWISE, ORIGIN -> "";
          default ->
              rule.equals(RefusingRule.PARAMETERS)
                  ? RefusingRule.PARAMETERS + "." + word(why)
                  : "exports.rules";
        };
    String where = notOfTheFile.get(path);
    return where == null ? "" : ". It is set by the " + where + ", not in the file";
  }

  private String place() {
    return export == null ? "" : " on " + export;
  }

  private String reason() {
    if (decision == null) {
      return withoutRule();
    }
    String unplaced =
        export == null && !isPlaced && !rule.equals(RefusingRule.PARAMETERS)
            ? "; which filesystem it is about could not be told, so that the strictest of all rules"
                + " counts"
            : "";
    return ofRule(decision) + unplaced;
  }

  private String ofRule(Decision decided) {
    return switch (decided) {
      case HIDDEN -> "it is hidden from everybody";
      case NOT_A_CLIENT -> "the client is not on its list" + list();
      case NO_ACCESS -> "nobody has access";
      case READ_ONLY -> "it may only be read";
      case WRONG_VERSION ->
          version == null
              ? UNKNOWN_VERSION
              : "NFSv%s is not allowed%s".formatted(version.word(), versions());
      case WRONG_FLAVOR -> "the flavor %s is not allowed%s".formatted(word(security), flavors());
      case WRONG_TRANSPORT ->
          "its connection has %s, which is not allowed%s".formatted(protection(), transports());
      case WRONG_CERTIFICATE -> certificate() + certificates();
      case OPAQUE ->
          "Kerberos keeps the call from being read or changed, so that no rule could be applied";
      case ALLOWED -> "nothing is in the way";
    };
  }

  private String withoutRule() {
    return switch (why) {
      case UNKNOWN_OPERATIONS -> "no table of this proxy has the operation";
      case REDIRECTION -> "it would lead the client past this proxy";
      case READ_OTHERWISE -> "there are servers that read it otherwise than the RFCs have it";
      case TRANSPORT -> "its connection has no TLS, which is required of all";
      case VERSIONS ->
          version == null
              ? UNKNOWN_VERSION
              : "NFSv%s is allowed on no export".formatted(version.word());
      default -> "no rule did it";
    };
  }

  private String cure(String where) {
    return switch (why) {
      case HIDDEN -> "`hidden: false` in %s, if it should be seen".formatted(where);
      case CLIENTS ->
          "put the address on `clients` of %s, if it is a client of this export".formatted(where);
      case ACCESS ->
          decision == Decision.READ_ONLY
              ? "`access: rw` in %s, if it may be written; else mount it with `ro`".formatted(where)
              : "`access: ro` or `rw` in %s, if it may be used".formatted(where);
      case VERSIONS ->
          version == null
              ? "mount with another `vers=`"
              : "mount with another `vers=`, or put \"%s\" on `versions` of %s"
                  .formatted(version.word(), where);
      case SECURITY ->
          "mount with another `sec=`, or put \"%s\" on `security` of %s"
              .formatted(word(security), where);
      case TRANSPORT ->
          rule.equals(RefusingRule.NONE)
              ? "mount with `xprtsec=tls` or `mtls`: docs/guide/tls.md"
              : "mount with another `xprtsec=` (docs/guide/tls.md), or put \"%s\" on `transport` of %s"
                  .formatted(peer.transport().word(), where);
      case CERTIFICATES ->
          "put the name on `certificates` of %s, if it is a client of this export".formatted(where);
      case OPAQUE ->
          "mount with `sec=krb5`, or `opaque: forward` in %s, which leaves such calls to the origin"
              .formatted(where);
      case UNKNOWN_OPERATIONS ->
          "`calls.unknownOperations: forward`, which helps where no rule forbids anything to this"
              + " client and there is no cache";
      case REDIRECTION -> "none is needed, clients go on without: docs/guide/redirection.md";
      case READ_OTHERWISE ->
          "no client in use is known to send it: docs/decisions/0101-what-servers-read-differently.md";
      case ORIGIN -> "the origin's log";
    };
  }

  private String list() {
    return parameters == null || parameters.clients().texts().isEmpty()
        ? ""
        : parameters.clients().texts().stream()
            .limit(8)
            .collect(Collectors.joining(", ", ", ", ""));
  }

  private String versions() {
    return parameters == null
        ? ""
        : words(parameters.versions().stream().map(NfsVersion::word).toList());
  }

  private String flavors() {
    return parameters == null
        ? ""
        : words(parameters.security().stream().map(Security::word).toList());
  }

  private String protection() {
    return switch (peer.transport()) {
      case NONE -> "no TLS";
      case TLS -> "TLS without a certificate of the client";
      case MTLS -> "TLS with a certificate of the client";
    };
  }

  private String transports() {
    return parameters == null
        ? ""
        : words(parameters.transport().stream().map(TransportSecurity::word).toList());
  }

  private String certificate() {
    return peer.names() == null
        ? "the client has shown no certificate, and must have one of the names"
        : "the client's certificate, of %s, has none of the names"
            .formatted(Printable.text(peer.names().shown(), NAME_CHARS_MAX));
  }

  private String certificates() {
    return parameters == null || parameters.certificates().texts().isEmpty()
        ? ""
        : parameters.certificates().texts().stream()
            .limit(8)
            .collect(Collectors.joining(", ", " ", ""));
  }

  private static String words(Collection<String> allowed) {
    return allowed.isEmpty() ? ", and no other" : "; allowed: " + String.join(", ", allowed);
  }

  private static String word(@Nullable Security security) {
    return security == null ? "of the call" : security.word();
  }
}
