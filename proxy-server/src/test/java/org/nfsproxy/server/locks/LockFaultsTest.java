package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.testing.Repository;
import org.nfsproxy.xdr.XdrReader;

/** Disks, origins and networks at their worst, and what becomes of locks then. */
@Timeout(120)
class LockFaultsTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;
  private static final int LOCK = 2;
  private static final int UNLOCK = 4;
  private static final int LOCK_MSG = 7;
  private static final int LOCK_RES = 12;
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

  private double measured(String name, String word) {
    return rig.service.measures().stream()
        .filter(each -> each.name().equals(name))
        .filter(each -> word.isEmpty() || each.labels().containsValue(word))
        .mapToDouble(Measure::value)
        .sum();
  }

  private byte[] lockMessage(int svid) {
    byte[] lock = rig.lockCall(svid, 0, 0, false, 3);
    ByteBuffer.wrap(lock).putInt(20, LOCK_MSG);
    return lock;
  }

  private byte[] reclaim(int svid) {
    return rig.nlm(
        LOCK,
        out -> {
          LockRig.lock(svid, 0, 0).accept(out.opaque(LockRig.COOKIE).bool(false).bool(true));
          out.bool(true).int32(0);
        });
  }

  // ---- who is called

  @Test
  void hostThatNoRuleLetsIn_isNeverCalled_whateverADatagramSays() throws Exception {
    LockJudge allows = rig.judge;
    InetAddress stranger = InetAddress.getByName(LockRig.STRANGER);
    rig.judge =
        new LockJudge() {
          @Override
          public Future<LockVerdict> judge(
              Call call, ByteBuf record, InetAddress client, Filehandle handle, boolean writes) {
            return client.equals(stranger)
                ? Future.succeededFuture(new LockVerdict.Refused(NlmStatus.FAILED))
                : allows.judge(call, record, client, handle, writes);
          }

          @Override
          public boolean letsIn(InetAddress client) {
            return !client.equals(stranger);
          }
        };
    rig.start();
    try (FakeLockd lockdOfStranger = rig.lockdOf(LockRig.STRANGER);
        FakeLockd lockdOfA = rig.lockdOf(A)) {
      rig.datagram(LockRig.STRANGER, lockMessage(1));
      rig.datagram(A, lockMessage(1));
      assertEquals(LOCK_RES, lockdOfA.next().procedure());
      assertTrue(lockdOfStranger.isQuiet());
    }
    assertEquals(1, measured("locks_not_called_total", "no_rule"));
  }

  // ---- the disk

  @Test
  void diskThatTakesNothing_putsLocksOff_butNoUnlock_andHasAllOfItAfterwards() throws Exception {
    rig.unwrittenBytesMax = 4_000;
    rig.start();
    CountDownLatch writing = new CountDownLatch(1);
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B);
        LockSocket waits = rig.client(B)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3)));
      rig.holdJournal(writing);
      waits.send(rig.lockCall(2, 0, 0, false, 3));
      for (int i = 0; i < 30; i++) {
        assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 10L * i, 5)));
      }
      assertTrue(measured("locks_journal_unwritten_bytes", "") <= 4_500);
      assertEquals(0, measured("locks_journal_writable", ""));
      byte[] put = rig.lockCall(3, 0, 0, false, 3);
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(b, put));
      b.send(reclaim(4));
      assertTrue(b.isSilent(300), "a client gives a reclaim up that is told so");
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 400, 5)));
      assertEquals(2, measured("locks_refused_total", "journal_full"));
      writing.countDown();
      assertEquals(NlmStatus.GRANTED, LockRig.status(waits.receive()));
      while (measured("locks_journal_writable", "") == 0) {
        Thread.onSpinWait(); // the file is being written anew
      }
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lockCall(3, 0, 0, false, 3)));
    }
    List<HeldLock> before = rig.held();
    rig.stop();
    rig.start();
    assertEquals(sorted(before), sorted(rig.held()));
  }

  private static List<String> sorted(List<HeldLock> held) {
    return held.stream().map(HeldLock::toString).sorted().toList();
  }

  // ---- the origin

  @Test
  void grantThatOvertakesBlocked_endsTheWait() throws Exception {
    rig.start();
    try (FakeLockd lockdOfB = rig.lockdOf(B);
        LockSocket b = rig.client(B);
        LockSocket answers = rig.client(B);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      rig.origin.answers =
          call -> {
            if (call.procedure() == LOCK) {
              origin.send(LockRig.grant(GRANTED_MSG, call, new byte[] {7}));
              origin.receive();
              byte[] cookie = taken(lockdOfB).arguments().opaque(1024);
              answers.send(
                  rig.nlm(GRANTED_RES, out -> out.opaque(cookie).int32(NlmStatus.GRANTED)));
              answers.receive();
            }
            return out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.BLOCKED);
          };
      assertEquals(NlmStatus.BLOCKED, LockRig.ask(b, rig.lockCall(5, 0, 0, true, 3)));
    }
    HeldLock held = rig.held().get(0);
    assertEquals(List.of(), held.waiting());
    assertEquals(List.of(new HeldLock.HeldRange(0, -1)), held.held());
  }

  private static Came taken(FakeLockd lockd) {
    try {
      return lockd.next();
    } catch (InterruptedException stop) {
      throw new AssertionError(stop);
    }
  }

  @Test
  void resultsThatCannotBeRead_leaveTheLockAsOneThatMayBeHeld_andTheClientAsksAgain()
      throws Exception {
    AtomicBoolean garbage = new AtomicBoolean(true);
    rig.origin.answers =
        call ->
            garbage.getAndSet(false)
                ? out -> out.int32(1_000_000)
                : out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
    rig.start();
    byte[] lock = rig.lockCall(1, 0, 10, false, 3);
    try (LockSocket a = rig.client(A)) {
      a.send(lock);
      rig.origin.next();
      assertTrue(a.isSilent(300));
      assertEquals(List.of(new HeldLock.HeldRange(0, 9)), rig.held().get(0).held());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, lock));
      assertEquals(LOCK, rig.origin.next().procedure());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
    }
    assertEquals(List.of(), rig.held());
    assertEquals(1, measured("locks_unanswered_total", "origin"));
  }

  @Test
  void originThatRestarted_isToldToClients_byTheNextLifeToo() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket origin = rig.monitor(LockRig.ORIGIN)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      origin.send(rig.notice("origin.example.com", 41));
      assertEquals(24, origin.receive().length);
    }
    rig.stop();
    try (FakeLockd monitorOfA = rig.lockdOf(A)) {
      rig.start();
      Came notice = monitorOfA.next();
      assertEquals(LockSocket.NSM, notice.call().program());
      XdrReader in = notice.arguments();
      assertEquals(LockRig.PROXY, in.string(1024));
      assertEquals(41, in.int32());
    }
  }

  @Test
  void noticesOfTheOrigin_thatFollowEachOther_areNotAllBelieved() throws Exception {
    rig.start();
    try (FakeLockd monitorOfA = rig.lockdOf(A);
        LockSocket a = rig.client(A);
        LockSocket origin = rig.monitor(LockRig.ORIGIN)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      origin.send(rig.notice("origin", 41));
      origin.receive();
      assertEquals(LockSocket.NSM, monitorOfA.next().call().program());
      for (int state = 43; state < 143; state += 2) {
        origin.send(rig.notice("origin", state));
      }
      assertTrue(origin.isSilent(300));
      assertTrue(monitorOfA.isQuiet());
    }
  }

  // ---- unlocks

  @Test
  void unlockAndCancel_ofAnOwnerWithoutARow_passWhereTheClientHasAllItMayHave() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      for (int high = 0; high < 4; high++) {
        LockRig.ask(a, rig.lockCall(high << 16, 0, 0, false, 3));
        rig.origin.next();
      }
      assertEquals(NlmStatus.DENIED_NOLOCKS, LockRig.ask(a, rig.lockCall(9 << 16, 0, 0, false, 3)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(9 << 16, 0, 0)));
      assertEquals(UNLOCK, rig.origin.next().procedure());
      rig.answerStatus(NlmStatus.DENIED);
      assertEquals(NlmStatus.DENIED, LockRig.ask(a, rig.cancelCall(9 << 16, 0, 0)));
      assertEquals(1, measured("locks_refused_total", "owners"));
      assertEquals(4, measured("locks_owner_rows_used", ""));
    }
  }

  @Test
  void unlock_isSent_whileSoManyLocksHaveNoReply_thatNoFurtherOneIsTaken() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket locks = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      rig.origin.next();
      rig.origin.answers =
          call ->
              call.procedure() == LOCK
                  ? null
                  : out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED);
      for (int i = 0; i < 20; i++) {
        locks.send(rig.lockCall(100 + i, 0, 0, false, 3));
      }
      for (int i = 0; i < 16; i++) {
        rig.origin.next();
      }
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlockCall(1, 0, 0)));
      assertEquals(4, measured("locks_unanswered_total", "too_many_calls"));
    }
  }

  // ---- numbers

  @Test
  void whatIsHeld_andHowItEnds_isCounted() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(1, 0, 10, false, 3));
      rig.answerStatus(NlmStatus.BLOCKED);
      LockRig.ask(a, rig.lockCall(2, 0, 10, true, 3));
      assertEquals(2, measured("locks_held", ""));
      assertEquals(1, measured("locks_waiting", ""));
      assertEquals(1, measured("locks_owner_rows_used", ""));
      assertTrue(measured("locks_journal_bytes", "") > 100);
      rig.answerStatus(NlmStatus.GRANTED);
      assertEquals(2, LockRig.await(rig.service.release(InetAddress.getByName(A))));
      assertEquals(2, measured("locks_releases_total", "administrator"));
      assertEquals(0, measured("locks_held", ""));
      assertEquals(0, measured("locks_waiting", ""));
      assertEquals(0, measured("locks_held_bytes", ""));
    }
  }

  @Test
  void guide_namesEachMetricOfLocks_andNoOther() throws Exception {
    rig.start();
    Set<String> there = new TreeSet<>();
    rig.service.measures().forEach(each -> there.add("nfs_proxy_" + each.name()));
    LockMeasures.among(1, true, 1, 1, 1).forEach(each -> there.add("nfs_proxy_" + each.name()));
    Set<String> told = new TreeSet<>();
    Matcher found =
        Pattern.compile("nfs_proxy_locks_[a-z_]*[a-z]")
            .matcher(Files.readString(Repository.ROOT.resolve("docs/guide/observing.md")));
    while (found.find()) {
      told.add(found.group());
    }
    assertEquals(there, told);
  }
}
