package org.nfsproxy.server.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which rule it was that refused: what an administrator has to change. */
// Asked for refused calls only, so nothing is kept for it. What decides is the value of one key;
// the rule that set it last is the one to look at.
public final class RefusingRule {
  /** No rule: what holds for all exports. */
  public static final String PARAMETERS = "exports.parameters";

  /** Not one rule by itself. */
  public static final String SEVERAL = "several";

  /** No rule has a part in it. */
  public static final String NONE = "none";

  private RefusingRule() {}

  /**
   * The rule that refuses something in a filesystem with a place.
   *
   * @param paths its paths, one or more, that of its root first
   * @return a rule's text, {@link #PARAMETERS} or {@link #SEVERAL}
   */
  public static String of(
      Rules rules,
      List<ExportPath> paths,
      Collection<Fsid> fsids,
      Decision decision,
      Predicate<Parameters> refuses) {
    List<Rule> holding = new ArrayList<>(rules.holdingFor(paths.get(0), fsids));
    for (int i = holding.size() - 1; i >= 0; i--) {
      if (sets(holding.get(i), decision)) {
        if (refuses.test(holding.get(i).overrides().over(rules.root()))) {
          return holding.get(i).toString();
        }
        break;
      }
    }
    for (ExportPath path : paths) {
      for (Rule rule : rules.holdingFor(path, List.of())) {
        if (sets(rule, decision) && refuses.test(rule.overrides().over(rules.root()))) {
          return rule.toString();
        }
      }
    }
    return refuses.test(rules.root()) ? ofRoot(rules, decision) : SEVERAL;
  }

  /**
   * The rule that refuses something of which nobody can say in which filesystem it is: there, the
   * strictest of all counts.
   *
   * @return a rule's text, {@link #PARAMETERS} or {@link #SEVERAL}
   */
  public static String ofUnplaced(Rules rules, Decision decision, Predicate<Parameters> refuses) {
    if (refuses.test(rules.root())) {
      return ofRoot(rules, decision);
    }
    List<Rule> setting = rules.rules().stream().filter(rule -> sets(rule, decision)).toList();
    return setting.size() == 1 ? setting.get(0).toString() : SEVERAL;
  }

  /**
   * The rule that says whose identity is taken away in a filesystem.
   *
   * @param path where it is; null if nobody knows
   * @return a rule's text, or {@link #PARAMETERS}
   */
  public static String ofSquash(Rules rules, @Nullable ExportPath path, Collection<Fsid> fsids) {
    List<Rule> holding = path == null ? List.of() : new ArrayList<>(rules.holdingFor(path, fsids));
    for (int i = holding.size() - 1; i >= 0; i--) {
      if (holding.get(i).overrides().squash() != null) {
        return holding.get(i).toString();
      }
    }
    Rule root = rules.ofRoot();
    return root != null && root.overrides().squash() != null ? root.toString() : PARAMETERS;
  }

  private static String ofRoot(Rules rules, Decision decision) {
    Rule root = rules.ofRoot();
    return root != null && sets(root, decision) ? root.toString() : PARAMETERS;
  }

  /**
   * All names that may be given.
   *
   * @return those of the rules, and the words
   */
  public static List<String> names(Rules rules) {
    List<String> names = new ArrayList<>(List.of(PARAMETERS, SEVERAL, NONE));
    Rule root = rules.ofRoot();
    if (root != null) {
      names.add(root.toString());
    }
    rules.rules().forEach(rule -> names.add(rule.toString()));
    return names;
  }

  private static boolean sets(Rule rule, Decision decision) {
    Overrides set = rule.overrides();
    return switch (decision) {
      case HIDDEN -> set.hidden() != null;
      case NOT_A_CLIENT -> set.clients() != null;
      case NO_ACCESS, READ_ONLY -> set.access() != null;
      case WRONG_VERSION -> set.versions() != null;
      case WRONG_FLAVOR -> set.security() != null;
      case WRONG_TRANSPORT -> set.transport() != null;
      case WRONG_CERTIFICATE -> set.certificates() != null;
      case OPAQUE, ALLOWED -> true;
    };
  }
}
