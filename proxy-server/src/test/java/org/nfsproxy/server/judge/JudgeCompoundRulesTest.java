package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.RuledOrigin.EXPORT_FSID;
import static org.nfsproxy.server.judge.RuledOrigin.READ_ONLY_FSID;
import static org.nfsproxy.server.judge.RuledOrigin.ROOT_FSID;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrWriter;

// What a cut call must be is written as the shorter COMPOUND that a client could have sent: count,
// bytes and marker follow.
class JudgeCompoundRulesTest {
  private static final int ACCESS = 13;
  private static final int ROFS = 30;
  private static final int STALE = 70;
  private static final int REMOVE = 28;
  private static final int RENAME = 29;
  private static final int PUTFH = 22;
  private static final int LOOKUP = 15;
  private static final int VERIFY = 37;
  private static final int NOENT = 2;
  private static final int DELAY = 10008;
  private static final int NOT_SAME = 10027;
  private static final int OP_ILLEGAL = 10044;

  private static Vertx vertx;
  private final JudgeUnderTest judge =
      new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
  private final JudgeUnderTest readOnlyOnly =
      new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  /** A reply to PUTFHs and the like, whose results are bare statuses. */
  private static byte[] reply(int status, int... operationsAndStatuses) {
    return reply(
        status, operationsAndStatuses.length / 2, JudgedCalls.words(operationsAndStatuses));
  }

  private static byte[] reply(int status, int count, Consumer<XdrWriter> results) {
    return Wire.reply(
        JudgedCalls.XID, Wire.xdr(JudgedCalls.words(status, 0, count).andThen(results)));
  }

  private static Consumer<XdrWriter> sequenceResult() {
    return JudgedCalls.words(53, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0);
  }

