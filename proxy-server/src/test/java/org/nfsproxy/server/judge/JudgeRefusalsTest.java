package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.server.refusals.RefusalLog;

/**
 * The trace that a refused call leaves: who, what, where, which key of which rule, and the cure.
 */
class JudgeRefusalsTest {
  private static final int REMOVE = 12;
  private static final int GETATTR = 1;
  private static final int LOOKUP = 3;
  private static final int MNT = 1;

  private static Vertx vertx;
  private final LogLines log = LogLines.of(RefusalLog.class);

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  private static JudgeUnderTest met(Rules rules) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.meetOrigin();
    return judge;
  }

  private static Overrides clients(String... clients) {
    return new Overrides(
        ClientMatch.of(List.of(clients)),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private void assertTold(String... parts) {
    List<String> lines = log.take();
    assertEquals(1, lines.size(), lines::toString);
    for (String part : parts) {
      assertTrue(lines.get(0).contains(part), () -> part + " in " + lines.get(0));
    }
  }

  private static Map<Refused, Long> counted(JudgeUnderTest judge, String rule) {
    return judge.refusals.counts().of(rule);
  }

  @Test
  void write_whereOnlyReadingIsAllowed_isToldWithRuleAndCure() throws Exception {
    JudgeUnderTest judge = met(JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
    byte[] remove = JudgedCalls.nfs3(REMOVE, handle(READ_ONLY).andThen(name("a\nfile")));

    judge.judge(remove);
    judge.judge(remove);

    assertTold(
        "WARN client 127.0.0.1 port 0 is refused NFSv3 REMOVE \"a\\012file\" on /export/ro ",
        ", by `access` of the rule for path /export/ro: it may only be read.",
        " Cure: `access: rw` in the rule for path /export/ro");
    assertEquals(Map.of(Refused.ACCESS, 2L), counted(judge, "path /export/ro"));
    assertEquals(List.of("path /export/ro"), judge.refusals.counts().rules());
  }

  @Test
  void mount_byAClientOnNoList_isToldWithItsPath() throws Exception {
    Rule rule = Rule.of(ExportPath.of("/export"), clients("10.0.0.0/8"));
    JudgeUnderTest judge = met(JudgeUnderTest.rules(rule, NO_ACCESS_RULE));

    judge.judge(JudgedCalls.mount(MNT, name("/export")));

    assertTold(
        "is refused MNT \"/export\"",
        "by `clients` of the rule for path /export: the client is not on its list, 10.0.0.0/8.",
        "put the address on `clients` of the rule for path /export");
    assertEquals(Map.of(Refused.CLIENTS, 1L), counted(judge, "path /export"));
  }

  // The longer path leaves the key as it was: the rule that set it is the shorter one's.
  @Test
  void rule_thatLeavesTheKey_isNotBlamed() throws Exception {
    Rule above = Rule.of(ExportPath.of("/export"), clients("10.0.0.0/8"));
    JudgeUnderTest judge = met(JudgeUnderTest.rules(above, READ_ONLY_RULE));

    judge.judge(JudgedCalls.nfs3(GETATTR, handle(READ_ONLY)));

    assertTold("by `clients` of the rule for path /export:");
  }

  @Test
  void fsid_isNamedByItsRule() throws Exception {
    Overrides none = NO_ACCESS_RULE.overrides();
    Rule rule = Rule.of(new Fsid(RuledOrigin.READ_ONLY_FSID, 0), none);
    JudgeUnderTest judge = met(JudgeUnderTest.rules(rule));

    judge.judge(CompoundCall.minor(1).sequence().putfh(READ_ONLY).getfh().record());

    assertTold(
        "is refused NFSv4.1 PUTFH on /export/ro ", "`access` of the rule for fsid " + rule.fsid());
  }

  @Test
  void parametersOfAll_areNamedWhereNoRuleDidIt() throws Exception {
    Rules rules =
        new Rules(
            clients("10.0.0.0/8")
                .over(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE)),
            List.of());
    JudgeUnderTest judge = met(rules);

    judge.judge(CompoundCall.minor(2).sequence().putfh(EXPORT).lookup("x").record());

    assertTold("is refused NFSv4.2 PUTFH", "by `clients` of `exports.parameters`: ");
    assertEquals(Map.of(Refused.CLIENTS, 1L), counted(judge, "exports.parameters"));
  }

  @Test
  void version_thatNoRuleAllows_isTold() throws Exception {
    Overrides four =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(NfsVersion.V4_1),
            null,
            null,
            null,
            null,
            null);
    Rules rules =
        new Rules(
            four.over(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE)), List.of());
    JudgeUnderTest judge = met(rules);

    judge.judge(JudgedCalls.nfs3(0, words()));
    assertTold(
        "INFO ",
        "is refused NFSv3 procedure 0, xid 00007001, by `versions` of `exports.parameters`");
    judge.judge(CompoundCall.minor(0).putrootfh().record());
    // The same key of the same rule: counted, not told again.
    assertEquals(List.of(), log.take());
    assertEquals(Map.of(Refused.VERSIONS, 2L), counted(judge, "exports.parameters"));
    judge.judge(JudgedCalls.of(100003, 9, 0, words()));
    assertEquals(Map.of(Refused.VERSIONS, 2L), counted(judge, "exports.parameters"));
  }

  @Test
  void flavor_thatIsNotAllowed_isToldWithThoseThatAre() throws Exception {
    Overrides krb5 =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(Security.KRB5, Security.KRB5P),
            null,
            null,
            null,
            null,
            null,
            null);
    JudgeUnderTest judge = met(JudgeUnderTest.rules(Rule.of(ExportPath.of("/export"), krb5)));

    judge.judge(JudgedCalls.nfs3(LOOKUP, handle(EXPORT).andThen(name("a"))));

    assertTold(
        "by `security` of the rule for path /export: the flavor sys is not allowed; allowed: krb5,"
            + " krb5p.");
  }

  @Test
  void kerberos_thatHidesWhatARuleMightRefuse_isTold() throws Exception {
    JudgeUnderTest judge = met(JudgeUnderTest.rules(READ_ONLY_RULE));

    judge.judge(JudgedCalls.gss(GETATTR, 0, handle(EXPORT)));

    assertTold(
        "a call under Kerberos, NFSv3 procedure 1, xid 00007001, by `opaque` of the rule for path /export/ro");
  }

  @Test
  void call_thatTheOriginLeavesUndecided_isNoRefusal() throws Exception {
    JudgeUnderTest judge =
        new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
    judge.meetOrigin();
    judge.origin.failure = new java.util.concurrent.TimeoutException();

    judge.judge(CompoundCall.minor(0).putfh(NO_ACCESS + "/unknown").remove().record());

    // Nobody was refused: the client is to try again.
    assertEquals(List.of(), log.take());
    assertEquals(List.of(), judge.refusals.counts().rules());
  }

  @Test
  void name_thatLedIntoAnExportWithoutAccess_isToldFromItsReply() throws Exception {
    JudgeUnderTest judge = met(JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
    for (String path : new String[] {EXPORT, "/export/none", "/export/ro"}) {
      judge.judge(JudgedCalls.nfs3(GETATTR, handle(path)));
    }
    log.take();
    JudgeUnderTest.Judged judged =
        judge.judge(JudgedCalls.nfs3(LOOKUP, handle(EXPORT).andThen(name("alias"))));
    assertEquals(Verdict.FORWARD, judged.verdict());
    Map<Refused, Long> before = counted(judge, "path /export/none");

    judged.opened(
        Replies3.reply(
            0,
            handle("/export/none"),
            Replies3.present(Replies3.fattr3(Replies3.DIRECTORY, RuledOrigin.NO_ACCESS_FSID)),
            Replies3.present(Replies3.fattr3(Replies3.DIRECTORY, RuledOrigin.EXPORT_FSID))));

    assertNotEquals(before, counted(judge, "path /export/none"));
    assertTrue(counted(judge, "path /export/none").containsKey(Refused.ACCESS));
  }

  @Test
  void allowedCalls_leaveNoTrace() throws Exception {
    JudgeUnderTest judge = met(JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));

    judge.judge(JudgedCalls.nfs3(GETATTR, handle(READ_ONLY)));
    judge.judge(JudgedCalls.nfs3(REMOVE, handle(EXPORT).andThen(name("a"))));
    judge.judge(JudgedCalls.mount(MNT, name("/export/ro")));
    judge.judge(CompoundCall.minor(1).sequence().putfh(EXPORT).lookup("x").remove().record());

    assertEquals(List.of(), log.take());
    assertEquals(List.of(), judge.refusals.counts().rules());
  }

  // Its beginning is judged, and then the whole of it again.
  @Test
  void longWrite_isReportedOnce() throws Exception {
    JudgeUnderTest judge = met(JudgeUnderTest.rules(READ_ONLY_RULE));
    byte[] write =
        JudgedCalls.nfs3(
            7,
            handle(READ_ONLY)
                .andThen(words(0, 0, 100_000, 0))
                .andThen(out -> out.opaque(new byte[100_000])));

    assertEquals(Verdict.WHOLE, judge.judgePrefix(write.clone(), 1024).verdict());
    assertEquals(List.of(), log.take());
    judge.judge(write);

    assertTold("NFSv3 WRITE");
    assertEquals(Map.of(Refused.ACCESS, 1L), counted(judge, "path /export/ro"));
  }
}
