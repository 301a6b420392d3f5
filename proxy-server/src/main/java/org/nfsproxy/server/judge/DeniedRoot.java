package org.nfsproxy.server.judge;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;

/** Tells which key makes root a nobody, when the origin denies root of a client something. */
// Root is squashed here unless it is told not to, as exports(5) does, and at the origin too. A
// client sees "Permission denied" for root, and nothing says who of the two it was.
public final class DeniedRoot {
  /** Clients that are told; as many as there may be connections by default. */
  private static final int CLIENTS_MAX = 4096;

  private final Set<InetAddress> told = ConcurrentHashMap.newKeySet();

  /** Nobody was denied anything yet. */
  public DeniedRoot() {}

  /**
   * Whether a client is to be told of, which is once.
   *
   * @return false from the second time on
   */
  public boolean isFirst(InetAddress client) {
    return !told.contains(client) && told.size() < CLIENTS_MAX && told.add(client);
  }

  /**
   * What is said of it.
   *
   * @param operation what was denied, in words
   * @param export where; null if it is not known
   */
  public static String line(
      InetAddress client, String operation, @Nullable Export export, Rules rules) {
    Parameters parameters =
        export == null || rules.isUniform() ? rules.root() : ExportParameters.of(export, rules);
    Squash squash = parameters.squashing().squash();
    String where = export == null ? "" : " on " + export;
    String why =
        squash == Squash.NONE
            ? "this proxy leaves root as it is, so the origin does not (root_squash) or lets nobody"
                + " do that. Cure, if root of the clients should be root there: no_root_squash at the"
                + " origin for this proxy's address"
            : "this proxy makes it a nobody, by `squash` of %s. Cure, if root of the clients should be root there: `squash: none`, with no_root_squash at the origin for this proxy's address"
                .formatted(ruleOf(export, rules));
    return "root of client %s was denied %s%s by the origin: %s. This is said once for each client"
        .formatted(client.getHostAddress(), operation, where, why);
  }

  private static String ruleOf(@Nullable Export export, Rules rules) {
    String known = export == null ? null : export.path();
    ExportPath path = known == null ? null : ExportPath.of(known);
    String rule =
        RefusingRule.ofSquash(
            rules, path, export == null ? List.of() : ExportParameters.named(export.fsids()));
    return rule.equals(RefusingRule.PARAMETERS) ? "`exports.parameters`" : "the rule for " + rule;
  }
}
