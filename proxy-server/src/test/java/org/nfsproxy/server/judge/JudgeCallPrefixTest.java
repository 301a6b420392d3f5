package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.CallBatches;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.judge.JudgeUnderTest.JudgedPrefix;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;

// What the judge says to the first bytes of a long WRITE, and whether that is what it says to all
// of it.
class JudgeCallPrefixTest {
  private static final int AUTH_SYS = 1;
  private static final int WRITE3 = 7;
  private static final byte[] PAYLOAD = payload(200_001);

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    new Random(3).nextBytes(payload);
    return payload;
  }

  private static JudgeUnderTest judge(Squash squash) {
    return new JudgeUnderTest(
        vertx,
        new Rules(
            JudgeUnderTest.parameters(squash, UnreadableCalls.FORWARD), List.of(READ_ONLY_RULE)));
  }

  private static byte[] write3(String path) {
    return JudgedCalls.sys(
        Wire.NFS,
        3,
        WRITE3,
        JudgedCalls.handle(path).andThen(out -> out.int64(0).int32(0).int32(2).opaque(PAYLOAD)),
        1000,
        1000,
        10,
        20,
        30);
  }

  private static byte[] write3WithoutCredential(String path) {
    return Wire.record(
        Wire.call(
            JudgedCalls.XID,
            Wire.NFS,
            3,
            WRITE3,
            JudgedCalls.handle(path)
                .andThen(out -> out.int64(0).int32(0).int32(2).opaque(PAYLOAD))));
  }

  private static byte[] write4(int minor, String path) {
    CompoundCall compound = CompoundCall.minor(minor);
    compound = minor == 0 ? compound : compound.sequence();
    return compound.putfh(path).write(PAYLOAD).getattr().record();
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        Arguments.of("NFSv3", write3(EXPORT)),
        Arguments.of("NFSv3, AUTH_NONE", write3WithoutCredential(EXPORT)),
        Arguments.of("NFSv4.0", write4(0, EXPORT)),
        Arguments.of("NFSv4.1", write4(1, EXPORT)),
        Arguments.of("last", CompoundCall.minor(0).putfh(EXPORT).write(PAYLOAD).record()),
        Arguments.of(
            "two",
            CompoundCall.minor(2).sequence().putfh(EXPORT).write(PAYLOAD).write(PAYLOAD).record()));
  }

  private static void assertBegins(JudgeUnderTest judge, byte[] call, int there) throws Exception {
    Judged whole = judge.judge(call.clone());
    assertEquals(Verdict.FORWARD, whole.verdict());
    JudgedPrefix judged = judge.judgePrefix(call.clone(), there);
    assertEquals(Verdict.BEGIN, judged.verdict());
    Object[] streamed = CallBatches.streamed(judged.streamed());
    byte[] head = (byte[]) streamed[0];
    assertArrayEquals(Arrays.copyOf(whole.record(), head.length), head);
    assertTrue(
        CallBatches.isOf(judged.streamed(), whole.record()), "what was judged is what begins");
    // From the end, where a changed credential moves nothing: all that leaves is payload.
    int from = (int) streamed[1];
    int to = (int) streamed[2];
    assertEquals(head.length - whole.record().length, from - call.length);
    assertTrue(to <= call.length - 4, "something is kept for the end");
    assertArrayEquals(
        Arrays.copyOf(PAYLOAD, PAYLOAD.length - 4),
        Arrays.copyOfRange(call, from, from + PAYLOAD.length - 4));
    assertTrue(to <= from + PAYLOAD.length, "nothing behind the payload");
    assertTrue(to >= from + PAYLOAD.length - 4, "nearly all of it");
    CallBatches.release(judged.streamed());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void allowedWrite_begins_withTheBytesOfTheWholeCall(String name, byte[] call) throws Exception {
    for (Squash squash : Squash.values()) {
      assertBegins(judge(squash), call, 1024);
      assertBegins(judge(squash), call, 4096);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void beginningOfAnyLength_beginsOrWaits_andBeginsOnceThePayloadHas(String name, byte[] call)
      throws Exception {
    JudgeUnderTest judge = judge(Squash.ALL);
    judge.judge(call.clone());
    boolean began = false;
    for (int there = 0; there < 400; there++) {
      JudgedPrefix judged = judge.judgePrefix(call.clone(), there);
      boolean begins = judged.verdict() == Verdict.BEGIN;
      assertTrue(begins || judged.verdict() == Verdict.WHOLE, there + ": " + judged.verdict());
      assertTrue(begins || !began, there + ": it waits again");
      began |= begins;
      if (begins) {
        assertTrue((int) CallBatches.streamed(judged.streamed())[1] <= 4 + there);
        CallBatches.release(judged.streamed());
      }
    }
    assertTrue(began);
  }

  @Test
  void refusedWrite_waitsForItsEnd_sinceItsAnswerNeedsIt() throws Exception {
    for (byte[] call :
        List.of(
            write3(READ_ONLY), write4(0, READ_ONLY), write4(1, READ_ONLY), write4(1, NO_ACCESS))) {
      JudgeUnderTest judge = new JudgeUnderTest(vertx, rulesWithNone());
      judge.judge(call.clone());
      JudgedPrefix judged = judge.judgePrefix(call.clone(), 1024);
      assertEquals(Verdict.WHOLE, judged.verdict());
      assertNull(judged.streamed());
    }
  }

  private static Rules rulesWithNone() {
    return JudgeUnderTest.rules(READ_ONLY_RULE, JudgeUnderTest.NO_ACCESS_RULE);
  }

  @Test
  void writeToAHandleNobodyCanSayAnythingOf_waits() throws Exception {
    JudgeUnderTest judge = judge(Squash.NONE);
    judge.origin.failure = new TimeoutException("no answer");
    assertEquals(Verdict.WHOLE, judge.judgePrefix(write3(EXPORT), 1024).verdict());
  }

  @Test
  void refusalBehindThePayload_isAnotherCallThanTheOneThatBegan() throws Exception {
    JudgeUnderTest judge = judge(Squash.NONE);
    byte[] call =
        CompoundCall.minor(1)
            .sequence()
            .putfh(EXPORT)
            .write(PAYLOAD)
            .putfh(READ_ONLY)
            .remove()
            .record();
    Judged whole = judge.judge(call.clone());
    JudgedPrefix judged = judge.judgePrefix(call.clone(), 1024);
    assertEquals(Verdict.BEGIN, judged.verdict());
    assertFalse(CallBatches.isOf(judged.streamed(), whole.record()));
    CallBatches.release(judged.streamed());
  }

  @Test
  void beginning_isNotCounted_theWholeCallIs() throws Exception {
    JudgeUnderTest judge = judge(Squash.NONE);
    judge.judge(write3(EXPORT));
    long counted = judge.callsCounted();
    CallBatches.release(judge.judgePrefix(write3(EXPORT), 1024).streamed());
    assertEquals(counted, judge.callsCounted());
    judge.judge(write3(EXPORT));
    assertEquals(counted + 1, judge.callsCounted());
  }

  @Test
  void sealedCall_beginsBehindItsHeader() throws Exception {
    byte[] sealed = JudgedCalls.gss(WRITE3, 0, out -> out.opaque(PAYLOAD));
    JudgeUnderTest open =
        new JudgeUnderTest(
            vertx,
            new Rules(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.FORWARD), List.of()));
    JudgedPrefix judged = open.judgePrefix(sealed.clone(), 1024);
    assertEquals(Verdict.BEGIN, judged.verdict());
    assertTrue(CallBatches.isOf(judged.streamed(), open.judge(sealed.clone()).record()));
    CallBatches.release(judged.streamed());
    assertEquals(
        Verdict.WHOLE,
        new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE))
            .judgePrefix(sealed.clone(), 1024)
            .verdict());
  }

  @Test
  void longCallWithoutAPayload_waits() throws Exception {
    byte[] trailing = Arrays.copyOf(JudgedCalls.nfs3(1, JudgedCalls.handle(EXPORT)), 200_000);
    byte[] name =
        JudgedCalls.nfs3(3, JudgedCalls.handle(EXPORT).andThen(out -> out.opaque(PAYLOAD)));
    byte[] unknown = JudgedCalls.of(300_000, 1, 1, out -> out.opaque(PAYLOAD));
    byte[] before = CompoundCall.minor(1).sequence().unknown().write(PAYLOAD).record();
    for (byte[] call : List.of(trailing, name, unknown, before)) {
      byte[] record = Wire.record(Arrays.copyOfRange(call, 4, call.length));
      assertEquals(Verdict.WHOLE, judge(Squash.NONE).judgePrefix(record, 1024).verdict());
    }
  }

  @Test
  void anyBytesInABeginning_areNoErrorOfOurs() throws Exception {
    JudgeUnderTest judge = judge(Squash.ALL);
    Random random = new Random(17);
    List<byte[]> calls = List.of(write3(EXPORT), write4(0, EXPORT), write4(1, EXPORT));
    calls.forEach(
        call -> {
          try {
            judge.judge(call.clone());
          } catch (Exception failed) {
            throw new AssertionError(failed);
          }
        });
    for (int round = 0; round < 6_000; round++) {
      byte[] call = calls.get(round % calls.size()).clone();
      for (int i = 0; i <= random.nextInt(3); i++) {
        call[4 + random.nextInt(300)] = (byte) (random.nextBoolean() ? random.nextInt() : -1);
      }
      JudgedPrefix judged = judge.judgePrefix(call, random.nextInt(600));
      if (judged.streamed() != null) {
        CallBatches.release(judged.streamed());
      }
    }
  }

  @Test
  void authSysWithoutGroups_squashed_begins() throws Exception {
    byte[] call =
        Wire.record(
            Wire.call(
                JudgedCalls.XID,
                Wire.NFS,
                3,
                WRITE3,
                AUTH_SYS,
                JudgedCalls.sysBody("", 0, 0),
                JudgedCalls.handle(EXPORT)
                    .andThen(out -> out.int64(0).int32(0).int32(2).opaque(PAYLOAD))));
    assertBegins(judge(Squash.ROOT), call, 512);
  }
}
