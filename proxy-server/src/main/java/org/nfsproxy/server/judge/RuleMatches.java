package org.nfsproxy.server.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Spelling;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.text.Printable;

/** Which of the filesystems that are known each rule holds for. */
// A rule that holds for nothing looks like one that works: a path with a typo in it leaves what was
// meant open to everybody. Nobody can tell a typo from a filesystem that is mounted later, so it is
// said, with the nearest path there is, and nothing is refused.
public final class RuleMatches {
  /** Rules that are told by themselves; of more, the number. */
  private static final int TOLD_MAX = 20;

  /** Paths that a rule's is compared with: some milliseconds for each rule. */
  private static final int COMPARED_MAX = 4096;

  private static final int PATH_CHARS_MAX = 200;

  private static final int NUMBERS_MAX = 8;

  private final Map<Rule, Set<Export>> matches = new LinkedHashMap<>();
  private final List<Export> known;

  private RuleMatches(Rules rules, List<Export> exports) {
    known = exports.stream().filter(export -> export.state() != State.GONE).toList();
    if (rules.ofRoot() != null) {
      matches.put(rules.ofRoot(), new LinkedHashSet<>(known));
    }
    rules.rules().forEach(rule -> matches.put(rule, new LinkedHashSet<>()));
    for (Export export : known) {
      List<Fsid> fsids = ExportParameters.named(export.fsids());
      add(rules.holdingFor(ExportPath.ROOT, fsids), export);
      for (String path : export.paths()) {
        add(rules.holdingFor(ExportPath.of(path), List.of()), export);
      }
    }
  }

  private void add(List<Rule> holding, Export export) {
    holding.forEach(
        rule -> Objects.requireNonNull(matches.get(rule), "it is of these rules").add(export));
  }

  /**
   * Compares rules with what is known.
   *
   * @return what each holds for
   */
  public static RuleMatches of(Rules rules, List<Export> exports) {
    return new RuleMatches(rules, exports);
  }

  /**
   * What each rule holds for; not those exports whose place nobody knows, for which any rule of a
   * path may hold.
   *
   * @return the rules in their order, that for "/" first
   */
  public Map<Rule, Set<Export>> all() {
    return matches;
  }

