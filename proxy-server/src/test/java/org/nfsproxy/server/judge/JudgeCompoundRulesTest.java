package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;

import io.vertx.core.Vertx;
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
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.listen.CallBatch.Verdict;
import org.nfsproxy.server.policy.Opaque;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
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
    return reply(status, operationsAndStatuses.length / 2, Calls.words(operationsAndStatuses));
  }

  private static byte[] reply(int status, int count, Consumer<XdrWriter> results) {
    return Wire.reply(Calls.XID, Wire.xdr(Calls.words(status, 0, count).andThen(results)));
  }

  private static Consumer<XdrWriter> sequenceResult() {
    return Calls.words(53, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0);
  }

  private static void assertCut(Judged judged, Compound left) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(left.record(), judged.record());
    assertNotNull(judged.opener());
  }

  private static void assertForwardedWhole(Judged judged, Compound call) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(call.record(), judged.record());
  }

  @Test
  void removeInSession_inReadOnlyExport_isCutAndItsReplyCompleted() throws Exception {
    Judged judged = judge.judge(Compound.minor(1).sequence().putfh(READ_ONLY).remove().record());

    assertCut(judged, Compound.minor(1).sequence().putfh(READ_ONLY));
    byte[] fromOrigin = reply(0, 2, sequenceResult().andThen(Calls.words(PUTFH, 0)));
    byte[] toClient = reply(ROFS, 3, sequenceResult().andThen(Calls.words(PUTFH, 0, REMOVE, ROFS)));
    assertArrayEquals(toClient, judged.opened(fromOrigin));
  }

  @Test
  void cutCall_thatFailsAtTheOrigin_keepsTheOriginsReply() throws Exception {
    Judged judged = judge.judge(Compound.minor(1).sequence().putfh(READ_ONLY).remove().record());

    byte[] stale = reply(STALE, 2, sequenceResult().andThen(Calls.words(PUTFH, STALE)));
    assertArrayEquals(stale, judged.opened(stale));
  }

  @Test
  void removeWithoutSession_inReadOnlyExport_isCutAndItsReplyCompleted() throws Exception {
    Judged judged = judge.judge(Compound.minor(0).putfh(READ_ONLY).remove().record());

    assertCut(judged, Compound.minor(0).putfh(READ_ONLY));
    assertArrayEquals(reply(ROFS, PUTFH, 0, REMOVE, ROFS), judged.opened(reply(0, PUTFH, 0)));
  }

  @Test
  void remove_inWritableExport_isForwarded() throws Exception {
    Compound call = Compound.minor(1).sequence().putfh(EXPORT).remove();

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  @Test
  void removeBehindLookup_thatLeadsIntoReadOnlyExport_isCutBeforeIt() throws Exception {
    Judged judged = judge.judge(Compound.minor(0).putfh("/export").lookup("ro").remove().record());

    assertCut(judged, Compound.minor(0).putfh("/export").lookup("ro"));
    assertTrue(judge.origin.asked.get() > 0);
    assertArrayEquals(
        reply(ROFS, PUTFH, 0, 15, 0, REMOVE, ROFS), judged.opened(reply(0, PUTFH, 0, 15, 0)));
  }

  @Test
  void removeBehindLookups_fromTheRootIntoReadOnlyExport_isCutBeforeIt() throws Exception {
    judge.meetOrigin();

    assertCut(
        judge.judge(Compound.minor(0).putrootfh().lookup("export").lookup("ro").remove().record()),
        Compound.minor(0).putrootfh().lookup("export").lookup("ro"));
  }

  @Test
  void removeBehindLookups_fromTheRootIntoWritableExport_isForwarded() throws Exception {
    judge.meetOrigin();
    Compound call = Compound.minor(0).putrootfh().lookup("export").lookup("directory").remove();

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  // A proxy that has just started: nobody has looked at the root yet, and a client walks from it.
  @Test
  void walkFromTheRoot_beforeTheFirstLook_isSettledByAsking() throws Exception {
    Compound call = Compound.minor(0).putrootfh().lookup("export").lookup("directory").remove();

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  static Stream<Arguments> squashedCredentials() {
    return Stream.of(
        Arguments.of(
            "root", Squash.ROOT, 1, Calls.sysBody("c", 0, 0), Calls.sysBody("c", 1234, 5678)),
        Arguments.of(
            "groups",
            Squash.ALL,
            1,
            Calls.sysBody("c", 1000, 1000, 8, 9),
            Calls.sysBody("c", 1234, 5678)),
        Arguments.of("none", Squash.ROOT, 0, new byte[0], Calls.sysBody("", 1234, 5678)));
  }

  // What is cut lies behind a credential that may just have become longer or shorter.
  @ParameterizedTest(name = "{0}")
  @MethodSource("squashedCredentials")
  void cutCall_whoseCredentialIsSquashed_isCutInTheSamePlace(
      String credential, Squash squash, int flavor, byte[] came, byte[] goes) throws Exception {
    JudgeUnderTest squashing =
        new JudgeUnderTest(
            vertx,
            new Rules(JudgeUnderTest.parameters(squash, Opaque.REFUSE), List.of(READ_ONLY_RULE)));
    Consumer<XdrWriter> whole = Compound.minor(0).putfh(READ_ONLY).remove().arguments();
    Consumer<XdrWriter> left = Compound.minor(0).putfh(READ_ONLY).arguments();

    Judged judged =
        squashing.judge(Wire.record(Wire.call(Calls.XID, Wire.NFS, 4, 1, flavor, came, whole)));
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(
        Wire.record(Wire.call(Calls.XID, Wire.NFS, 4, 1, 1, goes, left)), judged.record());
  }

  @Test
  void lookup_intoExportWithoutAccess_isCut() throws Exception {
    Judged judged = judge.judge(Compound.minor(0).putfh("/export").lookup("none").record());

    assertCut(judged, Compound.minor(0).putfh("/export"));
    assertArrayEquals(reply(ACCESS, PUTFH, 0, 15, ACCESS), judged.opened(reply(0, PUTFH, 0)));
  }

  @Test
  void rename_fromWritableIntoReadOnlyExport_isCut() throws Exception {
    Compound left = Compound.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY);
    Judged judged =
        judge.judge(Compound.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY).rename().record());

    assertCut(judged, left);
    assertArrayEquals(
        reply(ROFS, PUTFH, 0, 32, 0, PUTFH, 0, RENAME, ROFS),
        judged.opened(reply(0, PUTFH, 0, 32, 0, PUTFH, 0)));
  }

  @Test
  void rename_fromReadOnlyIntoWritableExport_isCut() throws Exception {
    assertCut(
        judge.judge(Compound.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT).rename().record()),
        Compound.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT));
  }

  @Test
  void remove_onRestoredHandleOfReadOnlyExport_isCut() throws Exception {
    assertCut(
        judge.judge(
            Compound.minor(0)
                .putfh(READ_ONLY)
                .savefh()
                .putfh(EXPORT)
                .restorefh()
                .remove()
                .record()),
        Compound.minor(0).putfh(READ_ONLY).savefh().putfh(EXPORT).restorefh());
  }

  @Test
  void remove_onRestoredHandleOfWritableExport_isForwarded() throws Exception {
    Compound call = Compound.minor(0).putfh(EXPORT).savefh().putfh(READ_ONLY).restorefh().remove();

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  // Above a directory may be anything, so the strictest rule holds there.
  @Test
  void removeBehindLookupp_whereSomeExportIsReadOnly_isCut() throws Exception {
    assertCut(
        readOnlyOnly.judge(Compound.minor(0).putfh(EXPORT).lookupp().remove().record()),
        Compound.minor(0).putfh(EXPORT).lookupp());
  }

  @Test
  void lookupp_whereSomeExportHasNoAccess_isCut() throws Exception {
    assertCut(
        judge.judge(Compound.minor(0).putfh(EXPORT).lookupp().remove().record()),
        Compound.minor(0).putfh(EXPORT));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void openToWrite_inReadOnlyExport_isCut(int access) throws Exception {
    assertCut(
        judge.judge(Compound.minor(1).sequence().putfh(READ_ONLY).open(access).getattr().record()),
        Compound.minor(1).sequence().putfh(READ_ONLY));
  }

  // A single file may be a mount point.
  @Test
  void openToWrite_byANameThatLeadsIntoReadOnlyExport_isCut() throws Exception {
    assertCut(
        judge.judge(Compound.minor(1).sequence().putfh("/export").open(2, "ro").record()),
        Compound.minor(1).sequence().putfh("/export"));
  }

  @Test
  void openToRead_byANameThatLeadsIntoReadOnlyExport_isForwarded() throws Exception {
    Compound call = Compound.minor(1).sequence().putfh("/export").open(1, "ro");

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  @Test
  void openToRead_inReadOnlyExport_isForwarded() throws Exception {
    Compound call = Compound.minor(1).sequence().putfh(READ_ONLY).open(1).getattr();

    assertForwardedWhole(judge.judge(call.record()), call);
  }

  @Test
  void firstOperation_onExportWithoutAccess_isAnsweredHere() throws Exception {
    Judged judged = judge.judge(Compound.minor(0).putfh(NO_ACCESS).getattr().record());

    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(reply(ACCESS, PUTFH, ACCESS), judged.answer());
  }

  @Test
  void staleHandle_isForwarded() throws Exception {
    Compound call = Compound.minor(0).putfh("/was here").remove();

    assertForwardedWhole(judge.judge(call.record()), call);
    assertTrue(judge.origin.asked.get() > 0);
  }

  @Test
  void handle_whoseQuestionIsNotAnswered_closesTheConnection() throws Exception {
    judge.origin.failure = new TimeoutException("silence");

    Judged judged = judge.judge(Compound.minor(1).sequence().putfh(EXPORT).remove().record());
    assertEquals(Verdict.RETRY, judged.verdict());
  }
}
