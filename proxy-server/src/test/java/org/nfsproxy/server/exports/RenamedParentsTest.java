package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.containment.SessionRoom;
import org.nfsproxy.server.exports.Export.State;
import org.nfsproxy.server.exports.FakeBackend.Filesystem;
import org.nfsproxy.server.exports.FakeBackend.Node;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.judge.ParametersPage;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
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
import org.nfsproxy.server.refusals.RefusalTrace;

/** What filesystems are held to while somebody renames the directories that lead to them. */
class RenamedParentsTest {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong nanos = new AtomicLong();
  private final FakeBackend origin = new FakeBackend();
  private Node export;
  private Node deep;
  private Node ext4;
  private Node xfs;
  private Exports exports;
  private Judge judge;

  @BeforeEach
  void build() {
    export = origin.mount(origin.root, "export", Filesystem.of(1), 2);
    deep = origin.directory(export, "deep");
    ext4 = origin.mount(deep, "ext4", Filesystem.of(4), 2);
    xfs = origin.mount(export, "xfs", Filesystem.of(2), 128);
    origin.listed.add("/export");
  }

  @AfterEach
  void stop() throws Exception {
    exports.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static Rules rules(Access access, Rule... rules) {
    Parameters parameters =
        new Parameters(
            ClientMatch.of(List.of("*")),
            access,
            new Squashing(Squash.NONE, 1, 1),
            EnumSet.allOf(Security.class),
            EnumSet.allOf(NfsVersion.class),
            false,
            UnreadableCalls.REFUSE,
            TransportSecurity.ALL,
            CertificateMatch.EVERYBODY,
            Caching.ON);
    return new Rules(parameters, List.of(rules));
  }

  private static Rule rule(String path, Access access, Squash squash) {
    return Rule.of(
        ExportPath.of(path),
        new Overrides(null, access, squash, null, null, null, null, null, null, null, null, null));
  }

  private static Rule rule(String path, Access access) {
    return rule(path, access, null);
  }

  private void begin(int exportsMax, Rules rules) throws Exception {
    exports =
        new Exports(
            vertx,
            origin,
            new ExportsSettings(exportsMax, 10_000, 3_600_000),
            this::rulePaths,
            nanos::get);
    Containment containment = new Containment(origin, "test", "", SessionRoom.NONE);
    judge =
        new Judge(
            origin,
            exports,
            rules,
            containment,
            UnknownOperations.FORWARD,
            64,
            16,
            RefusalTrace.silent());
    look();
  }

  private void begin(Rules rules) throws Exception {
    begin(100, rules);
  }

  private Collection<String> rulePaths() {
    return judge.rules().rules().stream().map(rule -> rule.path().toString()).toList();
  }

  /** A look at the origin, some time after what happened before. */
  private void look() throws Exception {
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    await(exports.refresh());
  }

  private Export at(Node node) throws Exception {
    return await(exports.resolve(node.handle, 4));
  }

  private JsonObject parameters(Node node) throws Exception {
    return ParametersPage.of(at(node), judge.rules());
  }

  private String access(Node node) throws Exception {
    return parameters(node).getString("access");
  }

  @Test
  void filesystem_whoseParentIsRenamed_staysHeldToTheRuleForItsPath() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    assertEquals("none", access(ext4));
    FakeBackend.rename(export, "deep", "moved");
    look();
    assertEquals("none", access(ext4), "while it is gone");
    assertEquals("none", access(origin.directory(ext4, "met")));
    assertEquals("/export/moved/ext4", at(ext4).path());
    look();
    assertEquals("none", access(ext4), "at its new path");
    assertEquals("/export/deep/ext4", parameters(ext4).getString("heldFrom"));
    assertEquals("rw", access(export));
  }