  /**
   * What an administrator should read about rules that hold for nothing.
   *
   * @return lines; none as long as nothing of the origin has been met
   */
  public List<String> warnings() {
    if (isNothingMet()) {
      long rules = matches.keySet().stream().filter(rule -> !isOfRoot(rule)).count();
      return rules == 0
          ? List.of()
          : List.of(
              "no filesystem of the origin has been met yet, so that nobody can tell whether the %d"
                      .formatted(rules)
                  + " rules of `exports.rules` hold for anything. What the log says of the origin says"
                  + " why: MOUNT that was not found, for one, keeps its paths unknown");
    }
    List<Rule> none =
        matches.entrySet().stream()
            .filter(each -> each.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    List<String> lines = new ArrayList<>(none.stream().limit(TOLD_MAX).map(this::warning).toList());
    List<Rule> wider =
        matches.keySet().stream().filter(rule -> holdsForMore(rule) != null).toList();
    wider.stream().limit(TOLD_MAX).map(rule -> String.valueOf(wideRule(rule))).forEach(lines::add);
    if (wider.size() > TOLD_MAX) {
      lines.add(
          "%d more rules are for a directory and hold for a whole filesystem: GET /rules tells which"
              .formatted(wider.size() - TOLD_MAX));
    }
    if (none.size() > TOLD_MAX) {
      lines.add(
          "%d more rules hold for no filesystem that is known: GET /rules tells which"
              .formatted(none.size() - TOLD_MAX));
    }
    return lines;
  }

  /**
   * Whether nothing of the origin is known, so that nothing can be said of any rule.
   *
   * @return true before anything of it was met
   */
  public boolean isNothingMet() {
    return known.stream().allMatch(export -> export.fsids().isEmpty());
  }

  private boolean isOfRoot(Rule rule) {
    return rule.path() != null && rule.path().equals(ExportPath.ROOT);
  }

  // A filehandle does not tell in which directory it is. What is mounted at "/" is left out: MOUNT
  // may know the same root by another name.
  private @Nullable Export holdsForMore(Rule rule) {
    ExportPath path = rule.path();
    if (path == null || isOfRoot(rule)) {
      return null;
    }
    for (Export export : Objects.requireNonNull(matches.get(rule), "it is of these rules")) {
      String root = export.path();
      boolean isAt = export.paths().contains(path.toString());
      if (root != null && isAt && root.length() > 1 && path.toString().startsWith(root + "/")) {
        return export;
      }
    }
    return null;
  }

  /**
   * What is said of a rule for a directory, which holds for all of the filesystem around it.
   *
   * @return a line; null if it is for a filesystem's root, as far as is known
   */
  public @Nullable String wideRule(Rule rule) {
    Export export = holdsForMore(rule);
    return export == null
        ? null
        : "the rule for %s is for a directory within the filesystem at %s, and holds for all of that"
                .formatted(rule, Printable.text(String.valueOf(export.path()), PATH_CHARS_MAX))
            + " filesystem: a filehandle does not tell in which directory it is. Write the path of"
            + " the filesystem if that is meant; else give the directory a filesystem of its own";
  }

  /** What is said of a rule that holds for nothing. */
  public String warning(Rule rule) {
    return "the rule for %s holds for no filesystem that is known.%s If it is misspelt, what was meant is open to whoever may use the rest; if it is mounted later, the rule holds from then on"
        .formatted(
            Printable.text(rule.toString(), PATH_CHARS_MAX),
            rule.path() == null ? numbers() : guess(rule.path()));
  }

  // Numbers look alike, so a guess would be any.
  private String numbers() {
    String some =
        known.stream()
            .flatMap(export -> ExportParameters.named(export.fsids()).stream())
            .map(Fsid::toString)
            .distinct()
            .limit(NUMBERS_MAX)
            .collect(Collectors.joining(", "));
    return " Known are " + some + (known.size() > NUMBERS_MAX ? " and others." : ".");
  }

  private String guess(ExportPath path) {
    return meant(path)
        .map(near -> " Did you mean %s?".formatted(Printable.text(near, PATH_CHARS_MAX)))
        .orElse("");
  }

  /** The nearest path, or the path with the nearest beginning. */
  private Optional<String> meant(ExportPath path) {
    List<String> names = path.components();
    for (int end = names.size(); end > 0; end--) {
      String beginning = new ExportPath(names.subList(0, end)).toString();
      if (paths().anyMatch(beginning::equals)) {
        break;
      }
      Optional<String> near =
          Spelling.nearest(beginning, paths().filter(each -> isAsLong(each, beginning)).toList());
      if (near.isPresent()) {
        String rest = String.join("/", names.subList(end, names.size()));
        return Optional.of(rest.isEmpty() ? near.get() : near.get() + "/" + rest);
      }
    }
    return paths().filter(each -> hasNameOf(path, each)).findFirst();
  }

  private Stream<String> paths() {
    return known.stream()
        .flatMap(export -> export.paths().stream())
        .filter(path -> !path.equals("/"))
        .distinct()
        .limit(COMPARED_MAX);
  }

  private static boolean isAsLong(String path, String other) {
    return 3 * Math.abs(path.length() - other.length()) <= Math.max(path.length(), other.length());
  }

  /** Another place whose last name is the same: what MNT calls /export/home may be /home. */
  private static boolean hasNameOf(ExportPath rule, String path) {
    List<String> names = ExportPath.of(path).components();
    List<String> wanted = rule.components();
    return Objects.equals(names.get(names.size() - 1), wanted.get(wanted.size() - 1));
  }
}
