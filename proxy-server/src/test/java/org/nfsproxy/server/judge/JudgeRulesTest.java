package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.nothingSet;
import static org.nfsproxy.server.judge.JudgedCalls.words;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.xdr.XdrWriter;

class JudgeRulesTest {
  private static final int ACCES = 13;
  private static final int ROFS = 30;
  private static final int STALE = 70;
  private static final int GETATTR = 1;
  private static final int LOOKUP = 3;
  private static final int READ = 6;
  private static final int REMOVE = 12;
  private static final int RENAME = 14;
  private static final int LINK = 15;
  private static final int MNT = 1;
  private static final int JUKEBOX = 10008;
  private static final int EXPORT_LIST = 5;
  private static final int EXPORT_ALL = 6;
  private static final int PATHCONF = 7;

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

  /** Procedures behind their first handle: number, other arguments, zero words of a failure. */
  static Stream<Arguments> writing() {
    Consumer<XdrWriter> name = name("name");
    return Stream.of(
        Arguments.of("SETATTR", 2, nothingSet().andThen(words(0)), 2),
        Arguments.of("WRITE", 7, words(0, 0, 4, 0, 4, 0x61626364), 2),
        Arguments.of("CREATE", 8, name.andThen(words(0)).andThen(nothingSet()), 2),
        Arguments.of("MKDIR", 9, name.andThen(nothingSet()), 2),
        Arguments.of("SYMLINK", 10, name.andThen(nothingSet()).andThen(name), 2),
        Arguments.of("MKNOD", 11, name.andThen(words(7)).andThen(nothingSet()), 2),
        Arguments.of("REMOVE", REMOVE, name, 2),
        Arguments.of("RMDIR", 13, name, 2),
        Arguments.of("RENAME", RENAME, name.andThen(handle(READ_ONLY)).andThen(name), 4),
        Arguments.of("LINK", LINK, handle(READ_ONLY).andThen(name), 3),
        Arguments.of("COMMIT", 21, words(0, 0, 4096), 2));
  }

  static Stream<Arguments> reading() {
    return Stream.of(
        Arguments.of("GETATTR", GETATTR, words(), 0),
        Arguments.of("LOOKUP", LOOKUP, name("name"), 1),
        Arguments.of("READ", READ, words(0, 0, 4096), 1));
  }

  static Stream<Arguments> all() {
    return Stream.concat(writing(), reading());
  }

  private static void assertRefused(Judged judged, int status, int zeroWords) {
    assertEquals(Verdict.ANSWER, judged.verdict());
    int[] results = new int[1 + zeroWords];
    results[0] = status;
    assertArrayEquals(Wire.reply(JudgedCalls.XID, Wire.xdr(words(results))), judged.answer());
  }

