package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.words;
import static org.nfsproxy.server.judge.Replies3.reply;

import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Security;

/** MNT, judged by the handle that it gives. */
class JudgeMountTest {
  private static final int ACCES = 13;
  private static final int MNT = 1;
  private static final int SYS = 1;
  private static final int KRB5 = 390003;

  private static Vertx vertx;
  private JudgeUnderTest judge;

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
    judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
    judge.meetOrigin();
  }

  private Judged mnt(String path) throws Exception {
    return judge.judge(JudgedCalls.mount(MNT, name(path)));
  }

  private static byte[] mounted(String handle, int... flavors) {
    return reply(0, handle(handle), words(flavors.length), words(flavors));
  }

  private static byte[] refused(int status) {
    return reply(status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/export/./none",
        "/export/directory/../none",
        "/export/none/.",
        "/alias",
        "/export/none\0",
        "/export/no\uFFFDne"
      })
  void mnt_byAnotherNameOfExportWithoutAccess_isRefused(String path) throws Exception {
    judge.origin.secondNames.put(path, "/export/none");

    Judged judged = mnt(path);
    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(refused(ACCES), judged.answer());
  }

  @Test
  void mnt_whoseReplyHasTheHandleThatWasFound_passes() throws Exception {
    judge.origin.secondNames.put("/export/ro/", "/export/ro");
    Judged judged = mnt("/export/ro/");

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(mounted("/export/ro", SYS), judged.opened(mounted("/export/ro", SYS)));
  }

  // The name led into /export when it was asked about, and elsewhere when MNT was executed.
  @Test
  void mnt_whoseReplyHasAnotherHandle_isJudgedByThat() throws Exception {
    judge.origin.secondNames.put("/alias", "/export");
    judge.judge(JudgedCalls.nfs3(1, handle("/export/none")));

    assertArrayEquals(refused(ACCES), mnt("/alias").opened(mounted("/export/none", SYS)));
    assertArrayEquals(mounted("/export", SYS), mnt("/alias").opened(mounted("/export", SYS)));
  }

  @Test
  void mnt_whoseReplyHasAHandleNobodyKnows_isRefusedUntilItIsKnown() throws Exception {
    String handle = "/export/ro/directory";

    assertArrayEquals(refused(ACCES), mnt("/export").opened(mounted(handle, SYS)));
    assertArrayEquals(mounted(handle, SYS), mnt("/export").opened(mounted(handle, SYS)));
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "13, 13", "20, 20", "63, 63", "70, 13", "10016, 13"})
  void mnt_whosePathTheOriginRefuses_isAnsweredAsMountSaysIt(int said, int answered)
      throws Exception {
    judge.origin.failure = new NfsStatusException(said);

    assertArrayEquals(refused(answered), mnt("/export/name").answer());
  }

  @Test
  void mnt_whosePathIsNotAnswered_closesTheConnection() throws Exception {
    judge.origin.failure = new TimeoutException("silence");

    assertEquals(Verdict.RETRY, mnt("/export").verdict());
  }

  @Test
  void mnt_ofAPathThatNobodyCanAskAbout_isJudgedByItsReply() throws Exception {
    judge.judge(JudgedCalls.nfs3(1, handle("/export/none")));
    judge.judge(JudgedCalls.nfs3(1, handle("/export/ro")));
    judge.origin.failure = new UnsupportedOperationException("find");

    assertArrayEquals(refused(ACCES), mnt("/a").opened(mounted("/export/none", SYS)));
    assertArrayEquals(mounted("/export/ro", SYS), mnt("/a").opened(mounted("/export/ro", SYS)));
  }

  @Test
  void flavors_areThoseOfTheExportThatTheHandleIsIn() throws Exception {
    Set<Security> kerberos = EnumSet.of(Security.KRB5);
    Overrides overrides =
        new Overrides(null, null, null, null, null, kerberos, null, null, null, null, null, null);
    judge =
        new JudgeUnderTest(
            vertx, JudgeUnderTest.rules(Rule.of(ExportPath.of("/export/ro"), overrides)));
    judge.meetOrigin();
    judge.origin.secondNames.put("/alias", "/export/ro");

    assertArrayEquals(
        mounted("/export/ro", KRB5), mnt("/alias").opened(mounted("/export/ro", SYS, KRB5)));
    assertArrayEquals(
        mounted("/export", SYS, KRB5), mnt("/export").opened(mounted("/export", SYS, KRB5)));
  }

  @Test
  void mnt_whereOnlyWritesAreRestricted_asksNothing() throws Exception {
    judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));

    Judged judged = mnt("/export/anything");
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertEquals(0, judge.origin.asked.get());
    assertArrayEquals(mounted("any handle", SYS), judged.opened(mounted("any handle", SYS)));
  }

  private static byte[] sealedList() {
    byte[] credential =
        Wire.xdr(out -> out.int32(1).int32(0).int32(1).int32(1).opaque(new byte[4]));
    return Wire.record(Wire.call(JudgedCalls.XID, Wire.MOUNT, 3, 5, 6, credential, words()));
  }

  // Its reply could not be changed: the list would name what is hidden.
  @Test
  void sealedMount_whereSomeExportMayNotBeHad_isDenied() throws Exception {
    Judged judged = judge.judge(sealedList());

    assertEquals(Verdict.ANSWER, judged.verdict());
    // MSG_DENIED, AUTH_ERROR, AUTH_TOOWEAK
    assertArrayEquals(Wire.record(Wire.xdr(words(JudgedCalls.XID, 1, 1, 1, 5))), judged.answer());
  }

  @Test
  void sealedMount_whereOnlyWritesAreRestricted_isForwarded() throws Exception {
    judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));

    assertEquals(Verdict.FORWARD, judge.judge(sealedList()).verdict());
  }
}
