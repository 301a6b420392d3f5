package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RulePathsTest {
  private static final Parameters PARAMETERS =
      new Parameters(
          ClientMatch.of(List.of("*")),
          Access.RW,
          new Squashing(Squash.ROOT, 1, 1),
          EnumSet.allOf(Security.class),
          EnumSet.allOf(NfsVersion.class),
          false,
          UnreadableCalls.REFUSE,
          TransportSecurity.ALL,
          CertificateMatch.EVERYBODY,
          Caching.ON);

  private static final Overrides NONE =
      new Overrides(null, Access.NONE, null, null, null, null, null, null, null, null, null, null);

  private static final Rules RULES =
      new Rules(
          PARAMETERS,
          List.of(
              Rule.of(ExportPath.of("/both"), NONE),
              Rule.of(ExportPath.of("/srv/data"), NONE),
              Rule.of(ExportPath.of("/data"), NONE),
              Rule.of(ExportPath.of("/not yet there"), NONE),
              Rule.of(new Fsid(1, 2), NONE)));

  private static final Map<String, Set<Integer>> FOUND =
      Map.of("/both", Set.of(3, 4), "/srv/data", Set.of(3), "/data", Set.of(4));

  private static List<String> warnings(Set<Integer> served) {
    return RulePaths.warnings(RULES, served, path -> FOUND.getOrDefault(path, Set.of()));
  }

  @Test
  void path_foundInOneVersionOnly_isNamedWithTheCure() {
    List<String> warnings = warnings(Set.of(3, 4));

    assertEquals(2, warnings.size());
    assertTrue(
        warnings.get(0).startsWith("the rule for path /srv/data is found in NFSv3, not in NFSv4"));
    assertTrue(
        warnings.get(1).startsWith("the rule for path /data is found in NFSv4, not in NFSv3"));
    assertTrue(warnings.get(1).endsWith("write the same rule for that path, or for the fsid"));
  }

  @Test
  void path_foundInTheOnlyVersionThatIsServed_isNotNamed() {
    assertEquals(1, warnings(Set.of(4)).size());
    assertTrue(warnings(Set.of(4)).get(0).contains("/srv/data"));
    assertEquals(List.of(), warnings(Set.of()));
  }
}