  private static void assertForwarded(Judged judged, byte[] call) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(call, judged.record());
    assertTrue(judged.isSameRecord());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writing")
  void writing_inReadOnlyExport_isRefused(
      String procedure, int number, Consumer<XdrWriter> arguments, int zeroWords) throws Exception {
    byte[] call = JudgedCalls.nfs3(number, handle(READ_ONLY).andThen(arguments));

    assertRefused(judge.judge(call), ROFS, zeroWords);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reading")
  void reading_inReadOnlyExport_isForwardedUnchanged(
      String procedure, int number, Consumer<XdrWriter> arguments, int zeroWords) throws Exception {
    byte[] call = JudgedCalls.nfs3(number, handle(READ_ONLY).andThen(arguments));

    assertForwarded(judge.judge(call), call);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void anything_inExportWithoutAccess_isRefused(
      String procedure, int number, Consumer<XdrWriter> arguments, int zeroWords) throws Exception {
    byte[] call = JudgedCalls.nfs3(number, handle(NO_ACCESS).andThen(arguments));

    assertRefused(judge.judge(call), ACCES, zeroWords);
  }

  @Test
  void remove_inWritableExport_isForwarded() throws Exception {
    byte[] call = JudgedCalls.nfs3(REMOVE, handle(EXPORT).andThen(name("name")));

    assertForwarded(judge.judge(call), call);
  }

  @Test
  void rename_whoseSecondHandleIsOfReadOnlyExport_isRefused() throws Exception {
    Consumer<XdrWriter> to = handle(READ_ONLY).andThen(name("to"));
    byte[] call = JudgedCalls.nfs3(RENAME, handle(EXPORT).andThen(name("from")).andThen(to));

    assertRefused(judge.judge(call), ROFS, 4);
  }

  @Test
  void link_whoseSecondHandleIsOfReadOnlyExport_isRefused() throws Exception {
    Consumer<XdrWriter> to = handle(READ_ONLY).andThen(name("to"));

    assertRefused(judge.judge(JudgedCalls.nfs3(LINK, handle(EXPORT).andThen(to))), ROFS, 3);
  }

  // Forwarded, it would be executed on whatever the handle names by then.
  @ParameterizedTest(name = "{0}")
  @MethodSource("all")
  void handle_ofWhichTheOriginSaysStale_isAnsweredSo(
      String procedure, int number, Consumer<XdrWriter> arguments, int zeroWords) throws Exception {
    byte[] call = JudgedCalls.nfs3(number, handle("/was here").andThen(arguments));

    assertRefused(judge.judge(call), STALE, zeroWords);
    assertTrue(judge.origin.asked.get() > 0);
  }

  @ParameterizedTest
  @CsvSource({"70, 70", "10001, 10001", "10014, 70", "2, 2", "20, 20", "63, 63"})
  void handle_ofWhichTheOriginSaysThatItNamesNothing_isAnsweredAsTheVersionSaysIt(
      int said, int answered) throws Exception {
    judge.origin.failure = new NfsStatusException(said);

    byte[] call = JudgedCalls.nfs3(REMOVE, handle(EXPORT).andThen(name("name")));
    assertRefused(judge.judge(call), answered, 2);
  }

  @Test
  void secondHandle_ofWhichTheOriginSaysStale_isAnsweredSo() throws Exception {
    Consumer<XdrWriter> to = handle("/was here").andThen(name("to"));

    byte[] rename = JudgedCalls.nfs3(RENAME, handle(EXPORT).andThen(name("from")).andThen(to));
    assertRefused(judge.judge(rename), STALE, 4);
    assertRefused(judge.judge(JudgedCalls.nfs3(LINK, handle(EXPORT).andThen(to))), STALE, 3);
  }

  @Test
  void firstHandleStale_secondReadOnly_theFirstIsTold() throws Exception {
    Consumer<XdrWriter> to = handle(READ_ONLY).andThen(name("to"));

    assertRefused(judge.judge(JudgedCalls.nfs3(LINK, handle("/was here").andThen(to))), STALE, 3);
  }

  // As a Linux server does with a question about an empty handle.
  @Test
  void handle_thatTheOriginCannotRead_isAnsweredBadhandle() throws Exception {
    judge.origin.failure = RpcException.accepted(AcceptStatus.GARBAGE_ARGS);

    assertRefused(judge.judge(JudgedCalls.nfs3(LOOKUP, handle("").andThen(name("a/b")))), 10001, 1);
  }

  @Test
  void emptyHandle_isAnsweredAsTheOriginSays() throws Exception {
    Consumer<XdrWriter> path = name("export/none/directory");
    assertRefused(judge.judge(JudgedCalls.nfs3(LOOKUP, handle("").andThen(path))), STALE, 1);
    assertRefused(judge.judge(JudgedCalls.nfs3(REMOVE, handle("").andThen(path))), STALE, 2);
  }

  @Test
  void handle_whoseQuestionIsNotAnswered_closesTheConnection() throws Exception {
    judge.origin.failure = new TimeoutException("silence");

    Judged judged = judge.judge(JudgedCalls.nfs3(REMOVE, handle(EXPORT).andThen(name("name"))));
    assertEquals(Verdict.RETRY, judged.verdict());
  }

  @ParameterizedTest
  @MethodSource("reading")
  void handle_ofWhichTheOriginSaysLater_isAnsweredLater(
      String procedure, int number, Consumer<XdrWriter> arguments, int zeroWords) throws Exception {
    judge.origin.failure = new NfsStatusException(JUKEBOX);
    byte[] call = JudgedCalls.nfs3(number, handle(EXPORT).andThen(arguments));

    assertRefused(judge.judge(call), JUKEBOX, zeroWords);
  }

  @Test
  void handle_ofWhichTheOriginSaysAnotherNo_isRefusedAsByTheStrictestRule() throws Exception {
    judge.origin.failure = new NfsStatusException(ACCES);
    byte[] call = JudgedCalls.nfs3(REMOVE, handle(EXPORT).andThen(name("name")));

    assertRefused(judge.judge(call), ACCES, 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/export", EXPORT, "/was here"})
  void uniformRules_askNothingAndForwardTheSameRecord(String path) throws Exception {
    JudgeUnderTest uniform = new JudgeUnderTest(vertx, JudgeUnderTest.rules());
    byte[] remove = JudgedCalls.nfs3(REMOVE, handle(path).andThen(name("name")));
    byte[] compound = CompoundCall.minor(0).putfh(path).lookup("ro").remove().record();

    assertForwarded(uniform.judge(remove), remove);
    assertForwarded(uniform.judge(compound), compound);
    assertEquals(0, uniform.origin.asked.get());
  }

  private static JudgeUnderTest squashing(Squash squash) {
    return new JudgeUnderTest(
        vertx, new Rules(JudgeUnderTest.parameters(squash, UnreadableCalls.REFUSE), List.of()));
  }

  private static byte[] byRoot(int version, int procedure, Consumer<XdrWriter> arguments) {
    return JudgedCalls.sys(Wire.NFS, version, procedure, arguments, 0, 0, 0, 7);
  }

  static Stream<Arguments> callsWithHandle() {
    return Stream.of(
        Arguments.of(3, GETATTR, handle(EXPORT)),
        Arguments.of(4, 1, CompoundCall.minor(1).sequence().putfh(EXPORT).getattr().arguments()));
  }

  @ParameterizedTest
  @MethodSource("callsWithHandle")
  void root_whenRootIsSquashed_isAnonymous(
      int version, int procedure, Consumer<XdrWriter> arguments) throws Exception {
    Judged judged = squashing(Squash.ROOT).judge(byRoot(version, procedure, arguments));

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(
        JudgedCalls.sys(Wire.NFS, version, procedure, arguments, 1234, 5678, 5678, 7),
        judged.record());
  }

  @ParameterizedTest
  @MethodSource("callsWithHandle")
  void user_whenAllAreSquashed_isAnonymousWithoutGroups(
      int version, int procedure, Consumer<XdrWriter> arguments) throws Exception {
    byte[] call = JudgedCalls.sys(Wire.NFS, version, procedure, arguments, 1000, 1000, 8, 9);

    Judged judged = squashing(Squash.ALL).judge(call);
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(
        JudgedCalls.sys(Wire.NFS, version, procedure, arguments, 1234, 5678), judged.record());
  }

  @Test
  void callsThatTouchNoFile_whenAllAreSquashed_keepTheirCredential() throws Exception {
    byte[] exchangeId = byRoot(4, 1, CompoundCall.minor(1).exchangeId().arguments());
    byte[] none = byRoot(3, 0, words());

    assertForwarded(squashing(Squash.ALL).judge(exchangeId), exchangeId);
    assertForwarded(squashing(Squash.ALL).judge(none), none);
  }

  @Test
  void sealedCall_whereSomeExportIsReadOnly_isDenied() throws Exception {
    JudgeUnderTest readOnly = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));

    Judged judged = readOnly.judge(JudgedCalls.gss(GETATTR, 0, handle(EXPORT)));
    assertEquals(Verdict.ANSWER, judged.verdict());
    // MSG_DENIED, AUTH_ERROR, AUTH_TOOWEAK
    byte[] denied = Wire.record(Wire.xdr(words(JudgedCalls.XID, 1, 1, 1, 5)));
    assertArrayEquals(denied, judged.answer());
  }

  @Test
  void sealedCall_leftToTheOrigin_isForwarded() throws Exception {
    JudgeUnderTest forwarding =
        new JudgeUnderTest(
            vertx,
            new Rules(
                JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.FORWARD),
                List.of(READ_ONLY_RULE)));
    byte[] call = JudgedCalls.gss(GETATTR, 0, handle(EXPORT));

    assertForwarded(forwarding.judge(call), call);
  }

  @Test
  void callThatMakesSecurityContext_isForwarded() throws Exception {
    byte[] call = JudgedCalls.gss(0, 1, out -> out.opaque(new byte[16]));

    assertForwarded(judge.judge(call), call);
  }

  @Test
  void mnt_ofExportWithoutAccess_isRefused() throws Exception {
    assertRefused(judge.judge(JudgedCalls.mount(MNT, name("/export/none"))), ACCES, 0);
  }

  @Test
  void mntByVersions1And2_isJudgedAsByVersion3() throws Exception {
    for (int version : new int[] {1, 2}) {
      byte[] none = JudgedCalls.of(Wire.MOUNT, version, MNT, name("/export/none"));
      assertRefused(judge.judge(none), ACCES, 0);
      byte[] ro = JudgedCalls.of(Wire.MOUNT, version, MNT, name("/export/ro"));
      assertForwarded(judge.judge(ro), ro);
    }
  }

  @Test
  void pathconfOfMount_isJudgedAsMnt_andRefusedWithZeros() throws Exception {
    byte[] ro = JudgedCalls.of(Wire.MOUNT, 2, PATHCONF, name("/export/ro"));
    assertForwarded(judge.judge(ro), ro);
    byte[] none = JudgedCalls.of(Wire.MOUNT, 2, PATHCONF, name("/export/none"));
    assertRefused(judge.judge(none), 0, 9);
  }

  @Test
  void listsOfMountVersion2_leaveOutThoseWithoutAccess() throws Exception {
    for (int procedure : new int[] {EXPORT_LIST, EXPORT_ALL}) {
      Judged judged = judge.judge(JudgedCalls.of(Wire.MOUNT, 2, procedure, words()));
      assertArrayEquals(list("/export"), judged.opened(list("/export", "/export/none")));
    }
  }

  @Test
  void mnt_ofReadOnlyExport_isForwarded() throws Exception {
    byte[] call = JudgedCalls.mount(MNT, name("/export/ro"));

    assertForwarded(judge.judge(call), call);
  }

  @Test
  void listOfExports_leavesOutThoseWithoutAccess() throws Exception {
    Judged judged = judge.judge(JudgedCalls.mount(EXPORT_LIST, words()));

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(
        list("/export", "/export/ro"),
        judged.opened(list("/export", "/export/none", "/export/ro")));
  }

  private static byte[] list(String... paths) {
    return Wire.reply(
        JudgedCalls.XID,
        Wire.xdr(
            out -> {
              for (String path : paths) {
                out.int32(1).string(path).int32(1).string("*").int32(0);
              }
              out.int32(0);
            }));
  }
}
