package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;

import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;

// A version that the rules allow on no export is answered as one that is not served.
class JudgeVersionsTest {
  private static final int GETATTR = 1;
  private static final int MNT = 1;
  private static final int PROG_UNAVAIL = 1;
  private static final int PROG_MISMATCH = 2;
  private static final int MINOR_VERS_MISMATCH = 10021;

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static Rules allowing(Set<NfsVersion> versions, Rule... rules) {
    Parameters all = JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE);
    Overrides some =
        new Overrides(null, null, null, null, null, null, versions, null, null, null, null, null);
    return new Rules(some.over(all), List.of(rules));
  }

  private static Judged judge(Rules rules, byte[] call) throws Exception {
    return new JudgeUnderTest(vertx, rules).judge(call);
  }

  private static byte[] getattr3() {
    return JudgedCalls.nfs3(GETATTR, JudgedCalls.handle(EXPORT));
  }

  /** The accept status and what follows it. */
  private static void assertAnswered(Judged judged, int... words) {
    assertEquals(Verdict.ANSWER, judged.verdict());
    for (int i = 0; i < words.length; i++) {
      assertEquals(words[i], judged.answerWord(6 + i), "word " + i);
    }
  }

  @Test
  void programVersionThatIsAllowedNowhere_isAMismatch() throws Exception {
    Rules rules = allowing(EnumSet.of(NfsVersion.V4_1, NfsVersion.V4_2));
    assertAnswered(judge(rules, getattr3()), PROG_MISMATCH, 4, 4);
    assertAnswered(judge(rules, JudgedCalls.mount(MNT, JudgedCalls.name("/export"))), PROG_UNAVAIL);
    rules = allowing(EnumSet.of(NfsVersion.V3));
    byte[] compound = CompoundCall.minor(0).putrootfh().record();
    assertAnswered(judge(rules, compound), PROG_MISMATCH, 3, 3);
    assertEquals(Verdict.FORWARD, judge(rules, getattr3()).verdict());
  }

  @Test
  void programVersionThatOneRuleAllows_isJudgedByExport() throws Exception {
    Overrides three =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(NfsVersion.V3),
            null,
            null,
            null,
            null,
            null);
    Rule rule = Rule.of(ExportPath.of("/export"), three);
    Rules rules = allowing(EnumSet.of(NfsVersion.V4_2), rule);
    assertEquals(Verdict.FORWARD, judge(rules, getattr3()).verdict());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void exchangeId_ofAMinorVersionThatIsAllowedNowhere_isAMismatch(int minor) throws Exception {
    Rules rules = allowing(EnumSet.of(NfsVersion.V4_0, NfsVersion.V3));
    byte[] call = CompoundCall.minor(minor).exchangeId().record();
    assertAnswered(judge(rules, call), 0, MINOR_VERS_MISMATCH, 0, 0);
  }

  @Test
  void compound_ofAMinorVersionThatIsAllowed_isForwarded() throws Exception {
    Rules rules = allowing(EnumSet.of(NfsVersion.V4_1));
    CompoundCall call = CompoundCall.minor(1).exchangeId();
    assertArrayEquals(call.record(), judge(rules, call.record()).record());
    assertAnswered(
        judge(rules, CompoundCall.minor(0).putrootfh().record()), 0, MINOR_VERS_MISMATCH, 0, 0);
  }

  // The slot must be consumed by the origin: the operations are refused one by one.
  @Test
  void compoundInASession_isNotAnswered() throws Exception {
    Rules rules = allowing(EnumSet.of(NfsVersion.V4_0));
    Judged judged = judge(rules, CompoundCall.minor(1).sequence().putfh(EXPORT).remove().record());
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(CompoundCall.minor(1).sequence().record(), judged.record());
  }

  @Test
  void minorVersionThatNobodyKnows_isAMismatch_whereRulesRestrict() throws Exception {
    Rules rules = JudgeUnderTest.rules(JudgeUnderTest.READ_ONLY_RULE);
    byte[] call = CompoundCall.minor(3).putrootfh().record();
    assertAnswered(judge(rules, call), 0, MINOR_VERS_MISMATCH, 0, 0);
    assertEquals(Verdict.FORWARD, judge(JudgeUnderTest.rules(), call).verdict());
  }

  @Test
  void versionInTheMiddle_isTakenOutOfTheRange() {
    ServedProgram nfs = new ServedProgram(Programs.NFS, 2, 4);
    ServedProgram acl = new ServedProgram(Programs.NFS_ACL, 2, 3);
    ServedProgram mount = new ServedProgram(Programs.MOUNT, 1, 3);
    ServedProgram other = new ServedProgram(400_000, 1, 7);
    List<ServedProgram> served = List.of(nfs, acl, mount, other);
    AllowedPrograms programs = new AllowedPrograms();
    Rules all = JudgeUnderTest.rules();
    assertEquals(served, programs.of(served, all));
    assertSame(programs.of(served, all), programs.of(served, all));
    List<ServedProgram> allowed =
        programs.of(served, allowing(EnumSet.of(NfsVersion.V2, NfsVersion.V4_2)));
    assertEquals(
        List.of(
            new ServedProgram(Programs.NFS, 2, 2),
            new ServedProgram(Programs.NFS, 4, 4),
            new ServedProgram(Programs.NFS_ACL, 2, 2),
            new ServedProgram(Programs.MOUNT, 1, 1),
            new ServedProgram(Programs.MOUNT, 2, 2),
            other),
        allowed);
    assertEquals(nfs, AllowedPrograms.range(allowed, Programs.NFS));
    assertEquals(false, AllowedPrograms.serves(allowed, Programs.NFS, 3));
    assertEquals(true, AllowedPrograms.serves(allowed, Programs.NFS, 4));
  }
}
