package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.admin.LockPages;
import org.nfsproxy.server.admin.Page;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrReader;

/** Several instances serve locks as one does, wherever the lock address is. */
@Timeout(120)
class LockInstancesTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;
  private static final int LOCK = 2;
  private static final int UNLOCK = 4;
  private static final int GRANTED_MSG = 10;
  private static final int SVID = 7;

  @TempDir Path directory;
  private InstancesRig rig;

  @BeforeEach
  void begin() throws Exception {
    rig = new InstancesRig(directory);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  private static int svidOf(Came call) {
    XdrReader in = call.arguments();
    in.opaque(1024);
    in.skip(call.procedure() == LOCK ? 8 : 0);
    in.opaque(1024);
    in.opaque(64);
    in.opaque(1024);
    return in.int32();
  }

  @Test
  void clientsOfBothInstances_lockFromTheLockAddress_asDifferentOwners() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A);
        LockSocket b = rig.instance(1).client(B)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lock(SVID, 0, false)));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lock(SVID, 0, false)));
      Came ofA = rig.origin.next();
      Came ofB = rig.origin.next();
      assertEquals(InstancesRig.LOCK_ADDRESS, ofA.from().getHostAddress());
      assertEquals(InstancesRig.LOCK_ADDRESS, ofB.from().getHostAddress());
      assertNotEquals(svidOf(ofA), svidOf(ofB));
    }
    assertEquals(2, rig.instance(0).held().size());
    assertEquals(
        new LockService.Owner(LockService.Place.ELSEWHERE, "instance-0", "http://page-0/"),
        rig.instance(1).service.owner());
  }

  @Test
  void datagramsAtTheOtherInstance_areAnsweredThere() throws Exception {
    rig.start();
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(B))) {
      byte[] lock = rig.lock(SVID, 0, false);
      socket.setSoTimeout(20_000);
      socket.send(
          new DatagramPacket(
              lock,
              lock.length,
              InetAddress.getByName(InstancesRig.ADDRESSES[1]),
              rig.instance(1).service.port()));
      DatagramPacket reply = new DatagramPacket(new byte[1000], 1000);
      socket.receive(reply);
      assertEquals(NlmStatus.GRANTED, LockRig.status(reply.getData()));
    }
    assertEquals(InetAddress.getByName(B), rig.instance(0).held().get(0).client());
  }

  @Test
  void grant_isToldByTheInstanceThatTheClientReached_andDirectlyWhenThatIsGone() throws Exception {
    rig.start();
    rig.answerStatus(NlmStatus.BLOCKED);
    try (FakeLockd lockd = rig.lockdOf(B);
        LockSocket origin = rig.instance(0).client(LockRig.ORIGIN)) {
      Came lock;
      try (LockSocket b = rig.instance(1).client(B)) {
        assertEquals(NlmStatus.BLOCKED, LockRig.ask(b, rig.lock(SVID, 0, true)));
        lock = rig.next(LOCK);
        origin.send(LockRig.grant(GRANTED_MSG, lock, new byte[] {9}));
        Came told = lockd.next();
        assertEquals(GRANTED_MSG, told.procedure());
        assertEquals(InstancesRig.ADDRESSES[1], told.from().getHostAddress());
      }
      Eventually.eventually(
          "the client's answer is here",
          () ->
              rig.instance(0).service.measures().stream()
                  .anyMatch(each -> each.labels().containsValue("told") && each.value() == 1));
      rig.instance(1).stop();
      Eventually.eventually(
          "nobody else is connected",
          () ->
              rig.instance(0).service.measures().stream()
                  .anyMatch(
                      each ->
                          each.name().equals("locks_instances_connected") && each.value() == 0));
      origin.send(LockRig.grant(GRANTED_MSG, lock, new byte[] {10}));
      Came told = lockd.next();
      assertEquals(GRANTED_MSG, told.procedure());
      assertNotEquals(InstancesRig.ADDRESSES[1], told.from().getHostAddress());
    }
  }

  @Test
  void address_thatMoves_takesAllLocksWithIt() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A);
        LockSocket b = rig.instance(1).client(B)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
      LockRig.ask(b, rig.lock(SVID, 5, false));
      int ofA = svidOf(rig.origin.next());
      rig.origin.next();
      rig.move(1);
      assertEquals(2, rig.instance(1).held().size());
      assertEquals(List.of(), rig.instance(0).held());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlock(SVID, 0)));
      Came unlock = rig.next(UNLOCK);
      assertEquals(ofA, svidOf(unlock));
      assertEquals(InstancesRig.LOCK_ADDRESS, unlock.from().getHostAddress());
      assertEquals(1, rig.instance(1).held().size());
    }
  }

  @Test
  void clientThatRestarts_atTheOtherInstanceAndBehindAMove_losesItsOwnLocksAlone()
      throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A);
        LockSocket b = rig.instance(1).client(B);
        LockSocket monitor = rig.instance(1).monitor(B)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
      LockRig.ask(b, rig.lock(SVID, 5, false));
      rig.move(1);
      rig.move(0);
      monitor.send(
          LockSocket.call(
              5, LockSocket.NSM, 1, 6, CallCredential.NONE, out -> out.string("client").int32(5)));
      assertEquals(24, monitor.receive().length);
      assertEquals(1, rig.instance(0).held().size());
      assertEquals(InetAddress.getByName(A), rig.instance(0).held().get(0).client());
    }
  }

  @Test
  void withoutAnOwner_locksArePutOff_andAllElseIsSilent() throws Exception {
    rig.instances.forEach(InstancesRig.Instance::start);
    try (LockSocket a = rig.instance(1).client(A)) {
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(a, rig.lock(SVID, 0, false)));
      a.send(LockSocket.call(6, LockSocket.NLM, 4, 0, LockRig.ALICE, out -> {}));
      assertEquals(24, a.receive().length, "NULL");
      a.send(rig.unlock(SVID, 0));
      a.send(rig.reclaim(SVID, 0));
      assertTrue(a.isSilent(300));
    }
    assertTrue(rig.origin.isQuiet());
    assertEquals(LockService.Place.NOWHERE, rig.instance(1).service.owner().place());
  }

  @Test
  void callThatTheOwnerHasNotAnswered_getsNoReplyWhenTheAddressIsGone_andIsRemembered()
      throws Exception {
    rig.start();
    rig.origin.answers = call -> null;
    try (LockSocket b = rig.instance(1).client(B)) {
      byte[] lock = rig.lock(SVID, 0, false);
      b.send(lock);
      rig.next(LOCK);
      rig.move(1);
      assertTrue(b.isSilent(300));
      assertEquals(1, rig.instance(1).held().size(), "the origin may have granted it");
      rig.answerStatus(NlmStatus.GRANTED);
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, lock));
    }
  }

  @Test
  void pagesOfTheOtherInstance_tellWhereTheOwnerIs_andReleaseNothing() throws Exception {
    rig.start();
    try (LockSocket b = rig.instance(1).client(B)) {
      LockRig.ask(b, rig.lock(SVID, 0, false));
    }
    MultiMap client = MultiMap.caseInsensitiveMultiMap().add("client", B);
    Page.Answer answer = LockRig.await(LockPages.release(rig.instance(1).service).begin(client));
    assertEquals(421, answer.status());
    assertEquals("instance-0", ((JsonObject) answer.json()).getString("owner"));
    assertEquals("http://page-0/", ((JsonObject) answer.json()).getString("page"));
    rig.having.clear();
    Eventually.eventually(
        "nobody", () -> rig.instance(1).service.owner().place() == LockService.Place.NOWHERE);
    answer = LockRig.await(LockPages.release(rig.instance(1).service).begin(client));
    assertEquals(503, answer.status());
    rig.move(1);
    assertEquals(1, rig.instance(1).held().size());
  }

  private double measured(int instance, String name) {
    return rig.instance(instance).service.measures().stream()
        .filter(each -> each.name().equals(name))
        .mapToDouble(Measure::value)
        .sum();
  }

  @Test
  void ownerThatStoodStill_sendsNothing_andBeginsAnewIfNobodyElseHas() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lock(SVID, 0, false)));
      rig.origin.next();
      double term = measured(0, "locks_owner_term");
      rig.mayLook.open(false);
      rig.passedNanos.addAndGet(TimeUnit.SECONDS.toNanos(Ownership.LATE_SECONDS + 1));
      byte[] unlock = rig.unlock(SVID, 0);
      a.send(unlock);
      assertTrue(a.isSilent(500));
      assertTrue(rig.origin.isQuiet());
      rig.mayLook.open(true);
      Eventually.eventually(
          "another term",
          () -> rig.instance(0).isOwner() && measured(0, "locks_owner_term") > term);
      assertEquals(1, rig.instance(0).held().size());
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, unlock));
    }
  }

  // ---- what is shared

  @Test
  void lockThatOthersCannotBeTold_isPutOff_andNotAskedForAtTheOrigin() throws Exception {
    rig.start();
    rig.instance(0).records.isBroken = true;
    try (LockSocket a = rig.instance(0).client(A)) {
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(a, rig.lock(SVID, 0, false)));
      assertTrue(rig.origin.isQuiet());
      a.send(rig.reclaim(SVID, 0));
      assertTrue(a.isSilent(300), "a reclaim that is put off is given up");
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlock(SVID, 0)), "unlocks go on");
      rig.instance(0).records.isBroken = false;
      Eventually.eventually(
          "locks are asked for again",
          () -> LockRig.ask(a, rig.lock(SVID, 0, false)) == NlmStatus.GRANTED);
    }
    rig.move(1);
    assertEquals(1, rig.instance(1).held().size());
  }

  @Test
  void ownerThatWasSuperseded_sendsNoLock_thatTheNextOneDoesNotKnow() throws Exception {
    rig.start();
    Promise<Void> may = Promise.promise();
    rig.instance(0).records.mayWrite = may.future();
    try (LockSocket a = rig.instance(0).client(A)) {
      a.send(rig.lock(SVID, 0, false));
      rig.having.add(1); // at both
      Eventually.eventually("the second is the owner", () -> rig.instance(1).isOwner());
      assertEquals(List.of(), rig.instance(1).held());
      may.complete();
      assertTrue(a.isSilent(500));
      assertTrue(rig.origin.isQuiet());
      Eventually.eventually("the first is none", () -> !rig.instance(0).isOwner());
      rig.having.remove(1);
      Eventually.eventually("and is again when that has ended", () -> rig.instance(0).isOwner());
    }
  }

  // No clock tells a machine that it was suspended: its looks and its clocks stood still alike.
  @Test
  void ownerThatWasSuperseded_andHasNotLooked_sendsNoUnlock_ofWhatMayBeLockedAgain()
      throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.lock(SVID, 0, false)));
      rig.origin.next();
      rig.mayLook.open(false);
      TermRecord next = new TermRecord(new TermId(1_000, 1), "member-1", "instance-1", Map.of());
      MemberSecret secret = new MemberSecret("locks", InstancesRig.SECRET);
      rig.shared.all.put(SharedForm.TERM, secret.sealed(SharedForm.TERM, next.bytes()));
      a.send(rig.unlock(SVID, 0));
      assertTrue(a.isSilent(500));
      assertTrue(rig.origin.isQuiet());
      rig.mayLook.open(true);
    }
  }

  @Test
  void whatAFormerOwnerStillWrites_takesNothingFromTheNextOne() throws Exception {
    rig.start();
    Promise<Void> may = Promise.promise();
    try (LockSocket a = rig.instance(0).client(A)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
      rig.instance(0).records.mayWrite = may.future();
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, rig.unlock(SVID, 0)));
    }
    rig.move(1); // before the first one's removal is there
    may.complete();
    assertEquals(
        1, rig.shared.all.keySet().stream().filter(key -> key.startsWith("held|")).count());
    assertEquals(1, rig.instance(1).held().size(), "too much is harmless");
  }

  @Test
  void journalOfAFormerOwner_bringsNothingBack_thatWasUnlockedSince() throws Exception {
    rig.start();
    try (LockSocket b = rig.instance(1).client(B)) {
      for (int i = 0; i < 5; i++) {
        LockRig.ask(b, rig.lock(SVID + i, 0, false));
      }
      rig.move(1);
      for (int i = 0; i < 4; i++) {
        assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.unlock(SVID + i, 0)));
      }
      rig.instance(0).stop();
      rig.instance(0).start();
      rig.move(0);
      assertEquals(1, rig.instance(0).held().size());
    }
  }

  @Test
  void allInstancesDown_andTheirRecordsGone_theJournalsOfAllCount() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
    }
    rig.move(1);
    try (LockSocket b = rig.instance(1).client(B)) {
      LockRig.ask(b, rig.lock(SVID, 0, false));
    }
    rig.instance(0).stop();
    rig.instance(1).stop();
    rig.shared.all.clear();
    rig.having.clear();
    rig.having.add(0);
    rig.instance(0).start();
    Eventually.eventually("owner", () -> rig.instance(0).isOwner());
    assertEquals(1, rig.instance(0).held().size(), "as the first knew");
    rig.instance(1).start();
    Eventually.eventually(
        "the owner hears of what the other alone knew", () -> rig.instance(0).held().size() == 2);
  }

  @Test
  void sidesThatDoNotHearEachOther_knowAllAgainWhenTheyDo() throws Exception {
    rig.start();
    FakeSharedRecords side = new FakeSharedRecords();
    side.members.add("member-1");
    side.all.putAll(rig.shared.all);
    rig.instance(1).records.of = side;
    try (LockSocket a = rig.instance(0).client(A)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
    }
    rig.move(1);
    try (LockSocket b = rig.instance(1).client(B)) {
      LockRig.ask(b, rig.lock(SVID, 0, false));
      assertEquals(1, rig.instance(1).held().size());
    }
    side.all.forEach(rig.shared.all::putIfAbsent);
    rig.instance(1).records.of = rig.shared;
    rig.instance(1).records.merged.run();
    Eventually.eventually("one side", () -> rig.instance(1).held().size() == 2);
    assertTrue(rig.instance(1).isOwner());
    rig.move(0);
    assertEquals(2, rig.instance(0).held().size());
  }

  @Test
  void recordsOfAStranger_areNotBelieved() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
    }
    String key =
        rig.shared.all.keySet().stream().filter(each -> each.startsWith("held|")).findFirst().get();
    byte[] forged = rig.shared.all.get(key).clone();
    forged[40]++;
    rig.shared.all.put(
        key.replace("held|", "held|1"), rig.shared.all.get(key)); // sealed for another
    rig.shared.all.put(key, forged);
    rig.shared.all.put("held|garbage", new byte[3]);
    rig.move(1);
    assertEquals(List.of(), rig.instance(1).held());
  }

  @Test
  void addressThatComesAndGoes_leavesOneOwner_andNothingTwice() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      LockRig.ask(a, rig.lock(SVID, 0, false));
      for (int i = 1; i <= 4; i++) {
        rig.move(i % 2);
        assertEquals(1, rig.instance(i % 2).held().size());
        assertFalse(rig.instance((i + 1) % 2).isOwner());
      }
      LockRig.ask(a, rig.unlock(SVID, 0));
      assertEquals(List.of(), rig.instance(0).held());
      assertTrue(rig.shared.all.keySet().stream().noneMatch(key -> key.startsWith("held|")));
    }
    assertNull(rig.shared.all.get("held|"));
  }
}