  private static void assertCut(Judged judged, CompoundCall left) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(left.record(), judged.record());
    assertNotNull(judged.opener());
  }

  private static void assertForwarded(Judged judged, CompoundCall call) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(call.record(), judged.record());
  }

  @Test
  void removeInSession_inReadOnlyExport_isCutAndItsReplyCompleted() throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(1).sequence().putfh(READ_ONLY).remove().record());

    assertCut(judged, CompoundCall.minor(1).sequence().putfh(READ_ONLY));
    byte[] fromOrigin = reply(0, 2, sequenceResult().andThen(JudgedCalls.words(PUTFH, 0)));
    byte[] toClient =
        reply(ROFS, 3, sequenceResult().andThen(JudgedCalls.words(PUTFH, 0, REMOVE, ROFS)));
    assertArrayEquals(toClient, judged.opened(fromOrigin));
  }

  @Test
  void cutCall_thatFailsAtTheOrigin_keepsTheOriginsReply() throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(1).sequence().putfh(READ_ONLY).remove().record());

    byte[] stale = reply(STALE, 2, sequenceResult().andThen(JudgedCalls.words(PUTFH, STALE)));
    assertArrayEquals(stale, judged.opened(stale));
  }

  @Test
  void removeWithoutSession_inReadOnlyExport_isCutAndItsReplyCompleted() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(0).putfh(READ_ONLY).remove().record());

    assertCut(judged, CompoundCall.minor(0).putfh(READ_ONLY));
    assertArrayEquals(reply(ROFS, PUTFH, 0, REMOVE, ROFS), judged.opened(reply(0, PUTFH, 0)));
  }

  @Test
  void remove_inWritableExport_isForwarded() throws Exception {
    CompoundCall call = CompoundCall.minor(1).sequence().putfh(EXPORT).remove();

    assertForwarded(judge.judge(call.record()), call);
  }

  @Test
  void removeBehindLookup_thatLeadsIntoReadOnlyExport_isCutBehindACheck() throws Exception {
    judge.meetOrigin();
    Judged judged =
        judge.judge(CompoundCall.minor(0).putfh("/export").lookup("ro").remove().record());

    assertCut(
        judged, CompoundCall.minor(0).putfh("/export").lookup("ro").verifyFsid(READ_ONLY_FSID));
    assertArrayEquals(
        reply(ROFS, PUTFH, 0, LOOKUP, 0, REMOVE, ROFS),
        judged.opened(reply(0, PUTFH, 0, LOOKUP, 0, VERIFY, 0)));
  }

  // Between two looks of the proxy anything may be mounted anywhere.
  @Test
  void lookup_thatLedElsewhere_isToBeTriedAgain_andThenAskedAbout() throws Exception {
    byte[] call = CompoundCall.minor(0).putfh("/export").lookup("ro").remove().record();
    Rule byFsid =
        Rule.of(
            new Fsid(READ_ONLY_FSID, 0),
            new Overrides(
                null, Access.RO, null, null, null, null, null, null, null, null, null, null));
    JudgeUnderTest judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules(byFsid));
    Judged first = judge.judge(call);

    assertArrayEquals(
        CompoundCall.minor(0)
            .putfh("/export")
            .lookup("ro")
            .verifyFsid(EXPORT_FSID)
            .remove()
            .record(),
        first.record());
    assertArrayEquals(
        reply(DELAY, PUTFH, 0, LOOKUP, DELAY),
        first.opened(reply(NOT_SAME, PUTFH, 0, LOOKUP, 0, VERIFY, NOT_SAME)));
    assertCut(
        judge.judge(call),
        CompoundCall.minor(0).putfh("/export").lookup("ro").verifyFsid(READ_ONLY_FSID));
  }

  // Then nobody need be told DELAY to find out.
  @Test
  void lookup_ofTheNameOfARulesMountPoint_isAskedAbout_once() throws Exception {
    byte[] call = CompoundCall.minor(0).putfh("/export").lookup("ro").remove().record();

    assertCut(
        judge.judge(call),
        CompoundCall.minor(0).putfh("/export").lookup("ro").verifyFsid(READ_ONLY_FSID));
    int asked = judge.origin.asked.get();
    judge.judge(call);
    assertEquals(asked, judge.origin.asked.get());
  }

  @Test
  void refusalBehindACheck_thatFails_isNotSeen() throws Exception {
    judge.meetOrigin();
    Judged judged =
        judge.judge(CompoundCall.minor(0).putfh("/export").lookup("ro").remove().record());

    assertArrayEquals(
        reply(DELAY, PUTFH, 0, LOOKUP, DELAY),
        judged.opened(reply(NOT_SAME, PUTFH, 0, LOOKUP, 0, VERIFY, NOT_SAME)));
    assertArrayEquals(
        reply(NOENT, PUTFH, 0, LOOKUP, NOENT),
        judged.opened(reply(NOENT, PUTFH, 0, LOOKUP, NOENT)));
  }

  // What a slot replays to a call with other operations.
  @Test
  void reply_withoutTheCheckThatWasSent_isNotHandedOn() throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(0).putfh("/export").lookup("x").remove().record());

    assertThrows(XdrException.class, () -> judged.opened(reply(0, PUTFH, 0, LOOKUP, 0, REMOVE, 0)));
  }

  @Test
  void removeBehindLookups_fromTheRootIntoReadOnlyExport_isCutBeforeIt() throws Exception {
    judge.meetOrigin();

    assertCut(
        judge.judge(
            CompoundCall.minor(0).putrootfh().lookup("export").lookup("ro").remove().record()),
        walked().lookup("ro").verifyFsid(READ_ONLY_FSID));
  }

  private static CompoundCall walked() {
    return CompoundCall.minor(0)
        .putrootfh()
        .verifyFsid(ROOT_FSID)
        .lookup("export")
        .verifyFsid(EXPORT_FSID);
  }

  @Test
  void removeBehindLookups_fromTheRootIntoWritableExport_isForwardedWithChecks() throws Exception {
    judge.meetOrigin();
    CompoundCall call =
        CompoundCall.minor(0).putrootfh().lookup("export").lookup("directory").remove();

    assertForwarded(
        judge.judge(call.record()), walked().lookup("directory").verifyFsid(EXPORT_FSID).remove());
  }

  // A proxy that has just started: nobody has looked at the root yet, and a client walks from it.
  @Test
  void walkFromTheRoot_beforeTheFirstLook_isSettledByAsking() throws Exception {
    CompoundCall call = CompoundCall.minor(0).putrootfh().remove();

    assertForwarded(
        judge.judge(call.record()),
        CompoundCall.minor(0).putrootfh().verifyFsid(ROOT_FSID).remove());
  }

  static Stream<Arguments> squashedCredentials() {
    return Stream.of(
        Arguments.of(
            "root",
            Squash.ROOT,
            1,
            JudgedCalls.sysBody("c", 0, 0),
            JudgedCalls.sysBody("c", 1234, 5678)),
        Arguments.of(
            "groups",
            Squash.ALL,
            1,
            JudgedCalls.sysBody("c", 1000, 1000, 8, 9),
            JudgedCalls.sysBody("c", 1234, 5678)),
        Arguments.of("none", Squash.ROOT, 0, new byte[0], JudgedCalls.sysBody("", 1234, 5678)));
  }

  // What is cut lies behind a credential that may just have become longer or shorter.
  @ParameterizedTest(name = "{0}")
  @MethodSource("squashedCredentials")
  void cutCall_whoseCredentialIsSquashed_isCutInTheSamePlace(
      String credential, Squash squash, int flavor, byte[] came, byte[] goes) throws Exception {
    JudgeUnderTest squashing =
        new JudgeUnderTest(
            vertx,
            new Rules(
                JudgeUnderTest.parameters(squash, UnreadableCalls.REFUSE),
                List.of(READ_ONLY_RULE)));
    Consumer<XdrWriter> whole = CompoundCall.minor(0).putfh(READ_ONLY).remove().arguments();
    Consumer<XdrWriter> left = CompoundCall.minor(0).putfh(READ_ONLY).arguments();

    Judged judged =
        squashing.judge(
            Wire.record(Wire.call(JudgedCalls.XID, Wire.NFS, 4, 1, flavor, came, whole)));
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(
        Wire.record(Wire.call(JudgedCalls.XID, Wire.NFS, 4, 1, 1, goes, left)), judged.record());
  }

  @Test
  void lookup_intoExportWithoutAccess_isCut() throws Exception {
    judge.meetOrigin();
    Judged judged = judge.judge(CompoundCall.minor(0).putfh("/export").lookup("none").record());

    assertCut(judged, CompoundCall.minor(0).putfh("/export"));
    assertTrue(judge.origin.asked.get() > 0);
    assertArrayEquals(reply(ACCESS, PUTFH, 0, 15, ACCESS), judged.opened(reply(0, PUTFH, 0)));
  }

  @Test
  void lookup_whereSomeExportHasNoAccess_isChecked() throws Exception {
    assertForwarded(
        judge.judge(CompoundCall.minor(1).sequence().putfh(EXPORT).lookup("x").getfh().record()),
        CompoundCall.minor(1).sequence().putfh(EXPORT).lookup("x").verifyFsid(EXPORT_FSID).getfh());
  }

  @Test
  void lookup_whereNothingButWritingIsForbidden_isForwardedAsItIs() throws Exception {
    CompoundCall call =
        CompoundCall.minor(1).sequence().putfh(EXPORT).lookup("x").getfh().getattr();

    assertForwarded(readOnlyOnly.judge(call.record()), call);
  }

  @Test
  void moreStepsThanCanBeChecked_areJudgedByTheStrictest() throws Exception {
    CompoundCall call = CompoundCall.minor(0).putfh(EXPORT);
    CompoundCall left = CompoundCall.minor(0).putfh(EXPORT);
    for (int i = 0; i < JudgeUnderTest.VERIFIES_MAX; i++) {
      call.lookup("x");
      left.lookup("x").verifyFsid(EXPORT_FSID);
    }
    assertCut(readOnlyOnly.judge(call.lookup("x").remove().record()), left.lookup("x"));
  }

  @Test
  void rename_fromWritableIntoReadOnlyExport_isCut() throws Exception {
    CompoundCall left = CompoundCall.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY);
    Judged judged =
        judge.judge(
            CompoundCall.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY).rename().record());

    assertCut(judged, left);
    assertArrayEquals(
        reply(ROFS, PUTFH, 0, 32, 0, PUTFH, 0, RENAME, ROFS),
        judged.opened(reply(0, PUTFH, 0, 32, 0, PUTFH, 0)));
  }

  @Test
  void rename_fromReadOnlyIntoWritableExport_isCut() throws Exception {
    assertCut(
        judge.judge(
            CompoundCall.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT).rename().record()),
        CompoundCall.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT));
  }

  @Test
  void remove_onRestoredHandleOfReadOnlyExport_isCut() throws Exception {
    assertCut(
        judge.judge(
            CompoundCall.minor(0)
                .putfh(READ_ONLY)
                .savefh()
                .putfh(EXPORT)
                .restorefh()
                .remove()
                .record()),
        CompoundCall.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT).restorefh());
  }

  @Test
  void remove_onRestoredHandleOfWritableExport_isForwarded() throws Exception {
    CompoundCall call =
        CompoundCall.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY).restorefh().remove();

    assertForwarded(judge.judge(call.record()), call);
  }

  @Test
  void removeBehindLookupp_whereSomeExportIsReadOnly_isChecked() throws Exception {
    assertForwarded(
        readOnlyOnly.judge(CompoundCall.minor(0).putfh(EXPORT).lookupp().remove().record()),
        CompoundCall.minor(0).putfh(EXPORT).lookupp().verifyFsid(EXPORT_FSID).remove());
  }

  @Test
  void lookupp_thatLedElsewhere_isAskedAbout() throws Exception {
    byte[] call = CompoundCall.minor(0).putfh("/export/ro/directory").lookupp().lookupp().record();
    Judged first = judge.judge(call);
    assertArrayEquals(
        CompoundCall.minor(0)
            .putfh("/export/ro/directory")
            .lookupp()
            .verifyFsid(READ_ONLY_FSID)
            .lookupp()
            .verifyFsid(READ_ONLY_FSID)
            .record(),
        first.record());
    first.opened(reply(NOT_SAME, PUTFH, 0, 16, 0, VERIFY, 0, 16, 0, VERIFY, NOT_SAME));
    judge.meetOrigin();
    assertArrayEquals(
        CompoundCall.minor(0)
            .putfh("/export/ro/directory")
            .lookupp()
            .verifyFsid(READ_ONLY_FSID)
            .lookupp()
            .verifyFsid(EXPORT_FSID)
            .record(),
        judge.judge(call).record());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void openToWrite_inReadOnlyExport_isCut(int access) throws Exception {
    assertCut(
        judge.judge(
            CompoundCall.minor(1).sequence().putfh(READ_ONLY).open(access).getattr().record()),
        CompoundCall.minor(1).sequence().putfh(READ_ONLY));
  }

  // A single file may be a mount point.
  @Test
  void openToWrite_byANameThatLeadsIntoReadOnlyExport_isCut() throws Exception {
    judge.meetOrigin();
    assertCut(
        judge.judge(CompoundCall.minor(1).sequence().putfh("/export").open(2, "ro").record()),
        CompoundCall.minor(1).sequence().putfh("/export"));
  }

  // It was executed, so it is what comes next that fails.
  @Test
  void open_thatLedElsewhere_succeeds_andWhatFollowsIsToBeTriedAgain() throws Exception {
    Judged judged =
        readOnlyOnly.judge(CompoundCall.minor(0).putfh(EXPORT).open(2).getfh().record());
    assertForwarded(
        judged, CompoundCall.minor(0).putfh(EXPORT).open(2).verifyFsid(EXPORT_FSID).getfh());
    Consumer<XdrWriter> opened = JudgedCalls.words(PUTFH, 0, 18, 0).andThen(OPENED);
    assertArrayEquals(
        reply(DELAY, 3, opened.andThen(JudgedCalls.words(10, DELAY))),
        judged.opened(reply(NOT_SAME, 3, opened.andThen(JudgedCalls.words(VERIFY, NOT_SAME)))));
  }

  /** A stateid, no change, no flags, no attributes, no delegation. */
  private static final Consumer<XdrWriter> OPENED =
      out -> out.fixed(new byte[16]).fixed(new byte[20]).int32(0).int32(0).int32(0);

  @Test
  void openToRead_byANameThatLeadsIntoReadOnlyExport_isForwarded() throws Exception {
    CompoundCall call = CompoundCall.minor(1).sequence().putfh("/export").open(1, "ro");

    assertForwarded(readOnlyOnly.judge(call.record()), call);
  }

  @Test
  void openToRead_inReadOnlyExport_isForwarded() throws Exception {
    CompoundCall call = CompoundCall.minor(1).sequence().putfh(READ_ONLY).open(1).getattr();

    assertForwarded(readOnlyOnly.judge(call.record()), call);
  }

  @Test
  void access_inReadOnlyExport_promisesNoWriting() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(0).putfh(READ_ONLY).access(0x3f).record());

    assertArrayEquals(
        reply(0, 2, JudgedCalls.words(PUTFH, 0, 3, 0, 0x3f, 0x23)),
        judged.opened(reply(0, 2, JudgedCalls.words(PUTFH, 0, 3, 0, 0x3f, 0x3f))));
  }

  @Test
  void access_behindAStep_isCheckedWhereSomeExportIsReadOnly() throws Exception {
    Judged judged =
        readOnlyOnly.judge(CompoundCall.minor(0).putfh(EXPORT).lookup("x").access(0x3f).record());

    assertForwarded(
        judged,
        CompoundCall.minor(0).putfh(EXPORT).lookup("x").verifyFsid(EXPORT_FSID).access(0x3f));
    assertArrayEquals(
        reply(0, 3, JudgedCalls.words(PUTFH, 0, LOOKUP, 0, 3, 0, 0x3f, 0x3f)),
        judged.opened(
            reply(0, 4, JudgedCalls.words(PUTFH, 0, LOOKUP, 0, VERIFY, 0, 3, 0, 0x3f, 0x3f))));
  }

  @Test
  void firstOperation_onExportWithoutAccess_isAnsweredHere() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(0).putfh(NO_ACCESS).getattr().record());

    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(reply(ACCESS, PUTFH, ACCESS), judged.answer());
  }

  // AUTH_SYS, AUTH_NONE, and Kerberos with integrity, RFC 8881 section 18.29.
  @Test
  void secinfo_whereOnlyKerberosIsAllowed_offersNothingElse() throws Exception {
    Overrides kerberos =
        new Overrides(
            null,
            null,
            null,
            null,
            null,
            EnumSet.of(Security.SYS, Security.KRB5I),
            null,
            null,
            null,
            null,
            null,
            null);
    JudgeUnderTest strict =
        new JudgeUnderTest(
            vertx,
            new Rules(
                kerberos.over(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE)),
                List.of()));
    Judged judged = strict.judge(CompoundCall.minor(0).putfh("/export").secinfo("x").record());

    Consumer<XdrWriter> gss = out -> out.int32(6).opaque(new byte[9]).int32(0);
    Consumer<XdrWriter> offered =
        JudgedCalls.words(PUTFH, 0, 33, 0, 4, 1, 0)
            .andThen(gss)
            .andThen(JudgedCalls.words(2))
            .andThen(gss)
            .andThen(JudgedCalls.words(3));
    Consumer<XdrWriter> left =
        JudgedCalls.words(PUTFH, 0, 33, 0, 2, 1).andThen(gss).andThen(JudgedCalls.words(2));
    assertArrayEquals(reply(0, 2, left), judged.opened(reply(0, 2, offered)));
  }

  // RFC 7530 section 9.1.7: the owner's last OPEN is replayed, of another file, and current is
  // that.
  @Test
  void openOfNfs40_withoutAName_isCheckedToo() throws Exception {
    assertForwarded(
        readOnlyOnly.judge(CompoundCall.minor(0).putfh(EXPORT).reclaim().remove().record()),
        CompoundCall.minor(0).putfh(EXPORT).reclaim().verifyFsid(EXPORT_FSID).remove());
    CompoundCall inSession = CompoundCall.minor(1).sequence().putfh(EXPORT).reclaim().remove();
    assertForwarded(readOnlyOnly.judge(inSession.record()), inSession);
  }

  // RFC 7530 section 9.1.7: the results of a replayed operation may have another shape, and what
  // stands behind them is a file's bytes then. What is no owner's operation is never replayed.
  @Test
  void replyToACompoundOfAnOwner_outsideASession_teachesWhatIsReadInOneWay() throws Exception {
    CompoundCall open = CompoundCall.minor(0).putfh(EXPORT).open(1).getfh().getattr(0x102);
    Judged judged = readOnlyOnly.judge(open.record());
    judged.opened(reply(0, 4, openResult(8).andThen(childOf(EXPORT_FSID, "opened"))));
    assertTrue(readOnlyOnly.knows("opened"));

    // a CLOSE is replayed, and a file's bytes look like the rest of an OPEN
    byte[] bytes = Wire.xdr(JudgedCalls.words(0, 0).andThen(childOf(EXPORT_FSID, "forged")));
    Consumer<XdrWriter> read =
        JudgedCalls.words(PUTFH, 0, 25, 0, 1).andThen(out -> out.opaque(bytes));
    readOnlyOnly.judge(open.record()).opened(reply(0, 4, openResult(0).andThen(read)));
    assertFalse(readOnlyOnly.knows("forged"));
  }

  // That nothing depends on it today is no reason to learn what a client can forge: rules change.
  @Test
  void replyToAnOpen_whereCallsAreCounted_andRulesAreUniform_teachesNoMoreThanElsewhere()
      throws Exception {
    JudgeUnderTest counting = new JudgeUnderTest(vertx, JudgeUnderTest.rules()).counting();
    JudgeUnderTest uncounted = new JudgeUnderTest(vertx, JudgeUnderTest.rules());
    CompoundCall getattr = CompoundCall.minor(0).putfh(EXPORT).getattr(0x102);
    Consumer<XdrWriter> known =
        JudgedCalls.words(PUTFH, 0, 9, 0, 1, 0x102, 20, 2)
            .andThen(out -> out.int64(EXPORT_FSID).int64(0));
    for (JudgeUnderTest each : List.of(counting, uncounted)) {
      each.judge(getattr.record()).opened(reply(0, 2, known));
      assertTrue(each.knows(EXPORT));
    }
    CompoundCall open = CompoundCall.minor(0).putfh(EXPORT).open(1).getfh().getattr(0x102);
    CompoundCall two = CompoundCall.minor(0).putfh(EXPORT).open(1).putfh(EXPORT).open(1).getfh();
    Consumer<XdrWriter> opened = openResult(8).andThen(childOf(EXPORT_FSID, "opened"));
    assertTrue(uncounted.judge(open.record()).opener().goesByStatus());
    counting.judge(open.record()).opened(reply(0, 4, opened));
    assertTrue(counting.knows("opened"));

    byte[] bytes = Wire.xdr(JudgedCalls.words(0, 0).andThen(childOf(EXPORT_FSID, "forged")));
    Consumer<XdrWriter> read =
        JudgedCalls.words(PUTFH, 0, 25, 0, 1).andThen(out -> out.opaque(bytes));
    counting.judge(open.record()).opened(reply(0, 4, openResult(0).andThen(read)));
    assertFalse(counting.knows("forged"));
    assertTrue(counting.judge(two.getattr(0x102).record()).opener().goesByStatus());
  }

  /** PUTFH and OPEN: its stateid, and as many words behind it. */
  private static Consumer<XdrWriter> openResult(int wordsBehindStateid) {
    return JudgedCalls.words(PUTFH, 0, 18, 0)
        .andThen(out -> out.fixed(new byte[16 + 4 * wordsBehindStateid]));
  }

  /** GETFH and GETATTR of type and fsid. */
  private static Consumer<XdrWriter> childOf(long fsid, String handle) {
    return JudgedCalls.words(10, 0)
        .andThen(JudgedCalls.handle(handle))
        .andThen(JudgedCalls.words(9, 0, 1, 0x102, 20, 1))
        .andThen(out -> out.int64(fsid).int64(0));
  }

  @Test
  void replyToACompoundOfOwners_outsideASession_teachesNothing() throws Exception {
    CompoundCall one = CompoundCall.minor(0).putfh(EXPORT).open(1).getfh().getattr(0x102);
    CompoundCall two = CompoundCall.minor(0).putfh(EXPORT).open(1).putfh(EXPORT).open(1).getfh();
    CompoundCall made = CompoundCall.minor(0).putfh(EXPORT).create("x").getfh().getattr(0x102);
    CompoundCall inSession =
        CompoundCall.minor(1).sequence().putfh(EXPORT).open(1).putfh(EXPORT).open(1);

    assertFalse(readOnlyOnly.judge(one.record()).opener().goesByStatus());
    assertTrue(readOnlyOnly.judge(two.getattr(0x102).record()).opener().goesByStatus());
    assertFalse(readOnlyOnly.judge(made.record()).opener().goesByStatus());
    assertFalse(
        readOnlyOnly.judge(inSession.getfh().getattr(0x102).record()).opener().goesByStatus());
  }

  @Test
  void bytesBehindTheLastOperation_ofAnyNumber_areCutOff() throws Exception {
    byte[] call = CompoundCall.minor(0).putfh(READ_ONLY).remove().record();
    for (int more = 1; more < 8; more++) {
      byte[] longer = Arrays.copyOf(call, call.length + more);
      ByteBuffer.wrap(longer).putInt(0x80000000 | longer.length - 4);
      assertCut(judge.judge(longer), CompoundCall.minor(0).putfh(READ_ONLY));
    }
  }

  // Until then a rule for a plain directory, say, holds for nothing.
  @Test
  void call_beforeAnybodyHasLooked_waits_whereRulesDiffer() throws Exception {
    Promise<Void> looked = Promise.promise();
    CompoundCall call = CompoundCall.minor(1).sequence().putfh(EXPORT).remove();
    judge.waitFor(looked.future());
    vertx.setTimer(50, time -> looked.complete());

    assertForwarded(judge.judge(call.record()), call);
    assertTrue(looked.future().isComplete());
  }

  // It may be good again when a forwarded call gets there.
  @Test
  void staleHandle_isAnsweredAsTheOriginDid() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(0).putfh("/was here").remove().record());

    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(reply(STALE, PUTFH, STALE), judged.answer());
  }

  // RFC 8881 section 15.2: those before it are executed.
  @Test
  void operationWithoutARow_whereRulesDiffer_isIllegalInItsPlace() throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(1).sequence().putfh(EXPORT).unknown().remove().record());

    assertCut(judged, CompoundCall.minor(1).sequence().putfh(EXPORT));
    byte[] fromOrigin = reply(0, 2, sequenceResult().andThen(JudgedCalls.words(PUTFH, 0)));
    assertArrayEquals(
        reply(
            OP_ILLEGAL,
            3,
            sequenceResult().andThen(JudgedCalls.words(PUTFH, 0, OP_ILLEGAL, OP_ILLEGAL))),
        judged.opened(fromOrigin));
  }

  @Test
  void operationWithoutARow_alone_isAnsweredAsIllegal() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(0).unknown().record());

    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(reply(OP_ILLEGAL, OP_ILLEGAL, OP_ILLEGAL), judged.answer());
  }

  @Test
  void operationWithoutARow_whereNothingIsForbidden_isTheOrigins_andSquashed() throws Exception {
    Rules squashing =
        new Rules(JudgeUnderTest.parameters(Squash.ALL, UnreadableCalls.REFUSE), List.of());
    Consumer<XdrWriter> arguments = CompoundCall.minor(0).unknown().arguments();
    Judged judged =
        new JudgeUnderTest(vertx, squashing)
            .judge(JudgedCalls.sys(Wire.NFS, 4, 1, arguments, 0, 0));

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(JudgedCalls.sys(Wire.NFS, 4, 1, arguments, 1234, 5678), judged.record());
  }

  @Test
  void handle_whoseQuestionIsNotAnswered_closesTheConnection() throws Exception {
    judge.origin.failure = new TimeoutException("silence");

    Judged judged = judge.judge(CompoundCall.minor(1).sequence().putfh(EXPORT).remove().record());
    assertEquals(Verdict.RETRY, judged.verdict());
  }
}
