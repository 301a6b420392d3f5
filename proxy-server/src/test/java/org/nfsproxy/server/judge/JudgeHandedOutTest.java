package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.nothingSet;
import static org.nfsproxy.server.judge.JudgedCalls.words;
import static org.nfsproxy.server.judge.Replies3.ABSENT;
import static org.nfsproxy.server.judge.Replies3.DIRECTORY;
import static org.nfsproxy.server.judge.Replies3.FILE;
import static org.nfsproxy.server.judge.Replies3.entry;
import static org.nfsproxy.server.judge.Replies3.fattr3;
import static org.nfsproxy.server.judge.Replies3.present;
import static org.nfsproxy.server.judge.Replies3.reply;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.xdr.XdrWriter;

/**
 * What replies hand out by a name, judged by the filesystem it turns out to be in. The origin's
 * filesystems have the lengths of their paths as fsids.
 */
class JudgeHandedOutTest {
  private static final int ACCES = 13;
  private static final int NOENT = 2;
  private static final int LOOKUP = 3;
  private static final int CREATE = 8;
  private static final int MKDIR = 9;
  private static final int READDIRPLUS = 17;

  private static final int OF_EXPORT = "/export".length();
  private static final int OF_NONE = "/export/none".length();
  private static final int OF_NEW = 500;

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
    judge = met(JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE));
  }

  // The fsid of what a rule is for must be known, as after discovery.
  private static JudgeUnderTest met(Rules rules) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.meetOrigin();
    for (String path : new String[] {EXPORT, "/export/none", "/export/ro"}) {
      judge.judge(JudgedCalls.nfs3(1, handle(path)));
    }
    return judge;
  }

  private Judged lookUp(String name) throws Exception {
    int before = judge.origin.asked.get();
    Judged judged = judge.judge(JudgedCalls.nfs3(LOOKUP, handle(EXPORT).andThen(name(name))));
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertEquals(before, judge.origin.asked.get(), "questions about a name");
    return judged;
  }

  private static byte[] looked(String child, Consumer<XdrWriter> attributes) {
    return reply(0, handle(child), attributes, present(fattr3(DIRECTORY, OF_EXPORT)));
  }

  private static byte[] refused(int status) {
    return reply(status, ABSENT);
  }

  private static boolean passes(Judged judged, byte[] reply) {
    ByteBuf chunk = Unpooled.buffer().writeZero(5).writeBytes(reply).writeZero(3);
    return judged.opener().readsInPassing(chunk, 5, 5 + reply.length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "alias", ".", "..", "a/path/of/webnfs"})
  void lookup_thatLedIntoExportWithoutAccess_isRefused(String name) throws Exception {
    byte[] reply = looked("/export/none", present(fattr3(DIRECTORY, OF_NONE)));

    Judged judged = lookUp(name);
    assertFalse(passes(judged, reply));
    assertArrayEquals(refused(ACCES), judged.opened(reply));
  }

  @Test
  void lookup_thatLedIntoHiddenExport_findsNothing() throws Exception {
    Overrides hidden =
        new Overrides(null, null, null, null, null, null, null, true, null, null, null, null);
    judge = met(JudgeUnderTest.rules(Rule.of(ExportPath.of("/export/none"), hidden)));

    byte[] reply = looked("/export/none", present(fattr3(DIRECTORY, OF_NONE)));
    assertArrayEquals(refused(NOENT), lookUp("alias").opened(reply));
  }

  @Test
  void lookup_inTheSameFilesystem_passesOnItsWay() throws Exception {
    byte[] reply = looked("child", present(fattr3(FILE, OF_EXPORT)));

    Judged judged = lookUp("none");
    assertTrue(passes(judged, reply));
    assertArrayEquals(reply, judged.opened(reply));
  }

  @Test
  void lookup_thatLedIntoExportWithAccess_passes() throws Exception {
    byte[] reply = looked("/export/ro", present(fattr3(DIRECTORY, "/export/ro".length())));

    assertArrayEquals(reply, lookUp("ro").opened(reply));
  }

  // The client asks for the attributes by the handle, and that waits for the origin's word.
  @Test
  void lookup_thatLedIntoFilesystemNobodyHasPlaced_keepsItsHandleOnly() throws Exception {
    byte[] reply = looked("new", present(fattr3(FILE, OF_NEW)));

    Judged judged = lookUp("new");
    assertFalse(passes(judged, reply));
    assertArrayEquals(looked("new", ABSENT), judged.opened(reply));
  }

  @Test
  void lookup_thatLedIntoNewFilesystemWhoseNameIsItsPlace_passes() throws Exception {
    byte[] reply = looked("new", present(fattr3(DIRECTORY, OF_NEW)));

    assertArrayEquals(reply, lookUp("new").opened(reply));
  }

  @Test
  void lookup_withoutAttributes_ofAnUnknownHandle_passes() throws Exception {
    byte[] reply = looked("nobody knows", ABSENT);

    assertArrayEquals(reply, lookUp("name").opened(reply));
  }

  @Test
  void lookup_withoutAttributes_ofAHandleInExportWithoutAccess_isRefused() throws Exception {
    assertArrayEquals(refused(ACCES), lookUp("name").opened(looked("/export/none", ABSENT)));
  }

  @Test
  void lookup_whereOnlyWritesAreRestricted_passes() throws Exception {
    judge = met(JudgeUnderTest.rules(READ_ONLY_RULE));
    byte[] reply = looked("new", present(fattr3(DIRECTORY, OF_NEW)));

    assertArrayEquals(reply, lookUp("new").opened(reply));
  }

  @Test
  void failedLookup_passes() throws Exception {
    byte[] reply = reply(NOENT, present(fattr3(DIRECTORY, OF_EXPORT)));

    Judged judged = lookUp("none");
    assertTrue(passes(judged, reply));
    assertArrayEquals(reply, judged.opened(reply));
  }

  @ParameterizedTest
  @ValueSource(ints = {CREATE, MKDIR})
  void objectMade_inExportWithoutAccess_isNotHandedOut(int procedure) throws Exception {
    Consumer<XdrWriter> how = procedure == CREATE ? words(0).andThen(nothingSet()) : nothingSet();
    Judged judged =
        judge.judge(JudgedCalls.nfs3(procedure, handle(EXPORT).andThen(name("new")).andThen(how)));
    Consumer<XdrWriter> wcc = words(0).andThen(present(fattr3(DIRECTORY, OF_EXPORT)));
    byte[] elsewhere =
        reply(0, present(handle("/export/none")), present(fattr3(FILE, OF_NONE)), wcc);
    byte[] here = reply(0, present(handle("made")), present(fattr3(FILE, OF_EXPORT)), wcc);

    assertArrayEquals(reply(0, ABSENT, ABSENT, wcc), judged.opened(elsewhere));
    assertTrue(passes(judged, here));
    assertArrayEquals(here, judged.opened(here));
  }

  private static byte[] listing(Consumer<XdrWriter> entries) {
    return reply(0, present(fattr3(DIRECTORY, OF_EXPORT)), words(0, 0), entries, words(0, 1));
  }

  @Test
  void entries_ofExportsThatRefuse_keepTheirNamesOnly() throws Exception {
    Consumer<XdrWriter> mine =
        entry("mine", present(fattr3(FILE, OF_EXPORT)), present(handle("one")))
            .andThen(entry("nothing told", ABSENT, ABSENT))
            .andThen(entry("bare handle", ABSENT, present(handle("nobody knows"))));
    Consumer<XdrWriter> rest = entry("last", present(fattr3(FILE, OF_EXPORT)), ABSENT);
    Consumer<XdrWriter> came =
        mine.andThen(entry("none", present(fattr3(DIRECTORY, OF_NONE)), present(handle("six"))))
            .andThen(entry("bare", ABSENT, present(handle("/export/none"))))
            .andThen(entry("attributes", present(fattr3(FILE, OF_NONE)), ABSENT))
            .andThen(entry("new", present(fattr3(DIRECTORY, OF_NEW)), present(handle("new"))))
            .andThen(rest);
    Consumer<XdrWriter> goes =
        mine.andThen(entry("none", ABSENT, ABSENT))
            .andThen(entry("bare", ABSENT, ABSENT))
            .andThen(entry("attributes", ABSENT, ABSENT))
            .andThen(entry("new", ABSENT, present(handle("new"))))
            .andThen(rest);

    Judged judged =
        judge.judge(
            JudgedCalls.nfs3(READDIRPLUS, handle(EXPORT).andThen(words(0, 0, 0, 0, 4096, 4096))));
    assertArrayEquals(listing(goes), judged.opened(listing(came)));
  }
}
