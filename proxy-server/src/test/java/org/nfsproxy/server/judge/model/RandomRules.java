package org.nfsproxy.server.judge.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
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
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;

/** Rules at random for the filesystems of a {@link Namespace}, and what they come to for each. */
final class RandomRules {
  private static final List<String> SOME_CLIENTS = List.of("10.0.0.0/8");
  private static final int KINDS = 8;

  private final Random random;
  private final Parameters base;
  private final Map<ModelFilesystem, Parameters> expected = new HashMap<>();
  final boolean areOfPaths;
  final Rules rules;

  RandomRules(Random random, Namespace namespace) {
    this.random = random;
    this.areOfPaths =
        random.nextInt(4) == 0
            && namespace.filesystems.stream().allMatch(each -> namespace.pathOf(each) != null);
    this.base = base();
    Map<ModelFilesystem, Overrides> chosen = new HashMap<>();
    List<Rule> all = new ArrayList<>();
    int kinds = 1 + random.nextInt(KINDS);
    for (ModelFilesystem filesystem : namespace.filesystems) {
      boolean isRuled = random.nextInt(5) > 1 && !(areOfPaths && filesystem.index == 0);
      if (isRuled) {
        Overrides overrides = overrides(filesystem, kinds);
        chosen.put(filesystem, overrides);
        all.add(rule(namespace, filesystem, overrides));
      }
    }
    this.rules = new Rules(base, all);
    for (ModelFilesystem filesystem : namespace.filesystems) {
      expected.put(filesystem, expected(namespace, filesystem, chosen));
    }
  }

  /** What holds for a filesystem from the start on, wherever it is shown later. */
  Parameters of(ModelFilesystem filesystem) {
    return expected.get(filesystem);
  }

  private Rule rule(Namespace namespace, ModelFilesystem filesystem, Overrides overrides) {
    return areOfPaths
        ? Rule.of(ExportPath.of(namespace.pathOf(filesystem)), overrides)
        : Rule.of(new Fsid(filesystem.fsidMajor, filesystem.fsidMinor), overrides);
  }

  private Parameters expected(
      Namespace namespace, ModelFilesystem filesystem, Map<ModelFilesystem, Overrides> chosen) {
    if (!areOfPaths) {
      Overrides own = chosen.get(filesystem);
      return own == null ? base : own.over(base);
    }
    String path = namespace.pathOf(filesystem);
    List<ModelFilesystem> above = new ArrayList<>(chosen.keySet());
    above.removeIf(other -> !isIn(path, namespace.pathOf(other)));
    above.sort((one, other) -> namespace.pathOf(one).length() - namespace.pathOf(other).length());
    Parameters parameters = base;
    for (ModelFilesystem each : above) {
      parameters = chosen.get(each).over(parameters);
    }
    return parameters;
  }

  private static boolean isIn(String path, String tree) {
    return path.equals(tree) || path.startsWith(tree + "/");
  }

  private Parameters base() {
    Squash squash = random.nextInt(4) == 0 ? Squash.ROOT : Squash.NONE;
    return new Parameters(
        ClientMatch.of(List.of("*")),
        random.nextInt(6) == 0 ? Access.RO : Access.RW,
        new Squashing(squash, 1999, 1999),
        EnumSet.of(Security.SYS, Security.NONE),
        EnumSet.allOf(NfsVersion.class),
        false,
        UnreadableCalls.REFUSE,
        TransportSecurity.ALL,
        CertificateMatch.EVERYBODY,
        Caching.ON);
  }

  private Overrides overrides(ModelFilesystem filesystem, int kinds) {
    ClientMatch clients = null;
    Access access = null;
    Squash squash = null;
    Set<Security> security = null;
    Set<NfsVersion> versions = null;
    Boolean hidden = null;
    int settings = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < settings; i++) {
      switch (random.nextInt(kinds)) {
        case 0 -> access = Access.RO;
        case 1 -> access = Access.NONE;
        case 2 -> squash = Squash.ALL;
        case 3 -> squash = random.nextBoolean() ? Squash.ROOT : Squash.NONE;
        case 4 -> hidden = true;
        case 5 -> clients = ClientMatch.of(SOME_CLIENTS);
        case 6 ->
            versions =
                random.nextBoolean()
                    ? EnumSet.of(NfsVersion.V4_1)
                    : EnumSet.of(NfsVersion.V4_0, NfsVersion.V4_2);
        default -> security = EnumSet.of(random.nextBoolean() ? Security.SYS : Security.NONE);
      }
    }
    access = access == null && random.nextBoolean() ? Access.RW : access;
    int anonymous = 2000 + filesystem.index;
    return new Overrides(
        clients, access, squash, anonymous, anonymous, security, versions, hidden, null, null, null,
        null);
  }
}
