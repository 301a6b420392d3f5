package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.xdr.XdrWriter;

/** COMPOUNDs that no honest client sends. */
class JudgeHostileCompoundsTest {
  private static final int NOTSUPP = 10004;
  private static final int NOFILEHANDLE = 10020;
  private static final int ATTRNOTSUPP = 10032;
  private static final int NOT_ONLY_OP = 10081;
  private static final int ROFS = 30;
  private static final int PUTFH = 22;
  private static final int GETATTR = 9;
  private static final int REMOVE = 28;
  private static final int MIB = 1 << 20;

  private static Vertx vertx;
  private final JudgeUnderTest judge =
      new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @BeforeEach
  void meet() throws Exception {
    judge.meetOrigin();
  }

  private static JudgeUnderTest withoutRules() {
    return new JudgeUnderTest(vertx, JudgeUnderTest.rules());
  }

  private static JudgeUnderTest readOnlyEverywhere() {
    Parameters readOnly =
        READ_ONLY_RULE
            .overrides()
            .over(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE));
    return new JudgeUnderTest(vertx, new Rules(readOnly, List.of()));
  }

  private static void assertAnswered(Judged judged, int status) {
    assertEquals(Verdict.ANSWER, judged.verdict());
    // marker, xid, REPLY, accepted, verifier (2), SUCCESS, status of the COMPOUND
    assertEquals(status, judged.answerWord(7));
  }

  // NFS-Ganesha 4.3 reads other arguments there than RFC 7862 has, succeeds without a filehandle,
  // and finds the next operation in what is an opaque to everybody else.
  @Test
  void layoutReport_isRefused_withoutRulesToo() throws Exception {
    for (JudgeUnderTest each : new JudgeUnderTest[] {judge, withoutRules()}) {
      CompoundCall before = CompoundCall.minor(2).sequence();
      byte[] stats = CompoundCall.minor(2).sequence().layoutstats(new byte[60]).record();
      byte[] errors = CompoundCall.minor(2).sequence().layouterror().remove().record();
      byte[] returned = CompoundCall.minor(2).sequence().layoutreturn().remove().record();

      for (byte[] call : new byte[][] {stats, errors, returned}) {
        Judged judged = each.judge(call);
        assertEquals(Verdict.FORWARD, judged.verdict());
        assertArrayEquals(before.record(), judged.record());
      }
      assertAnswered(each.judge(CompoundCall.minor(2).layoutstats(new byte[60]).record()), NOTSUPP);
    }
  }

  // FreeBSD leaves their last array unread, and finds the next operation in it.
  @Test
  void operationBehindOneThatMakesASession_isNotLetThrough_withoutRulesToo() throws Exception {
    for (JudgeUnderTest each : new JudgeUnderTest[] {judge, withoutRules()}) {
      CompoundCall before = CompoundCall.minor(1).sequence();
      assertArrayEquals(
          before.record(),
          each.judge(CompoundCall.minor(1).sequence().createSession(9).getfh().record()).record());
      assertArrayEquals(
          before.record(),
          each.judge(CompoundCall.minor(1).sequence().exchangeId().getfh().record()).record());
      assertAnswered(
          each.judge(CompoundCall.minor(1).createSession(1).getfh().record()), NOT_ONLY_OP);
      assertAnswered(
          each.judge(CompoundCall.minor(1).destroySession().getfh().record()), NOT_ONLY_OP);
    }
  }

  @Test
  void operationThatMakesASession_alone_orBehindSequence_isForwarded() throws Exception {
    for (CompoundCall call :
        new CompoundCall[] {
          CompoundCall.minor(1).createSession(1),
          CompoundCall.minor(1).sequence().createSession(2),
          CompoundCall.minor(1).sequence().destroySession()
        }) {
      Judged judged = judge.judge(call.record());
      assertEquals(Verdict.FORWARD, judged.verdict());
      assertArrayEquals(call.record(), judged.record());
    }
  }

  // FreeBSD miscounts an ACL that it need not compare, and goes on within the values.
  @Test
  void comparison_ofAttributesOfNoFixedLength_whereSomethingIsForbidden_isRefused()
      throws Exception {
    int[][] varying = {{1 << 0 | 1 << 12}, {1 << 19}, {0, 1 << 4}, {0, 0, 0, 1}, {0, 0, 1 << 31}};
    for (JudgeUnderTest each : new JudgeUnderTest[] {judge, readOnlyEverywhere()}) {
      for (int[] bitmap : varying) {
        CompoundCall before = CompoundCall.minor(0).putfh(EXPORT);
        byte[] nverify = CompoundCall.minor(0).putfh(EXPORT).nverify(new byte[96], bitmap).record();
        byte[] verify = CompoundCall.minor(0).putfh(EXPORT).verify(new byte[96], bitmap).record();
        assertArrayEquals(before.record(), each.judge(nverify).record());
        assertArrayEquals(before.record(), each.judge(verify).record());
        assertAnswered(
            each.judge(CompoundCall.minor(0).nverify(new byte[96], bitmap).record()), ATTRNOTSUPP);
      }
    }
    CompoundCall acl = CompoundCall.minor(0).putfh(EXPORT).nverify(new byte[96], 1 << 12);
    assertArrayEquals(acl.record(), withoutRules().judge(acl.record()).record());
  }

  @Test
  void comparison_ofAttributesOfFixedLength_isForwarded() throws Exception {
    int times = 1 << 52 - 32 | 1 << 53 - 32;
    CompoundCall call =
        CompoundCall.minor(0)
            .putfh(EXPORT)
            .nverify(new byte[44], 1 << 1 | 1 << 3 | 1 << 4, times)
            .verify(new byte[16], 1 << 8);

    assertArrayEquals(call.record(), judge.judge(call.record()).record());
  }

  // What a server does with an operation that lacks its filehandle is not left to it.
  @Test
  void operationWithoutCurrentFilehandle_whereItWouldBeForbidden_isNofilehandle() throws Exception {
    for (JudgeUnderTest each : new JudgeUnderTest[] {judge, readOnlyEverywhere()}) {
      assertAnswered(each.judge(CompoundCall.minor(0).remove().record()), NOFILEHANDLE);
      Judged renamed = each.judge(CompoundCall.minor(1).sequence().rename().getattr().record());
      assertArrayEquals(CompoundCall.minor(1).sequence().record(), renamed.record());
    }
  }

  @Test
  void reclaimComplete_withoutCurrentFilehandle_isForwarded() throws Exception {
    byte[] call = CompoundCall.minor(1).sequence().reclaimComplete().record();

    Judged judged = judge.judge(call);

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertTrue(judged.isSameRecord());
  }

  // Names of servers have 255 bytes, and whoever sends more makes everybody's questions wait.
  @Test
  void longName_isNeverAskedAbout_norKept() throws Exception {
    String name = "x".repeat(MIB);
    CompoundCall call =
        CompoundCall.minor(1).sequence().putfh(EXPORT).lookup(name).lookup("ro").remove();

    Judged judged = judge.judge(call.record());

    assertEquals(0, judge.origin.longestName.get());
    assertFalse(allowsRemove(judged, call));
  }

  @Test
  void longestName_isAskedAbout() throws Exception {
    String name = "x".repeat(Way.NAME_BYTES_MAX);

    judge.judge(
        CompoundCall.minor(1).sequence().putfh(EXPORT).lookup(name).lookup("ro").remove().record());

    assertEquals(Way.NAME_BYTES_MAX, judge.origin.longestName.get());
  }

  @Test
  void walkOfVeryManySteps_isHeldToTheStrictest_orChecked() throws Exception {
    CompoundCall call = CompoundCall.minor(1).sequence().putfh(EXPORT);
    for (int i = 0; i < 500; i++) {
      call.lookup("d".repeat(200));
    }
    call.remove();

    assertFalse(allowsRemove(judge.judge(call.record()), call));
  }

  /** Whether it goes to the origin with its last operation, and nothing checks where that acts. */
  private static boolean allowsRemove(Judged judged, CompoundCall call) {
    return judged.verdict() == Verdict.FORWARD && judged.record().length == call.record().length;
  }

  private static Consumer<XdrWriter> attributes(long fsid) {
    return out ->
        out.int32(GETATTR).int32(0).int32(1).int32(0x102).int32(20).int32(2).int64(fsid).int64(0);
  }

  private static byte[] identityReply(long fsid) {
    return Wire.reply(
        JudgedCalls.XID, Wire.xdr(JudgedCalls.words(0, 0, 2, PUTFH, 0).andThen(attributes(fsid))));
  }

  // An origin that replays a slot answers about the handle of the call before. Counted by it, yes.
  @Test
  void handleInACall_ofWhichAReplySpokeBeforeTheRules_isAskedAboutUnderThem() throws Exception {
    JudgeUnderTest later = withoutRules();
    later.meetOrigin();
    Judged asked = later.judge(CompoundCall.minor(0).putfh(READ_ONLY).getattr(0x102).record());
    asked.opened(identityReply(RuledOrigin.EXPORT_FSID));
    assertEquals(
        Verdict.FORWARD,
        later.judge(CompoundCall.minor(0).putfh(READ_ONLY).remove().record()).verdict());

    later.adopt(JudgeUnderTest.rules(READ_ONLY_RULE));
    CompoundCall call = CompoundCall.minor(0).putfh(READ_ONLY).remove();
    Judged judged = later.judge(call.record());

    assertArrayEquals(CompoundCall.minor(0).putfh(READ_ONLY).record(), judged.record());
    byte[] refused =
        Wire.reply(
            JudgedCalls.XID, Wire.xdr(JudgedCalls.words(ROFS, 0, 2, PUTFH, 0, REMOVE, ROFS)));
    byte[] ok = Wire.reply(JudgedCalls.XID, Wire.xdr(JudgedCalls.words(0, 0, 1, PUTFH, 0)));
    assertArrayEquals(refused, judged.opened(ok));
  }

  // The other way round: one that a rule is about already.
  @Test
  void replyThatIsOpenedBehindAnAdoption_teachesNothingThatRulesRestOn() throws Exception {
    JudgeUnderTest later = withoutRules();
    later.meetOrigin();
    Judged asked = later.judge(CompoundCall.minor(0).putfh(READ_ONLY).getattr(0x102).record());
    later.adopt(JudgeUnderTest.rules(READ_ONLY_RULE));
    asked.opened(identityReply(RuledOrigin.EXPORT_FSID));

    Judged judged = later.judge(CompoundCall.minor(0).putfh(READ_ONLY).remove().record());

    assertArrayEquals(CompoundCall.minor(0).putfh(READ_ONLY).record(), judged.record());
  }
}
