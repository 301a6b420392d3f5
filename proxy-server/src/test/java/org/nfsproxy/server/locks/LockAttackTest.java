package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrReader;

/** Clients that send what would end or merge locks, were it believed. */
@Timeout(120)
class LockAttackTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;

  private static final int TEST_MSG = 6;
  private static final int UNLOCK_MSG = 9;
  private static final int GRANTED_MSG = 10;
  private static final int UNLOCK_RES = 14;
  private static final byte[] COOKIE = LockRig.COOKIE;

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

  private byte[] lockNamed(String name, int state) {
    return rig.nlm(
        2,
        out -> {
          out.opaque(LockRig.COOKIE).bool(false).bool(true).string(name).opaque(LockRig.HANDLE);
          out.string("1@" + name).int32(1).int64(0).int64(0).bool(false).int32(state);
        });
  }

  private byte[] unlockNamed(String name) {
    return rig.nlm(
        4,
        out -> {
          out.opaque(LockRig.COOKIE).string(name).opaque(LockRig.HANDLE);
          out.string("1@" + name).int32(1).int64(0).int64(0);
        });
  }

  @Test
  void fileUnlockedInManyPieces_staysInAJournalThatCanBeRead() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      for (int i = 0; i < 40; i++) {
        LockRig.ask(a, rig.unlockCall(1, 10L * i + 5, 1));
      }
      LockRig.ask(b, rig.lockCall(1, 0, 0, false, 3));
    }
    rig.stop();
    rig.start();
    assertEquals(2, rig.held().size());
  }

  @Test
  void grantWhileAnUnlockHasNoReply_isNotForgotten() throws Exception {
    rig.start();
    try (FakeLockd lockdOfA = rig.lockdOf(A);
        LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      LockRig.ask(a, rig.lockCall(1, 0, 10, false, 3));
      rig.origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.BLOCKED);
      LockRig.ask(a, rig.lockCall(1, 50, 10, true, 3));
      rig.origin.next();
      Came blocked = rig.origin.next();
      byte[] owner = ownerOf(blocked);
      int svid = rig.held().get(0).svidAtOrigin();
      byte[] grant =
          LockSocket.call(
              7,
              LockSocket.NLM,
              4,
              10,
              CallCredential.NONE,
              out -> {
                out.opaque(new byte[] {9}).bool(true).string("o").opaque(LockRig.HANDLE);
                out.opaque(owner).int32(svid).int64(50).int64(10);
              });
      rig.origin.answers =
          call -> {
            if (call.procedure() == 4) {
              origin.send(grant);
              origin.receive();
            }
            return out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
          };
      LockRig.ask(a, rig.unlockCall(1, 0, 0));
      byte[] cookie = lockdOfA.next().arguments().opaque(1024);
      a.send(rig.nlm(15, out -> out.opaque(cookie).int32(NlmStatus.GRANTED)));
      a.receive();
    }
    assertEquals(1, rig.held().size());
  }

  // The replies to all of these calls are more than the system keeps for two sockets.
  @Test
  void callerThatNeverReads_isClosed_andOthersAreServed() throws Exception {
    rig.start();
    byte[] call = rig.nlm(0, out -> {});
    ByteBuffer calls = ByteBuffer.allocate(10_000 * (4 + call.length));
    while (calls.hasRemaining()) {
      calls.putInt(0x8000_0000 | call.length).put(call);
    }
    calls.flip();
    try (SocketChannel deaf = SocketChannel.open()) {
      deaf.bind(new InetSocketAddress(A, 0));
      deaf.connect(new InetSocketAddress(LockRig.PROXY, rig.service.port()));
      deaf.configureBlocking(false);
      Eventually.eventually("it is closed", () -> isClosedToOneMore(deaf, calls));
      try (LockSocket other = rig.client(B)) {
        other.send(call);
        assertNotNull(other.receive());
      }
    }
  }

  private static boolean isClosedToOneMore(SocketChannel channel, ByteBuffer calls) {
    try {
      for (int i = 0; i < 100 && channel.write(calls) > 0; i++) {
        if (!calls.hasRemaining()) {
          calls.rewind();
        }
      }
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  @Test
  void forgedDatagrams_thatGetNoReply_leaveTheClientItsCallsByTcp() throws Exception {
    CountDownLatch hanging = new CountDownLatch(2 * rig.callsPerClientMax);
    Filehandle garbage = Filehandle.of(new byte[] {6, 6, 6});
    LockJudge allows = rig.judge;
    rig.judge =
        (call, record, client, handle, writes) -> {
          if (handle.equals(garbage)) {
            hanging.countDown();
            return Promise.<LockVerdict>promise().future();
          }
          return allows.judge(call, record, client, handle, writes);
        };
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      for (int i = 0; i < 300; i++) {
        boolean isTest = i % 2 == 0;
        int svid = i;
        rig.datagram(
            A,
            rig.nlm(
                isTest ? TEST_MSG : UNLOCK_MSG,
                out -> {
                  out.opaque(LockRig.COOKIE);
                  if (isTest) {
                    out.bool(true);
                  }
                  out.string("client").opaque(garbage.bytes()).string("0@client");
                  out.int32(svid).int64(0).int64(0);
                }));
      }
      assertTrue(hanging.await(20, TimeUnit.SECONDS));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(2, 0, 0, false, 3)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
    }
  }

  @Test
  void forgedDatagrams_whoseResultsAreOwed_keepNoGrantFromTheClient() throws Exception {
    rig.start();
    try (FakeLockd lockdOfA = rig.lockdOf(A);
        LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      lockdOfA.answers = call -> call.procedure() == GRANTED_MSG ? out -> {} : null;
      rig.origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.BLOCKED);
      LockRig.ask(a, rig.lockCall(1, 0, 0, true, 3));
      Came blocked = rig.origin.next();
      rig.origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
      for (int i = 0; i < 2 * CallLanes.PER_CLIENT_MAX; i++) {
        int svid = 100 + i;
        rig.datagram(
            A, rig.nlm(UNLOCK_MSG, out -> LockRig.lock(svid, 0, 0).accept(out.opaque(COOKIE))));
        rig.origin.next();
      }
      assertEquals(UNLOCK_RES, lockdOfA.next().procedure());
      origin.send(LockRig.grant(GRANTED_MSG, blocked, COOKIE));
      origin.receive();
      assertEquals(GRANTED_MSG, lockdOfA.next().procedure());
    }
  }

  private static byte[] ownerOf(Came call) {
    XdrReader in = call.arguments();
    in.opaque(1024);
    in.skip(8);
    in.opaque(1024);
    in.opaque(64);
    return in.opaque(1024);
  }

  @Test
  void lockOfAClientThatRestarted_beforeItsNotice_givesBackWhatItHadBefore() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket notices = rig.monitor(A)) {
      LockRig.ask(a, rig.lockCall(0, 0, 10, false, 3));
      rig.origin.next();
      LockRig.ask(a, rig.lockCall(0, 50, 10, false, 5));
      assertEquals(4, rig.origin.next().procedure());
      assertEquals(2, rig.origin.next().procedure());
      notices.send(rig.notice("client", 5));
      notices.receive();
    }
    assertEquals(List.of(new HeldLock.HeldRange(50, 59)), rig.held().get(0).held());
  }

  @Test
  void noticeOfAnotherHostBehindTheSameAddress_releasesNothing() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket notices = rig.monitor(A)) {
      LockRig.ask(a, lockNamed("other.west", 7));
      LockRig.ask(a, unlockNamed("other.west"));
      LockRig.ask(a, lockNamed("other.east", 3));
      LockRig.ask(a, lockNamed("one", 3));
      notices.send(rig.notice("other.west", 9));
      notices.receive();
      assertEquals(2, rig.held().size());
      LockRig.ask(a, unlockNamed("other.east"));
      notices.send(rig.notice("other.west", 11));
      notices.receive();
      assertEquals(1, rig.held().size());
    }
  }

  @Test
  void noticesOfOneClient_whileTheOriginIsSilent_areBounded() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket notices = rig.monitor(A)) {
      LockRig.ask(a, rig.lockCall(0, 0, 10, false, 3));
      rig.origin.next();
      AtomicBoolean silent = new AtomicBoolean(true);
      rig.origin.answers =
          call -> silent.get() ? null : out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
      for (int i = 0; i < 50; i++) {
        notices.send(rig.notice("client", 5 + 2 * i));
      }
      rig.origin.next();
      silent.set(false);
      int replies = 0;
      while (replies < 4) {
        notices.receive();
        replies++;
      }
      assertTrue(notices.isSilent(500));
    }
  }

  @Test
  void unlockMessage_thatCouldNotBeSent_isNewWhenItIsRepeated() throws Exception {
    AtomicBoolean knows = new AtomicBoolean();
    LockJudge allows = rig.judge;
    rig.judge =
        (call, record, client, handle, writes) ->
            knows.get()
                ? allows.judge(call, record, client, handle, writes)
                : Future.succeededFuture(new LockVerdict.Unknown());
    rig.start();
    try (FakeLockd lockdOfA = rig.lockdOf(A);
        LockSocket a = rig.client(A)) {
      byte[] unlock = rig.nlm(9, out -> LockRig.lock(1, 0, 0).accept(out.opaque(LockRig.COOKIE)));
      a.send(unlock);
      a.receive();
      knows.set(true);
      a.send(unlock);
      a.receive();
      assertEquals(4, rig.origin.next().procedure());
      assertEquals(14, lockdOfA.next().procedure());
    }
  }

  @Test
  void unlockOfAFileThatIsGone_leavesNothing() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 10, false, 3));
      rig.origin.answers = call -> out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.STALE_FH);
      assertEquals(NlmStatus.STALE_FH, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void reclaimOfWhatIsHeld_outsideOfGrace_isALock() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 10, false, 3));
      rig.origin.next();
      rig.origin.answers =
          call -> {
            XdrReader in = call.arguments();
            in.opaque(1024);
            in.skip(8);
            in.opaque(1024);
            in.opaque(64);
            in.opaque(1024);
            in.skip(20);
            boolean reclaims = in.int32() != 0;
            return out ->
                out.opaque(LockRig.COOKIE)
                    .int32(reclaims ? NlmStatus.DENIED_GRACE_PERIOD : NlmStatus.GRANTED);
          };
      byte[] known = reclaim(1, 0, 10);
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, known));
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(a, reclaim(2, 0, 10)));
    }
    assertEquals(InetAddress.getByName(A), rig.held().get(0).client());
    assertEquals(1, rig.held().size());
  }

  private byte[] reclaim(int svid, long offset, long length) {
    return rig.nlm(
        2,
        out -> {
          LockRig.lock(svid, offset, length)
              .accept(out.opaque(LockRig.COOKIE).bool(false).bool(true));
          out.bool(true).int32(0);
        });
  }

  @Test
  void callsThatAreCutOrGarbled_getAReply_andTheConnectionLives() throws Exception {
    // So that each name leaves its row to the next.
    rig.origin.answers =
        call ->
            out ->
                out.opaque(LockRig.COOKIE)
                    .int32(
                        call.procedure() == 2 || call.procedure() == 22
                            ? NlmStatus.DENIED_NOLOCKS
                            : NlmStatus.GRANTED);
    rig.start();
    Random random = new Random(5);
    try (LockSocket a = rig.client(A)) {
      for (int procedure = 0; procedure <= 24; procedure++) {
        if (procedure == 5 || procedure == 10) {
          continue;
        }
        byte[] whole =
            rig.nlm(
                procedure,
                out -> {
                  LockRig.lock(1, 0, 10).accept(out.opaque(LockRig.COOKIE).bool(false).bool(true));
                  out.bool(false).int32(3).int32(7).int32(8);
                });
        for (int length = 24; length < whole.length; length++) {
          replied(a, Arrays.copyOf(whole, length), procedure);
        }
        for (int i = 0; i < 60; i++) {
          byte[] garbled = whole.clone();
          ByteBuffer.wrap(garbled).putInt(0, 1_000_000 + procedure * 100 + i);
          int at = 24 + random.nextInt(whole.length - 24);
          garbled[at] = (byte) random.nextInt();
          garbled[24 + random.nextInt(whole.length - 24)] = (byte) 0xff;
          replied(a, garbled, procedure);
        }
      }
      assertEquals(NlmStatus.DENIED_NOLOCKS, LockRig.ask(a, rig.lockCall(77, 0, 10, false, 3)));
    }
  }

  /** Silence is allowed once, for a disk that stalls: a client repeats its call, and then hears. */
  private static void replied(LockSocket client, byte[] call, int procedure) {
    String what = "procedure " + procedure + " " + HexFormat.of().formatHex(call);
    try {
      received(client, call, what);
    } catch (UncheckedIOException silent) {
      try {
        received(client, call, what);
      } catch (UncheckedIOException again) {
        throw new AssertionError("no reply to " + what, again);
      }
    }
  }

  private static void received(LockSocket client, byte[] call, String what) {
    client.send(call);
    assertNotNull(client.receive(), () -> "closed by " + what);
  }
}
