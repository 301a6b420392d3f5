package org.nfsproxy.server.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
  private static final Fsid FSID = new Fsid(0x801, 0);
  private static final ClientMatch EVERYBODY = ClientMatch.of(List.of("*"));
  private static final Parameters ROOT =
      new Parameters(
          EVERYBODY,
          Access.RW,
          new Squashing(Squash.ROOT, 65534, 65534),
          EnumSet.allOf(Security.class),
          EnumSet.allOf(NfsVersion.class),
          false,
          UnreadableCalls.REFUSE,
          TransportSecurity.ALL,
          CertificateMatch.EVERYBODY,
          Caching.ON);

  private static Overrides access(Access access) {
    return new Overrides(null, access, null, null, null, null, null, null, null, null, null, null);
  }

  private static Overrides anonUid(int uid) {
    return new Overrides(null, null, null, uid, null, null, null, null, null, null, null, null);
  }

  private static Overrides squash(Squash squash) {
    return new Overrides(null, null, squash, null, null, null, null, null, null, null, null, null);
  }

  private static Overrides hidden(boolean hidden) {
    return new Overrides(null, null, null, null, null, null, null, hidden, null, null, null, null);
  }

  private static Overrides cache(Caching cache) {
    return new Overrides(null, null, null, null, null, null, null, null, null, null, null, cache);
  }

  private static Rule rule(String path, Overrides overrides) {
    return Rule.of(ExportPath.of(path), overrides);
  }

  private static Rules rules(Rule... rules) {
    return new Rules(ROOT, List.of(rules));
  }

  private static Parameters of(Rules rules, String path) {
    return rules.parameters(ExportPath.of(path), FSID);
  }

  @ParameterizedTest
  @CsvSource({
    "/a,     /a,      true",
    "/a,     /a/b,    true",
    "/a,     /a/b/c,  true",
    "/a,     /ab,     false",
    "/a,     /,       false",
    "/a,     /b/a,    false",
    "/a/b,   /a,      false",
    "/a/b,   /a//b/,  true",
    "/a/b,   /a/b c,  false",
    "/a//b/, /a/b,    true",
    "/A,     /a,      false",
    "/,      /,       true",
    "/,      /a,      true",
  })
  void path_coversWholeComponents(String rule, String export, boolean covers) {
    assertEquals(covers, ExportPath.of(rule).covers(ExportPath.of(export)));
  }

  // A model that knows nothing but texts: the components that a rule names, joined and closed by a
  // slash, are the beginning of the export's. Few names, so that paths often meet.
  @Test
  void parameters_areAsAModelOfTextsSays() {
    Random random = new Random(42);
    int longest = 0;
    for (int round = 0; round < 3000; round++) {
      List<Rule> rules = new ArrayList<>();
      Set<String> taken = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        String path = randomPath(random, 4);
        if (taken.add(path)) {
          rules.add(
              rule(
                  path,
                  new Overrides(
                      null,
                      null,
                      null,
                      random.nextBoolean() ? i : null,
                      random.nextBoolean() ? 100 + i : null,
                      null,
                      null,
                      random.nextBoolean() ? random.nextBoolean() : null,
                      null,
                      null,
                      null,
                      null)));
        }
      }
      String export = randomPath(random, 6);
      Parameters expected = ROOT;
      for (int length = 0; length <= export.length(); length++) {
        String beginning = export.substring(0, length);
        for (Rule each : rules) {
          if (closed(each.path().toString()).equals(beginning)) {
            expected = each.overrides().over(expected);
            longest = Math.max(longest, each.path().components().size());
          }
        }
      }
      Rules read = new Rules(ROOT, rules);
      assertEquals(expected, read.parameters(ExportPath.of(export), null), export + " " + rules);
    }
    assertEquals(4, longest);
  }

  @Test
  void ruleForADirectoryInsideAFilesystem_restrictsItAsAWhole_andLoosensNothing() {
    List<ExportPath> home = List.of(ExportPath.of("/home"), ExportPath.of("/home/alice"));

    Rules closed = rules(rule("/home/alice", access(Access.NONE)));
    assertEquals(Access.NONE, closed.parameters(home, List.of()).access());

    Rules opened = rules(rule("/home", access(Access.RO)), rule("/home/alice", access(Access.RW)));
    assertEquals(Access.RO, opened.parameters(home, List.of()).access());

    Rules elsewhere = rules(rule("/home/bob", access(Access.NONE)));
    assertEquals(ROOT, elsewhere.parameters(home, List.of()));
  }

  @Test
  void filesystemOfSeveralNumbers_isHeldToTheRuleOfAny() {
    Rules rules = rules(Rule.of(FSID, access(Access.RO)));
    List<ExportPath> path = List.of(ExportPath.of("/a"));
    assertEquals(Access.RO, rules.parameters(path, List.of(new Fsid(7, 7), FSID)).access());
    assertEquals(ROOT, rules.parameters(path, List.of(new Fsid(7, 7))));
  }

  private static String randomPath(Random random, int most) {
    StringBuilder path = new StringBuilder("/");
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      path.append(List.of("a", "b", "ab").get(random.nextInt(3))).append('/');
    }
    return path.toString();
  }

  private static String closed(String path) {
    return path.endsWith("/") ? path : path + "/";
  }

  @Test
  void forEachKey_theLongestPathWins_inWhateverOrderTheyStand() {
    Rule outer = rule("/a", access(Access.RO));
    Rule middle = rule("/a/b", anonUid(7));
    Rule inner = rule("/a/b/c", access(Access.NONE));
    for (Rules each : List.of(rules(outer, middle, inner), rules(inner, middle, outer))) {
      assertEquals(ROOT, of(each, "/"));
      assertEquals(Access.RO, of(each, "/a").access());
      assertEquals(Access.RO, of(each, "/a/b").access());
      assertEquals(7, of(each, "/a/b").squashing().anonUid());
      assertEquals(Access.NONE, of(each, "/a/b/c/d").access());
      assertEquals(7, of(each, "/a/b/c/d").squashing().anonUid());
    }
  }

  @Test
  void ruleOfAFsid_beatsTheLongestPath_inTheKeysItSets() {
    Rules rules =
        rules(
            Rule.of(FSID, access(Access.RW)),
            rule("/a", anonUid(7)),
            rule("/a/b", access(Access.NONE)));
    assertEquals(Access.RW, of(rules, "/a/b").access());
    assertEquals(7, of(rules, "/a/b").squashing().anonUid());
    Fsid other = new Fsid(0x801, 1);
    assertEquals(Access.NONE, rules.parameters(ExportPath.of("/a/b"), other).access());
    assertEquals(Access.NONE, rules.parameters(ExportPath.of("/a/b"), null).access());
  }

  @Test
  void ruleOfTheRoot_isTheRootsParameters() {
    Rules rules = rules(rule("/", access(Access.RO)));
    assertEquals(Access.RO, rules.root().access());
    assertEquals(Access.RO, of(rules, "/a").access());
    assertTrue(rules.isUniform());
    assertEquals(List.of(), rules.rules());
  }

  @Test
  void twoRulesForOnePlace_areRefused() {
    Rule one = rule("/a", access(Access.RO));
    Rule other = rule("/a/", access(Access.NONE));
    assertThrows(IllegalArgumentException.class, () -> rules(one, other));
    Rule fsid = Rule.of(FSID, access(Access.RO));
    assertThrows(IllegalArgumentException.class, () -> rules(fsid, fsid));
    assertThrows(IllegalArgumentException.class, () -> new Rule(null, null, access(Access.RO)));
    assertThrows(
        IllegalArgumentException.class, () -> new Rule(ExportPath.ROOT, FSID, access(Access.RO)));
  }

  @Test
  void disconnectedFilesystem_isHeldToTheStrictestPath() {
    Rules rules =
        rules(
            rule("/a", access(Access.RO)),
            rule("/b", hidden(true)),
            rule("/c", clients("10.0.0.0/8")),
            rule("/d", squash(Squash.ALL)),
            Rule.of(FSID, hidden(false)),
            Rule.of(new Fsid(9, 9), access(Access.NONE)));
    Parameters known = rules.ofDisconnected(FSID);
    assertEquals(Access.RO, known.access());
    assertFalse(known.hidden());
    assertFalse(known.clients().matches(ClientAddress.of(new byte[] {11, 0, 0, 1})));
    assertTrue(known.clients().matches(ClientAddress.of(new byte[] {10, 0, 0, 1})));
    assertEquals(new Squashing(Squash.ALL, 65534, 65534), known.squashing());
    assertTrue(rules.ofDisconnected(new Fsid(1, 1)).hidden());
    assertEquals(Access.NONE, rules.ofDisconnected(new Fsid(9, 9)).access());
    assertEquals(Access.NONE, rules.ofUnseen().access());
    // A number that no rule names may be another one of a filesystem that a rule names.
    assertEquals(rules.ofUnseen(), rules.ofDisconnected(new Fsid(1, 1)));
    assertEquals(rules.ofUnseen(), rules.ofDisconnected(null));
  }

  private static Overrides clients(String text) {
    ClientMatch clients = ClientMatch.of(List.of(text));
    return new Overrides(clients, null, null, null, null, null, null, null, null, null, null, null);
  }

  private static boolean letsIn(Rules rules, int firstByte) {
    byte[] address = {(byte) firstByte, 0, 0, 1};
    return rules.letsIn(Peer.plain(ClientAddress.of(address)), NfsVersion.V3);
  }

  @Test
  void client_isLetIn_ifSomeRuleLetsItInSomewhere() {
    Rule some = rule("/", clients("10.0.0.0/8"));
    assertTrue(letsIn(rules(some), 10));
    assertFalse(letsIn(rules(some), 11));
    assertTrue(letsIn(rules(some, rule("/a", clients("11.0.0.0/8"))), 11));
    assertTrue(letsIn(rules(some, Rule.of(FSID, clients("11.0.0.0/8"))), 11));
    Rule none = rule("/", access(Access.NONE));
    assertFalse(letsIn(rules(none), 10));
    assertTrue(letsIn(rules(none, rule("/a/b", access(Access.RO))), 10));
    assertFalse(letsIn(rules(none, rule("/a/b", clients("*"))), 10));
    assertTrue(
        letsIn(
            rules(none, rule("/a", access(Access.RO)), Rule.of(FSID, clients("11.0.0.0/8"))), 11));
  }

  // Whatever the strictest allows, the parameters of every place allow.
  @Test
  void strictest_allowsNothingThatSomePlaceRefuses() {
    Random random = new Random(7);
    int allowed = 0;
    for (int round = 0; round < 3000; round++) {
      List<Rule> rules = new ArrayList<>();
      Set<String> places = new HashSet<>();
      for (int i = 0; i < 3; i++) {
        String path = randomPath(random, 3);
        if (places.add(path)) {
          rules.add(rule(path, randomOverrides(random)));
        }
      }
      Fsid fsid = new Fsid(random.nextInt(2), 0);
      rules.add(Rule.of(fsid, randomOverrides(random)));
      Rules read = new Rules(ROOT, rules);
      Peer client = Peer.plain(ClientAddress.of(new byte[] {10, 0, 0, (byte) random.nextInt(3)}));
      Security security = Security.values()[random.nextInt(5)];
      NfsVersion version = NfsVersion.values()[random.nextInt(5)];
      boolean writes = random.nextBoolean();
      Parameters disconnected = read.ofDisconnected(fsid);
      Parameters unseen = read.ofUnseen();
      places.add("/elsewhere/");
      for (String place : places) {
        Parameters there = read.parameters(ExportPath.of(place + "x"), fsid);
        Parameters other = read.parameters(ExportPath.of(place + "x"), null);
        Decision decision = Decision.of(there, client, security, version, writes);
        if (Decision.of(disconnected, client, security, version, writes) == Decision.ALLOWED) {
          assertEquals(Decision.ALLOWED, decision);
          allowed++;
        }
        if (Decision.of(unseen, client, security, version, writes) == Decision.ALLOWED) {
          assertEquals(Decision.ALLOWED, decision);
          assertEquals(Decision.ALLOWED, Decision.of(other, client, security, version, writes));
          allowed++;
        }
      }
    }
    assertTrue(allowed > 1000, "" + allowed);
  }

  private static Overrides randomOverrides(Random random) {
    return new Overrides(
        random.nextInt(4) == 0 ? ClientMatch.of(List.of("10.0.0.1")) : null,
        random.nextInt(4) == 0 ? Access.values()[random.nextInt(3)] : null,
        random.nextInt(4) == 0 ? Squash.values()[random.nextInt(3)] : null,
        null,
        null,
        random.nextInt(4) == 0 ? EnumSet.of(Security.SYS, Security.KRB5) : null,
        random.nextInt(4) == 0 ? EnumSet.of(NfsVersion.V3, NfsVersion.V4_1) : null,
        random.nextInt(8) == 0 ? random.nextBoolean() : null,
        random.nextInt(4) == 0 ? UnreadableCalls.values()[random.nextInt(2)] : null,
        null,
        null,
        null);
  }

  @Test
  void uniform_isWithoutRules_orWithRulesThatChangeNothing() {
    assertTrue(rules().isUniform());
    assertTrue(rules(rule("/a", access(Access.RW)), Rule.of(FSID, hidden(false))).isUniform());
    assertFalse(rules(rule("/a", access(Access.RO))).isUniform());
    assertFalse(rules(rule("/a", access(Access.RW)), Rule.of(FSID, hidden(true))).isUniform());
    assertFalse(rules(rule("/a", access(Access.RO)), rule("/a/b", access(Access.RW))).isUniform());
  }

  @Test
  void caches_thatDiffer_leaveDecisionsAlike_andMakePlacesMatter() {
    Rules alike = rules(rule("/a", access(Access.RO)), rule("/b", cache(Caching.ON)));
    assertTrue(alike.cachesAlike());
    assertTrue(alike.placesMatter());
    Rules other = rules(rule("/a", cache(Caching.OFF)));
    assertFalse(other.cachesAlike());
    assertTrue(other.isUniform());
    assertFalse(other.readsMatter());
    assertTrue(other.placesMatter());
    assertEquals(Caching.OFF, of(other, "/a/b").cache());
    assertEquals(Caching.ON, of(other, "/b").cache());
    assertEquals(Caching.OFF, other.ofUnseen().cache());
    assertEquals(Caching.OFF, other.ofDisconnected(FSID).cache());
    assertFalse(rules(rule("/a", access(Access.RW))).placesMatter());
    Rules none = rules(rule("/", cache(Caching.OFF)));
    assertTrue(none.cachesAlike());
    assertEquals(Caching.OFF, none.root().cache());
  }

  @Test
  void readsMatter_asSoonAsMoreThanWritingDiffers() {
    assertFalse(rules().readsMatter());
    assertFalse(rules(rule("/a", access(Access.RO))).readsMatter());
    assertTrue(rules(rule("/a", access(Access.NONE))).readsMatter());
    assertTrue(rules(rule("/a", hidden(true))).readsMatter());
    assertTrue(rules(rule("/a", anonUid(1))).readsMatter());
    assertTrue(rules(rule("/a", clients("10.0.0.1"))).readsMatter());
    assertTrue(rules(rule("/a", access(Access.RO)), Rule.of(FSID, hidden(true))).readsMatter());
    Rules readOnly =
        new Rules(access(Access.RO).over(ROOT), List.of(rule("/a", access(Access.RW))));
    assertFalse(readOnly.readsMatter());
    Rules none = new Rules(access(Access.NONE).over(ROOT), List.of(rule("/a", access(Access.RO))));
    assertTrue(none.readsMatter());
  }

  private static boolean endsWith(Rules rules, String name) {
    return rules.endsWith(name.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void lastNameOfARulesPath_isTold_andNoOther() {
    Rules rules = rules(rule("/export/xfs", access(Access.RO)), Rule.of(FSID, access(Access.RO)));
    assertTrue(endsWith(rules, "xfs"));
    for (String other : List.of("", "export", "XFS", "xf", "xfss", "..")) {
      assertFalse(endsWith(rules, other), other);
    }
    assertTrue(endsWith(rules(rule("/straße", access(Access.RO))), "straße"));
    assertFalse(endsWith(rules(), ""));
  }

  @Test
  void versionsSomewhere_areThoseOfAnyPlace() {
    Overrides two =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(NfsVersion.V2),
            null,
            null,
            null,
            null,
            null);
    Overrides four =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(NfsVersion.V4_2),
            null,
            null,
            null,
            null,
            null);
    Rules rules = new Rules(two.over(ROOT), List.of(rule("/a", four)));
    Set<NfsVersion> somewhere = EnumSet.of(NfsVersion.V2, NfsVersion.V4_2);
    for (NfsVersion version : NfsVersion.values()) {
      assertEquals(somewhere.contains(version), rules.allowsSomewhere(version), version.word());
    }
    assertFalse(rules.allowsSomewhere((NfsVersion) null));
    Set<Family> families = EnumSet.of(Family.NFS2, Family.MOUNT1, Family.NFS4);
    for (Family family : Family.values()) {
      assertEquals(families.contains(family), rules.allowsSomewhere(family), family.name());
    }
  }

  // docs/decisions/0006: whoever sends one COMPOUND for two exports must not come out of it as a
  // user whom only the other export would make of him.
  @Test
  void squashingOfTwoExports_lendsNeitherTheOthersUser() {
    int[] ids = {0, 1, 5, -1, 1000};
    for (Squash mine : Squash.values()) {
      for (Squash others : Squash.values()) {
        for (int anon : ids) {
          Squashing here = new Squashing(mine, 2000, 2000);
          Squashing there = new Squashing(others, anon, anon);
          Squashing both = here.with(there);
          assertEquals(both, there.with(here));
          for (int id : ids) {
            assertTrue(Set.of(here.uid(id), 65534).contains(both.uid(id)), here + " " + there);
            assertTrue(Set.of(here.gid(id), 65534).contains(both.gid(id)), here + " " + there);
          }
        }
      }
    }
    Squashing same = new Squashing(Squash.ALL, 7, 8);
    assertEquals(same, same.with(new Squashing(Squash.ALL, 7, 8)));
    assertNotEquals(same, same.with(new Squashing(Squash.ROOT, 7, 8)));
  }
}
