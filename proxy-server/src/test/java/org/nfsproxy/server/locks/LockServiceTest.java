package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.admin.LockPages;
import org.nfsproxy.server.admin.Page;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrReader;

/** Locks of two clients at a hand-made origin, byte by byte. */
@Timeout(120)
class LockServiceTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;
  private static final int TEST = 1;
  private static final int LOCK = 2;
  private static final int CANCEL = 3;
  private static final int UNLOCK = 4;
  private static final int GRANTED_MSG = 10;
  private static final int GRANTED_RES = 15;

  @TempDir Path directory;
  private LockRig rig;

  @BeforeEach
  void build() throws Exception {
    rig = new LockRig(directory);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  /** What the origin was told of an owner. */
  private record Told(
      String caller, byte[] handle, byte[] owner, int svid, long from, long length) {
    static Told of(Came call) {
      XdrReader in = call.arguments();
      in.opaque(1024);
      int words = call.procedure() == UNLOCK ? 0 : call.procedure() == TEST ? 1 : 2;
      in.skip(4 * words);
      return new Told(
          in.string(1024), in.opaque(64), in.opaque(1024), in.int32(), in.int64(), in.int64());
    }
  }

  /** The origin lets a request of a client wait; returns what it was told. */
  private Told blocked(LockSocket client, int svid) throws InterruptedException {
    rig.answerStatus(NlmStatus.BLOCKED);
    assertEquals(NlmStatus.BLOCKED, LockRig.ask(client, rig.lockCall(svid, 0, 0, true, 3)));
    return Told.of(rig.origin.next());
  }

  /** The origin's GRANTED_MSG for what it was told. */
  private byte[] grant(Told told, byte[] cookie) {
    return LockSocket.call(
        77,
        LockSocket.NLM,
        4,
        GRANTED_MSG,
        CallCredential.NONE,
        out -> {
          out.opaque(cookie).bool(true).string("origin").opaque(told.handle);
          out.opaque(told.owner).int32(told.svid).int64(told.from).int64(told.length);
        });
  }

  private byte[] grantAnswer(byte[] cookie, int status) {
    return rig.nlm(GRANTED_RES, out -> out.opaque(cookie).int32(status));
  }

  @Test
  void lock_isSentUnderOneNameAndAnOwnerOfItsOwn() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(7, 16, 32, true, 5)));
    }
    Came call = rig.origin.next();
    HeldLock held = rig.held().get(0);
    int row = held.svidAtOrigin() >>> 16;
    String expected =
        "00000005"
            + "0102030405000000" // cookie, unchanged
            + "00000001"
            + "00000001" // block, exclusive
            + "00000009"
            + "3132372e302e302e31000000" // "127.0.0.1"
            + "00000007"
            + "0909090909090900" // handle, unchanged
            + "0000000c"
            + "4e4c%04x".formatted(row)
            + "3040636c69656e74" // 'N' 'L' row, "0@client"
            + "%04x0007".formatted(row)
            + "0000000000000010"
            + "0000000000000020"
            + "00000000"
            + "00000001"; // reclaim, the one state
    assertEquals(
        expected,
        HexFormat.of().formatHex(call.bytes(), call.call().argumentsAt(), call.call().end()));
    assertEquals(InetAddress.getByName(A), held.client());
    assertEquals(7, held.svid());
  }

  @Test
  void svid0_ofTwoClientsAndTwoNames_isNeverOneOwner() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, rig.lockCall(0, 0, 0, false, 3));
      LockRig.ask(b, rig.lockCall(0, 0, 0, false, 3));
      LockRig.ask(a, rig.lockCall(0x10000, 0, 0, false, 3));
    }
    int[] svids = new int[3];
    for (int i = 0; i < 3; i++) {
      svids[i] = Told.of(rig.origin.next()).svid;
    }
    assertEquals(3, IntStream.of(svids).distinct().count(), Arrays.toString(svids));
  }

  @Test
  void lock_isOnDiskBeforeItLeaves() throws Exception {
    rig.start();
    CountDownLatch writing = new CountDownLatch(1);
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      testedHolder(b, 0, new byte[4]);
      rig.origin.next();
      rig.holdJournal(writing);
      a.send(rig.lockCall(1, 0, 0, false, 3));
      testedHolder(b, 0, new byte[4]);
      assertEquals(TEST, rig.origin.next().procedure(), "the LOCK, sent before it, has not left");
      assertFalse(journalHolds(LockRig.HANDLE));
      rig.answerStatus(NlmStatus.GRANTED);
      writing.countDown();
      assertEquals(NlmStatus.GRANTED, LockRig.status(a.receive()));
      assertEquals(LOCK, rig.origin.next().procedure());
      assertTrue(journalHolds(LockRig.HANDLE));
    }
  }

  private boolean journalHolds(byte[] bytes) {
    try {
      byte[] file = Files.readAllBytes(directory.resolve("locks.journal"));
      return HexFormat.of().formatHex(file).contains(HexFormat.of().formatHex(bytes));
    } catch (java.io.IOException missing) {
      return false;
    }
  }

  @Test
  void unlock_afterARestart_isOfTheSameOwnerAndTheLockersCredential() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(9, 0, 10, false, 3));
    }
    Told locked = Told.of(rig.origin.next());
    rig.stop();
    rig.start();
    assertEquals(1, rig.held().size());
    try (LockSocket a = rig.client(A)) {
      byte[] byRoot =
          LockSocket.call(
              1,
              LockSocket.NLM,
              4,
              UNLOCK,
              CallCredential.sys("client", 0, 0),
              out -> LockRig.lock(9, 0, 10).accept(out.opaque(LockRig.COOKIE)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, byRoot));
    }
    Came unlock = rig.origin.next();
    Told unlocked = Told.of(unlock);
    assertEquals(locked.svid, unlocked.svid);
    assertArrayEquals(locked.owner, unlocked.owner);
    assertEquals(1000, unlock.uid());
    assertEquals(List.of(), rig.held());
  }

  @Test
  void unlockOfAPart_keepsTheRest_andOfAllDropsTheEntry() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 100, false, 3));
      LockRig.ask(a, rig.unlockCall(1, 0, 50));
      assertEquals(List.of(new HeldLock.HeldRange(50, 99)), rig.held().get(0).held());
      LockRig.ask(a, rig.unlockCall(1, 40, 60));
      assertEquals(List.of(), rig.held());
    }
  }

  @Test
  void deniedLock_leavesNothing_andKeepsWhatWasHeld() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 10, false, 3));
      rig.answerStatus(NlmStatus.DENIED);
      assertEquals(NlmStatus.DENIED, LockRig.ask(a, rig.lockCall(1, 50, 10, false, 3)));
      assertEquals(NlmStatus.DENIED, LockRig.ask(a, rig.lockCall(2, 50, 10, false, 3)));
    }
    assertEquals(1, rig.held().size());
    assertEquals(List.of(new HeldLock.HeldRange(0, 9)), rig.held().get(0).held());
  }

  @Test
  void repeatedCall_isSentOnce_andALateOneDoesNotLockAgain() throws Exception {
    rig.start();
    byte[] lock = rig.lockCall(1, 0, 0, false, 3);
    try (LockSocket a = rig.client(A);
        LockSocket again = rig.client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, lock));
      rig.origin.next();
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
      assertEquals(UNLOCK, rig.origin.next().procedure());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(again, lock));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(2, 0, 0)));
      assertEquals(UNLOCK, rig.origin.next().procedure(), "and no LOCK before it");
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void sameBytes_ofAnotherClient_areNoRepeat() throws Exception {
    rig.start();
    byte[] lock = rig.lockCall(1, 0, 0, false, 3);
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, lock);
      rig.answerStatus(NlmStatus.DENIED);
      assertEquals(NlmStatus.DENIED, LockRig.ask(b, lock));
    }
  }

  @Test
  void silentOrigin_getsTheSameCallAgain_andTheUnlockWaitsForIt() throws Exception {
    AtomicBoolean silent = new AtomicBoolean(true);
    rig.origin.answers =
        call ->
            silent.getAndSet(false)
                ? null
                : out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
    rig.start();
    try (LockSocket a = rig.client(A)) {
      a.send(rig.lockCall(1, 0, 0, false, 3));
      Came first = rig.origin.next();
      a.send(rig.unlockCall(1, 0, 0));
      Came second = rig.origin.next();
      assertArrayEquals(first.bytes(), second.bytes());
      assertEquals(NlmStatus.GRANTED, LockRig.status(a.receive()));
      assertEquals(UNLOCK, rig.origin.next().procedure());
      assertEquals(NlmStatus.GRANTED, LockRig.status(a.receive()));
    }
  }

  @Test
  void connectionThatIsLost_sendsAgainWhatHasNoAnswer() throws Exception {
    AtomicBoolean lost = new AtomicBoolean(true);
    rig.origin.answers =
        call -> {
          if (lost.getAndSet(false)) {
            rig.origin.drop();
            return null;
          }
          return out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
        };
    rig.start();
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3)));
    }
    assertArrayEquals(rig.origin.next().bytes(), rig.origin.next().bytes());
  }

  @Test
  void testThatIsDenied_tellsOurOwnHolderAsTheClientKnowsIt_andOthersAsTheyAre() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, rig.lockCall(0x10007, 0, 0, false, 3));
      Told holder = Told.of(rig.origin.next());
      assertEquals("0@client", testedHolder(b, holder.svid, holder.owner));
      assertEquals("0@client/65543", lastHolder);
      byte[] others = "lockd".getBytes(StandardCharsets.US_ASCII);
      assertEquals("lockd", testedHolder(b, holder.svid, others));
      assertEquals("lockd/" + holder.svid, lastHolder);
    }
  }

  private String lastHolder;

  private String testedHolder(LockSocket client, int svid, byte[] owner) {
    rig.origin.answers =
        call ->
            out -> {
              out.opaque(LockRig.COOKIE).int32(NlmStatus.DENIED);
              out.bool(true).int32(svid).opaque(owner).int64(0).int64(0);
            };
    client.send(
        rig.nlm(TEST, out -> LockRig.lock(1, 0, 0).accept(out.opaque(LockRig.COOKIE).bool(true))));
    byte[] reply = client.receive();
    XdrReader in =
        new XdrReader().reset(Unpooled.wrappedBuffer(reply), 24 + 12 + 4 + 4, reply.length);
    int told = in.int32();
    String text = in.string(1024);
    lastHolder = text + "/" + told;
    return text;
  }

  @Test
  void refusedByRules_locksNothing_butUnlockAndCancelPass() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      blocked(a, 2);
    }
    rig.origin.next();
    rig.stop();
    rig.judge =
        (call, record, client, handle, writes) ->
            Future.succeededFuture(new LockVerdict.Refused(NlmStatus.FAILED));
    rig.start();
    rig.answerStatus(NlmStatus.GRANTED);
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.FAILED, LockRig.ask(a, rig.lockCall(3, 0, 0, false, 3)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
      assertEquals(UNLOCK, rig.origin.next().procedure());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.cancelCall(2, 0, 0)));
      assertEquals(CANCEL, rig.origin.next().procedure());
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void judge_thatAnswersOnAnotherThread_isHeard() throws Exception {
    LockJudge allows = rig.judge;
    rig.judge =
        (call, record, client, handle, writes) -> {
          Promise<LockVerdict> promise = Promise.promise();
          Thread elsewhere =
              new Thread(
                  () -> allows.judge(call, record, client, handle, writes).onComplete(promise));
          elsewhere.start();
          return promise.future();
        };
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      for (int i = 0; i < 20; i++) {
        assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(1, i, 1, false, 3)));
        assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lockCall(1, 50 + i, 1, false, 3)));
      }
    }
    assertEquals(2, rig.held().size());
  }

  @Test
  void judge_isAskedForAWriteByAnExclusiveLockAlone() throws Exception {
    AtomicReference<Boolean> asked = new AtomicReference<>();
    LockJudge allows = rig.judge;
    rig.judge =
        (call, record, client, handle, writes) -> {
          asked.set(writes);
          return allows.judge(call, record, client, handle, writes);
        };
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      assertEquals(true, asked.get());
      byte[] shared =
          rig.nlm(
              LOCK,
              out -> {
                LockRig.lock(1, 0, 0).accept(out.opaque(LockRig.COOKIE).bool(false).bool(false));
                out.bool(false).int32(3);
              });
      LockRig.ask(a, shared);
      assertEquals(false, asked.get());
    }
  }

  @Test
  void clientBeyondItsBound_isRefused_andUnlocksAllTheSame() throws Exception {
    rig.heldPerClientMax = 1;
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      assertEquals(NlmStatus.DENIED_NOLOCKS, LockRig.ask(a, rig.lockCall(2, 0, 0, false, 3)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lockCall(2, 0, 0, false, 3)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(2, 0, 0, false, 3)));
    }
  }

  @Test
  void allProcessesOfAClient_takeNoMoreRowsThanItMayHave() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      for (int high = 0; high < 6; high++) {
        int expected = high < 4 ? NlmStatus.GRANTED : NlmStatus.DENIED_NOLOCKS;
        assertEquals(
            expected, LockRig.ask(a, rig.lockCall(high << 16, 0, 0, false, 3)), "block " + high);
      }
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lockCall(0, 0, 0, false, 3)));
    }
  }

  @Test
  void grant_goesToTheWaiter_andItsAnswerBack() throws Exception {
    rig.start();
    byte[] cookie = {0, 0, 0, 9};
    try (FakeLockd lockdOfB = rig.lockdOf(B);
        LockSocket b = rig.client(B);
        LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Told told = blocked(b, 5);
      origin.send(grant(told, cookie));
      assertEquals(24, origin.receive().length, "a void reply");
      Came granted = lockdOfB.next();
      assertEquals(GRANTED_MSG, granted.procedure());
      assertEquals(InetAddress.getByName(LockRig.PROXY), granted.from());
      XdrReader in = granted.arguments();
      byte[] ours = in.opaque(1024);
      assertEquals(8, ours.length);
      assertEquals(1, in.int32());
      in.opaque(1024);
      assertArrayEquals(LockRig.HANDLE, in.opaque(64));
      assertEquals("0@client", in.string(1024));
      assertEquals(5, in.int32());

      a.send(grantAnswer(ours, NlmStatus.DENIED));
      assertEquals(24, a.receive().length);
      rig.datagram(B, grantAnswer(cookie, NlmStatus.DENIED));
      b.send(grantAnswer(ours, NlmStatus.GRANTED));
      b.receive();
      Came answer = rig.origin.next();
      assertEquals(GRANTED_RES, answer.procedure());
      XdrReader answered = answer.arguments();
      assertArrayEquals(cookie, answered.opaque(1024));
      assertEquals(
          NlmStatus.GRANTED,
          answered.int32(),
          "another client's answer went nowhere, nor did one with a cookie that can be guessed");
      assertEquals(List.of(), rig.held().get(0).waiting());
    }
  }

  @Test
  void grant_ofAStranger_reachesNobody() throws Exception {
    rig.start();
    try (FakeLockd lockdOfB = rig.lockdOf(B);
        LockSocket b = rig.client(B);
        LockSocket stranger = rig.client(LockRig.STRANGER);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Told told = blocked(b, 5);
      byte[] forged = {6, 6, 6};
      stranger.send(grant(told, forged));
      rig.datagram(LockRig.ORIGIN, grant(told, forged));
      origin.send(grant(told, new byte[] {1}));
      byte[] ours = lockdOfB.next().arguments().opaque(1024);
      b.send(grantAnswer(ours, NlmStatus.GRANTED));
      b.receive();
      assertArrayEquals(
          new byte[] {1}, rig.origin.next().arguments().opaque(1024), "of the origin's grant");
      assertTrue(lockdOfB.isQuiet());
    }
  }

  @Test
  void grant_thatNobodyWaitsFor_isTurnedDownAndUnlocked() throws Exception {
    rig.start();
    try (LockSocket b = rig.client(B);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Told told = blocked(b, 5);
      Told unknown = new Told("", told.handle, told.owner, told.svid + 1, 0, 0);
      rig.answerStatus(NlmStatus.GRANTED);
      origin.send(grant(unknown, new byte[] {4}));
      Came answer = rig.origin.next();
      assertEquals(GRANTED_RES, answer.procedure());
      XdrReader in = answer.arguments();
      in.opaque(1024);
      assertEquals(NlmStatus.DENIED, in.int32());
      Came unlock = rig.origin.next();
      assertEquals(UNLOCK, unlock.procedure());
      assertEquals(told.svid + 1, Told.of(unlock).svid);
    }
    assertEquals(1, rig.held().size());
  }

  @Test
  void restartedClient_losesItsOlderLocksAndWaits_andNobodyElseAnything() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B);
        LockSocket notices = rig.monitor(A)) {
      LockRig.ask(a, rig.lockCall(1, 5, 10, false, 3));
      LockRig.ask(b, rig.lockCall(1, 90, 10, false, 3));
      rig.origin.next();
      rig.origin.next();
      Told waiting = blocked(a, 2);
      rig.answerStatus(NlmStatus.GRANTED);
      byte[] notice = rig.notice("client", 5);
      notices.send(notice);
      assertEquals(24, notices.receive().length);
      List<Came> calls = List.of(rig.origin.next(), rig.origin.next(), rig.origin.next());
      assertEquals(
          2,
          calls.stream().filter(call -> call.procedure() == UNLOCK).count(),
          () ->
              calls.stream()
                  .map(call -> call.procedure() + " " + call.call().xid())
                  .toList()
                  .toString());
      Came cancel =
          calls.stream().filter(call -> call.procedure() == CANCEL).findFirst().orElseThrow();
      assertEquals(waiting.svid, Told.of(cancel).svid);
      for (Came call : calls) {
        assertEquals(1000, call.uid(), "as whoever locked");
        assertEquals(0, Told.of(call).from);
        assertEquals(0, Told.of(call).length);
      }
      assertEquals(
          List.of(InetAddress.getByName(B)), rig.held().stream().map(HeldLock::client).toList());

      LockRig.ask(a, rig.lockCall(1, 5, 10, false, 5));
      rig.origin.next();
      notices.send(rig.notice("client", 5));
      notices.receive();
      assertEquals(2, rig.held().size(), "told again, it is about nothing any more");
      assertTrue(rig.origin.isQuiet());
    }
  }

  @Test
  void notice_ofAnotherAddress_releasesNothing_whateverNameItHas() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket stranger = rig.monitor(LockRig.STRANGER)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      rig.origin.next();
      for (String name : new String[] {"client", A, LockRig.PROXY, ""}) {
        stranger.send(rig.notice(name, 9));
        stranger.receive();
      }
      byte[] freeAll = rig.nlm(23, out -> out.string("client").int32(9));
      try (LockSocket nlm = rig.client(LockRig.STRANGER)) {
        nlm.send(freeAll);
        nlm.receive();
      }
    }
    assertEquals(1, rig.held().size());
    assertTrue(rig.origin.isQuiet());
  }

  private AnswerOf release(String query) throws Exception {
    MultiMap parameters = MultiMap.caseInsensitiveMultiMap();
    if (!query.isEmpty()) {
      parameters.add("client", query);
    }
    Page.Answer answer = LockRig.await(LockPages.release(rig.service).begin(parameters));
    return new AnswerOf(answer.status(), (JsonObject) answer.json());
  }

  private record AnswerOf(int status, JsonObject json) {}

  @Test
  void release_ofWhoHoldsNothing_saysThatNothingIsReleased() throws Exception {
    rig.start();
    try (LockSocket client = rig.client(A)) {
      assertEquals(0, LockRig.ask(client, rig.lockCall(7, 0, 10, false, 3)));
      AnswerOf nobody = release(B);
      assertEquals(404, nobody.status);
      assertTrue(
          nobody.json.getString("error").contains("nobody has locks from " + B),
          nobody.json::encode);
      AnswerOf one = release(A);
      assertEquals(202, one.status);
      assertEquals(1, one.json.getInteger("files"));
    }
  }

  @Test
  void release_inTheGracePeriod_isTriedAgain() throws Exception {
    AtomicBoolean grace = new AtomicBoolean(true);
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      rig.origin.next();
      rig.origin.answers =
          call ->
              out ->
                  out.opaque(LockRig.COOKIE)
                      .int32(
                          grace.getAndSet(false)
                              ? NlmStatus.DENIED_GRACE_PERIOD
                              : NlmStatus.GRANTED);
      assertEquals(1, LockRig.await(rig.service.release(InetAddress.getByName(A))));
      assertEquals(UNLOCK, rig.origin.next().procedure());
      assertEquals(UNLOCK, rig.origin.next().procedure());
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void originThatRestarted_isToldToClientsWithLocks_asTheAddressTheyReached() throws Exception {
    rig.start();
    try (FakeLockd monitorOfA = rig.lockdOf(A);
        FakeLockd monitorOfB = rig.lockdOf(B);
        LockSocket a = rig.client(A);
        LockSocket origin = rig.monitor(LockRig.ORIGIN)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      origin.send(rig.notice("origin.example.com", 41));
      assertEquals(24, origin.receive().length);
      Came notice = monitorOfA.next();
      assertEquals(LockSocket.NSM, notice.call().program());
      XdrReader in = notice.arguments();
      assertEquals(LockRig.PROXY, in.string(1024));
      assertEquals(41, in.int32());
      assertEquals(InetAddress.getByName(LockRig.PROXY), notice.from());
      assertTrue(monitorOfB.isQuiet());
    }
    assertEquals(1, rig.held().size());
  }

  @Test
  void lockMessage_isAnsweredByACallToTheClientsLockManager() throws Exception {
    rig.start();
    try (FakeLockd lockdOfA = rig.lockdOf(A);
        LockSocket a = rig.client(A)) {
      byte[] lock = rig.lockCall(1, 0, 0, false, 3);
      ByteBuffer.wrap(lock).putInt(20, 7);
      a.send(lock);
      assertEquals(24, a.receive().length, "a void reply");
      assertEquals(LOCK, rig.origin.next().procedure());
      Came result = lockdOfA.next();
      assertEquals(12, result.procedure());
      XdrReader in = result.arguments();
      assertArrayEquals(LockRig.COOKIE, in.opaque(1024));
      assertEquals(NlmStatus.GRANTED, in.int32());
    }
  }

  @Test
  void datagram_isAnsweredByADatagram() throws Exception {
    rig.start();
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(A))) {
      socket.setSoTimeout(20_000);
      byte[] lock = rig.lockCall(1, 0, 0, false, 3);
      socket.send(
          new DatagramPacket(
              lock, lock.length, InetAddress.getByName(LockRig.PROXY), rig.service.port()));
      DatagramPacket reply = new DatagramPacket(new byte[1400], 1400);
      socket.receive(reply);
      assertEquals(
          NlmStatus.GRANTED, LockRig.status(Arrays.copyOf(reply.getData(), reply.getLength())));
    }
    assertEquals(InetAddress.getByName(A), rig.held().get(0).client());
  }

  @Test
  void otherCalls_areAnsweredAsTheyAreDue() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      a.send(rig.nlm(0, out -> {}));
      assertEquals(0, ByteBuffer.wrap(a.receive()).getInt(20), "NULL");
      a.send(rig.nlm(16, out -> out.string("x").int32(1).fixed(new byte[16])));
      assertEquals(3, ByteBuffer.wrap(a.receive()).getInt(20), "PROC_UNAVAIL");
      byte[] version3 = rig.nlm(2, out -> {});
      ByteBuffer.wrap(version3).putInt(16, 3);
      a.send(version3);
      byte[] mismatch = a.receive();
      assertEquals(2, ByteBuffer.wrap(mismatch).getInt(20), "PROG_MISMATCH");
      assertEquals(4, ByteBuffer.wrap(mismatch).getInt(24));
      a.send(rig.nlm(2, out -> out.int32(-1)));
      assertEquals(4, ByteBuffer.wrap(a.receive()).getInt(20), "GARBAGE_ARGS");
    }
    assertTrue(rig.origin.isQuiet());
  }

  @Test
  void journal_ofManyPairs_isShort() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      for (int i = 0; i < 200; i++) {
        LockRig.ask(a, rig.lockCall(1, i, 1, false, 3));
        LockRig.ask(a, rig.unlockCall(1, i, 1));
      }
    }
    rig.stop();
    assertTrue(Files.size(directory.resolve("locks.journal")) < 2 << 20);
    rig.start();
    assertEquals(List.of(), rig.held());
    assertNotEquals(0, rig.service.port());
  }
}
