package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.words;
import static org.nfsproxy.server.judge.Replies3.ABSENT;
import static org.nfsproxy.server.judge.Replies3.DIRECTORY;
import static org.nfsproxy.server.judge.Replies3.fattr3;
import static org.nfsproxy.server.judge.Replies3.present;
import static org.nfsproxy.server.judge.Replies3.reply;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.xdr.XdrWriter;

/** What ACCESS grants where nothing may be written. */
class JudgeAccessTest {
  private static final int ACCESS = 4;
  private static final int NFS_ACL = 100227;
  private static final int ALL = 0x3f;
  private static final int READING = 0x23;

  private static final int OF_EXPORT = "/export".length();
  private static final int OF_READ_ONLY = "/export/ro".length();

  private static final Rules SOME_READ_ONLY = JudgeUnderTest.rules(READ_ONLY_RULE);
  private static final Rules ALL_READ_ONLY =
      JudgeUnderTest.rules(Rule.of(ExportPath.of("/"), READ_ONLY_RULE.overrides()));

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static JudgeUnderTest judge(Rules rules) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.meetOrigin();
    return judge;
  }

  private static Judged access(JudgeUnderTest judge, String path) throws Exception {
    int before = judge.origin.asked.get();
    Judged judged = judge.judge(JudgedCalls.nfs3(ACCESS, handle(path).andThen(words(ALL))));
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertEquals(before, judge.origin.asked.get());
    return judged;
  }

  private static byte[] granted(Consumer<XdrWriter> attributes, int bits) {
    return reply(0, attributes, words(bits));
  }

  private static byte[] granted(int fsid, int bits) {
    return granted(present(fattr3(DIRECTORY, fsid)), bits);
  }

  /** What a client gets where the reply is read on its way; null if it is to be opened. */
  private static byte[] passed(Judged judged, byte[] reply) {
    ByteBuf chunk = Unpooled.buffer().writeZero(5).writeBytes(reply).writeInt(-1);
    boolean passes = judged.opener().readsInPassing(chunk, 5, 5 + reply.length);
    assertEquals(-1, chunk.getInt(5 + reply.length));
    return passes ? ByteBufUtil.getBytes(chunk, 5, reply.length, true) : null;
  }

  @Test
  void grantOfWriting_inReadOnlyExport_isTakenBack() throws Exception {
    for (Rules rules :
        List.of(
            SOME_READ_ONLY, ALL_READ_ONLY, JudgeUnderTest.rules(READ_ONLY_RULE, NO_ACCESS_RULE))) {
      JudgeUnderTest judge = judge(rules);
      judge.judge(JudgedCalls.nfs3(1, handle(READ_ONLY)));
      Judged judged = access(judge, READ_ONLY);

      byte[] expected = granted(OF_READ_ONLY, READING);
      assertArrayEquals(expected, judged.opened(granted(OF_READ_ONLY, ALL)));
      assertArrayEquals(expected, passed(judged, granted(OF_READ_ONLY, ALL)));
      assertArrayEquals(granted(ABSENT, READING), judged.opened(granted(ABSENT, ALL)));
    }
  }

  @Test
  void grantOfWriting_inBytesThatCannotBeWritten_isTakenBackWhereItIsOpened() throws Exception {
    Judged judged = access(judge(ALL_READ_ONLY), READ_ONLY);
    byte[] reply = granted(OF_READ_ONLY, ALL);
    ByteBuf readOnly = Unpooled.copiedBuffer(reply).asReadOnly();

    assertFalse(judged.opener().readsInPassing(readOnly, 0, reply.length));
    ByteBuf opened = judged.opener().open(readOnly);
    assertArrayEquals(granted(OF_READ_ONLY, READING), ByteBufUtil.getBytes(opened));
    opened.release();
  }

  @Test
  void grant_inWritableExport_passes() throws Exception {
    JudgeUnderTest judge = judge(SOME_READ_ONLY);
    Judged judged = access(judge, EXPORT);

    // Nobody had asked about the handle; the reply says which filesystem it is in.
    byte[] reply = granted(OF_EXPORT, ALL);
    assertArrayEquals(reply, judged.opened(reply));
    assertNull(access(judge, EXPORT).opener());
  }

  @Test
  void grantOfWriting_whereNobodyKnowsTheFilesystem_isTakenBack() throws Exception {
    Judged judged = access(judge(SOME_READ_ONLY), "nobody knows");

    assertArrayEquals(granted(ABSENT, READING), judged.opened(granted(ABSENT, ALL)));
  }

  @Test
  void access_withoutReadOnlyRules_passesUnopened() throws Exception {
    assertNull(access(judge(JudgeUnderTest.rules()), EXPORT).opener());
  }

  @Test
  void refusedAccess_passes() throws Exception {
    byte[] reply = reply(70, ABSENT);

    Judged judged = access(judge(ALL_READ_ONLY), READ_ONLY);
    assertArrayEquals(reply, judged.opened(reply));
    assertTrue(Arrays.equals(reply, passed(judged, reply)));
  }

  @Test
  void grantOfWriting_inNfsAcl2_isTakenBack() throws Exception {
    byte[] handle = Arrays.copyOf(READ_ONLY.getBytes(), 32);
    JudgeUnderTest judge = new JudgeUnderTest(vertx, ALL_READ_ONLY);
    judge.origin.servesAcl = true;
    Consumer<XdrWriter> arguments = out -> out.fixed(handle).int32(ALL);
    Judged judged = judge.judge(JudgedCalls.of(NFS_ACL, 2, 4, arguments));
    Consumer<XdrWriter> fattr =
        words(DIRECTORY, 0755, 1, 0, 0, 1, 1, 0, 1)
            .andThen(words(OF_READ_ONLY, 42, 0, 0, 0, 0, 0, 0));

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(reply(0, fattr, words(READING)), judged.opened(reply(0, fattr, words(ALL))));
  }
}