  @Test
  void changesOfPlaces_thatRulesDoNotFollow_areLoggedOnceWithTheCure() throws Exception {
    Class<?> who = Class.forName("org.nfsproxy.server.judge.HeldPlaces");
    try (LogLines lines = LogLines.of(who)) {
      begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
      FakeBackend.rename(export, "deep", "moved");
      origin.directory(origin.directory(export, "deep"), "ext4");
      look();
      look();
      at(origin.directory(ext4, "met"));
      look();
      String cure =
          "; if it is meant to be so, name its path in a rule: a changed configuration file is taken"
              + " with all places as they are then";
      assertEquals(
          List.of(
              "WARN /export/deep/ext4, which a rule names, was the root of the filesystem"
                  + " [4004:4, 3004:0] and is a directory of /export [3001:0, 4001:1] now: the rule"
                  + " stays with the one that was there and does not hold for the other"
                  + cure,
              "WARN the filesystem [4004:4, 3004:0] was at /export/deep/ext4 and is at"
                  + " /export/moved/ext4: it stays held to what it was held to there"
                  + cure),
          lines.lines());
    }
  }

  // Here nobody has asked for its parameters before it is elsewhere.
  @Test
  void filesystem_whoseParentIsRenamedBeforeAnybodyCalls_staysHeldAllTheSame() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    FakeBackend.rename(export, "deep", "moved");
    look();
    assertEquals("none", access(origin.directory(ext4, "met")));
    assertEquals("/export/moved/ext4", at(ext4).path());
  }

  @Test
  void filesystem_renamedAgainAndAgain_staysHeldToAllOfIt() throws Exception {
    begin(
        rules(
            Access.RW,
            rule("/export/deep/ext4", Access.RO),
            rule("/export/second", null, Squash.ALL)));
    String name = "deep";
    for (String next : List.of("second", "third", "fourth", "deep")) {
      FakeBackend.rename(export, name, next);
      name = next;
      look();
      at(origin.directory(ext4, "met in " + next));
      assertEquals("/export/" + next + "/ext4", at(ext4).path());
      assertEquals("ro", access(ext4));
      assertEquals("all", parameters(ext4).getString("squash"));
    }
  }

  @Test
  void filesystem_renamedToWhereARuleAllowsMore_staysHeldToWhatHeldWithoutARule() throws Exception {
    begin(rules(Access.RO, rule("/export/open", Access.RW)));
    assertEquals("ro", access(ext4));
    FakeBackend.rename(export, "deep", "open");
    look();
    assertEquals("ro", access(origin.directory(ext4, "met")));
    assertEquals("/export/open/ext4", at(ext4).path());
  }

  @Test
  void filesystem_whoseParentWasRenamed_underANewConfiguration_isTakenAsItIsThen()
      throws Exception {
    Rule none = rule("/export/deep/ext4", Access.NONE);
    begin(rules(Access.RW, none));
    FakeBackend.rename(export, "deep", "moved");
    look();
    at(origin.directory(ext4, "met"));
    judge.adopt(rules(Access.RW, none), UnknownOperations.FORWARD);
    look();
    assertEquals("rw", access(ext4));
    assertNull(parameters(ext4).getString("heldFrom"));
  }

  @Test
  void filesystem_droppedFromAFullTable_andMetAgain_staysHeld() throws Exception {
    begin(8, rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    FakeBackend.rename(export, "deep", "moved");
    look();
    Export first = at(origin.directory(ext4, "met"));
    for (int i = 0; i < 20 && exports.all().contains(first); i++) {
      at(origin.mount(export, "other" + i, Filesystem.of(100 + i), 2));
    }
    assertEquals(false, exports.all().contains(first));
    assertEquals("none", access(origin.directory(ext4, "met again")));
    assertEquals("/export/moved/ext4", at(ext4).path());
  }

  @Test
  void directory_madeWhereARulesFilesystemWas_doesNotBringTheRuleOverTheOneAbove()
      throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    FakeBackend.rename(export, "deep", "moved");
    Node made = origin.directory(origin.directory(export, "deep"), "ext4");
    for (int looks = 0; looks < 3; looks++) {
      look();
      assertEquals("rw", access(export));
      assertEquals("rw", access(made));
      assertEquals("none", access(ext4));
    }
    assertEquals("none", access(origin.directory(ext4, "met")));
    assertEquals("/export/moved/ext4", at(ext4).path());
    look();
    assertEquals("rw", access(export));
  }

  @Test
  void directory_listedBelowWhereARulesFilesystemWas_doesNotEither() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    origin.listed.add("/export/deep/ext4/home");
    FakeBackend.rename(export, "deep", "moved");
    origin.directory(origin.directory(origin.directory(export, "deep"), "ext4"), "home");
    look();
    look();
    assertEquals("rw", access(export));
  }

  @Test
  void filesystem_unmountedAndMountedAgain_isHeldAndNothingElseIs() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    deep.names.remove("ext4");
    Node covered = origin.directory(deep, "ext4");
    look();
    look();
    assertEquals("rw", access(covered));
    assertEquals("none", access(ext4));
    deep.names.put("ext4", ext4);
    look();
    assertEquals("none", access(ext4));
    assertEquals("/export/deep/ext4", at(ext4).path());
    assertNull(at(ext4).held(), "it lost nothing");
    assertEquals("rw", access(export));
  }

  @Test
  void filesystem_renamedAndBack_isHeldFromWhereItsRuleIs() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    for (String[] step : new String[][] {{"deep", "moved"}, {"moved", "deep"}}) {
      FakeBackend.rename(export, step[0], step[1]);
      look();
      at(origin.directory(ext4, "met in " + step[1]));
    }
    assertEquals("/export/deep/ext4", at(ext4).path());
    assertEquals("/export/deep/ext4", parameters(ext4).getString("heldFrom"));
  }

  @Test
  void filesystem_formattedAnew_isHeldByTheRuleForItsPath() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    origin.destroy(ext4);
    Node fresh = origin.mount(deep, "ext4", Filesystem.of(44), 2);
    look();
    assertEquals("none", access(fresh));
    assertEquals("rw", access(export));
  }

  @Test
  void filesystem_withoutAPlace_isRelievedWhenItIsFound() throws Exception {
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    Node file = origin.file(xfs, "f");
    assertEquals(State.DISCONNECTED, at(file).state());
    assertEquals("none", access(file), "any rule might hold");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(60));
    assertEquals("rw", access(origin.directory(xfs, "d")));
    assertEquals("rw", access(file));
    assertNull(at(file).held());
  }

  @Test
  void filesystem_foundByMountFirstAndByNfs4Later_isHeldToItsPathAlone() throws Exception {
    origin.serves4 = false;
    origin.listed.add("/export/xfs");
    begin(rules(Access.RW, rule("/export/deep/ext4", Access.NONE)));
    origin.serves4 = true;
    look();
    look();
    assertEquals("rw", access(xfs));
    assertEquals("rw", access(export));
    assertEquals(2, at(xfs).fsids().size());
    assertNull(at(xfs).held());
  }

  @Test
  void directoryThatARuleNames_whenSomethingNewIsMountedThere_isRelieved() throws Exception {
    Node late = origin.directory(export, "late");
    begin(rules(Access.RW, rule("/export/late", Access.NONE)));
    assertEquals("none", access(export), "a rule for a directory holds for all of it");
    origin.destroy(late);
    Node mounted = origin.mount(export, "late", Filesystem.of(9), 2);
    look();
    assertEquals("none", access(mounted));
    assertEquals("rw", access(export));
  }

  @Test
  void directoryThatARuleNames_whenAKnownFilesystemIsMovedThere_staysHeld() throws Exception {
    Node a = origin.directory(export, "a");
    origin.directory(a, "b");
    Node pub = origin.directory(export, "pub");
    Node other = origin.mount(pub, "b", Filesystem.of(9), 2);
    begin(rules(Access.RW, rule("/export/a/b", null, Squash.ALL)));
    assertEquals("all", parameters(export).getString("squash"));
    assertEquals("none", parameters(other).getString("squash"));
    FakeBackend.rename(export, "a", "c");
    FakeBackend.rename(export, "pub", "a");
    look();
    look();
    assertEquals("/export/a/b", at(other).path());
    assertEquals("all", parameters(other).getString("squash"));
    assertEquals("all", parameters(export).getString("squash"));
  }
}
