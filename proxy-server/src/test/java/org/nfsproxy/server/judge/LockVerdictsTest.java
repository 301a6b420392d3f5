package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.locks.LockVerdict;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;

/** What rules say to locks of NFSv3: as knfsd does. */
class LockVerdictsTest {
  private static final int NLM = 100021;
  private static final int STALE_FH = 7;
  private static final int FAILED = 9;
  private static final byte[] CALL = JudgedCalls.of(NLM, 4, 2, out -> {});
  private static final byte[] BY_ROOT = JudgedCalls.sys(NLM, 4, 2, out -> {}, 0, 0, 0, 7);

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

  private static LockVerdict refused(int status) {
    return new LockVerdict.Refused(status);
  }

  @Test
  void lock_ofAnExport_isAllowedAsTheCaller() throws Exception {
    judge.meetOrigin();
    LockVerdict.Allowed allowed =
        assertInstanceOf(LockVerdict.Allowed.class, judge.lock(CALL, EXPORT, true));
    assertEquals(1, allowed.flavor());
    assertArrayEquals(JudgedCalls.sysBody("client", 1000, 1000), allowed.body());
  }

  @Test
  void readOnly_allowsASharedLockAlone() throws Exception {
    judge.meetOrigin();
    assertEquals(refused(FAILED), judge.lock(CALL, READ_ONLY, true));
    assertInstanceOf(LockVerdict.Allowed.class, judge.lock(CALL, READ_ONLY, false));
  }

  @Test
  void noAccess_refusesAnyLock() throws Exception {
    judge.meetOrigin();
    assertEquals(refused(FAILED), judge.lock(CALL, NO_ACCESS, false));
  }

  @Test
  void handle_thatNobodyHasMet_isAskedFor() throws Exception {
    assertEquals(refused(FAILED), judge.lock(CALL, READ_ONLY, true));
    assertEquals(refused(STALE_FH), judge.lock(CALL, "/nowhere", false));
  }

  @Test
  void origin_thatSaysNothing_leavesItOpen() throws Exception {
    judge.origin.failure = new TimeoutException("silent");
    assertInstanceOf(LockVerdict.Unknown.class, judge.lock(CALL, EXPORT, true));
    judge.origin.failure = new NfsStatusException(10008);
    assertInstanceOf(LockVerdict.Unknown.class, judge.lock(CALL, EXPORT, true));
  }

  @Test
  void rules_whosePathsNobodyHasLookedFor_areWaitedFor() throws Exception {
    Promise<Void> looked = Promise.promise();
    judge.waitFor(looked.future());
    vertx.setTimer(50, timer -> looked.complete());
    assertEquals(refused(FAILED), judge.lock(CALL, READ_ONLY, true));
  }

  @Test
  void root_isSquashed_andAllIfSo() throws Exception {
    assertArrayEquals(
        JudgedCalls.sysBody("client", 1234, 5678, 5678, 7), squashed(Squash.ROOT, BY_ROOT));
    assertArrayEquals(JudgedCalls.sysBody("client", 1234, 5678), squashed(Squash.ALL, BY_ROOT));
    assertArrayEquals(JudgedCalls.sysBody("client", 1000, 1000), squashed(Squash.ROOT, CALL));
  }

  @Test
  void callerWithoutACredential_isTheAnonymousUser() throws Exception {
    byte[] call = Wire.record(Wire.call(JudgedCalls.XID, NLM, 4, 2, 0, new byte[0], out -> {}));
    assertArrayEquals(JudgedCalls.sysBody("", 1234, 5678), squashed(Squash.ROOT, call));
  }

  private static byte[] squashed(Squash squash, byte[] call) throws Exception {
    Rules rules = new Rules(JudgeUnderTest.parameters(squash, UnreadableCalls.REFUSE), List.of());
    LockVerdict verdict = new JudgeUnderTest(vertx, rules).lock(call.clone(), EXPORT, true);
    return assertInstanceOf(LockVerdict.Allowed.class, verdict).body();
  }
}
