package org.nfsproxy.server.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** Whether the paths that rules name are found in all versions of NFS in which they should hold. */
// An origin may have two names for a filesystem: NFS-Ganesha has Path, which MNT takes, and Pseudo,
// which NFSv4 walks. A rule that names one of them holds in both if the origin's handles show that
// it is one filesystem. If they do not, it looks as if it held, and does not.
public final class RulePaths {
  private RulePaths() {}

  /**
   * What an administrator should read about them.
   *
   * @param served the versions of NFS, of 3 and 4, in which a path can be found
   * @param foundIn in which of them that of a rule is known; empty if it is known in none, which is
   *     no fault: it may be mounted later
   * @return a line for each that is found in some of them only
   */
  public static List<String> warnings(
      Rules rules, Set<Integer> served, Function<String, Set<Integer>> foundIn) {
    List<String> warnings = new ArrayList<>();
    rules.rules().stream()
        .map(Rule::path)
        .filter(Objects::nonNull)
        .map(ExportPath::toString)
        .forEach(
            path -> {
              Set<Integer> found = foundIn.apply(path);
              for (int nfsVersion : served) {
                if (!found.isEmpty() && !found.contains(nfsVersion)) {
                  warnings.add(warning(path, nfsVersion));
                }
              }
            });
    return warnings;
  }

  private static String warning(String path, int missing) {
    int found = missing == 3 ? 4 : 3;
    return "the rule for path %s is found in NFSv%d, not in NFSv%d: there it holds for nothing."
            .formatted(path, found, missing)
        + " If the origin has another name for the filesystem there (Ganesha: Path, Pseudo), write the"
        + " same rule for that path, or for the fsid";
  }
}
