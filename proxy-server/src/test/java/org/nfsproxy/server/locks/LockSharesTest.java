package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.locks.ShareCalls.BOTH;
import static org.nfsproxy.server.locks.ShareCalls.NOTHING;
import static org.nfsproxy.server.locks.ShareCalls.READ;
import static org.nfsproxy.server.locks.ShareCalls.SHARE;
import static org.nfsproxy.server.locks.ShareCalls.UNSHARE;
import static org.nfsproxy.server.locks.ShareCalls.WRITE;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.ShareCalls.Shared;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.server.locks.wire.ShareMode;

/** SHARE and UNSHARE of clients at a hand-made origin. */
@Timeout(120)
class LockSharesTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;
  private static final CallCredential ROOT = CallCredential.sys("client", 0, 0);

  @TempDir Path directory;
  private LockRig rig;
  private int xid = 5_000;

  @BeforeEach
  void build() throws Exception {
    rig = new LockRig(directory);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  private int share(LockSocket client, int access, int deny) {
    return LockRig.ask(client, ShareCalls.share(xid++, access, deny));
  }

  private int unshare(LockSocket client) {
    return LockRig.ask(client, ShareCalls.unshare(xid++, LockRig.ALICE));
  }

  private List<ShareMode> shares() {
    return rig.held().stream().map(HeldLock::share).toList();
  }

  private List<InetAddress> clients() {
    return rig.held().stream().map(HeldLock::client).toList();
  }

  private void notice(String client, int state) {
    try (LockSocket monitor = rig.monitor(client)) {
      monitor.send(rig.notice("client", state));
      assertEquals(24, monitor.receive().length);
    }
  }

  // ---- on the wire

  @Test
  void share_goesToTheOriginAsItIs_butForItsOwner_andUnshareAfterIt() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      a.send(ShareCalls.share(xid++, BOTH, WRITE));
      byte[] reply = a.receive();
      assertEquals(24 + 12 + 4 + 4, reply.length);
      assertArrayEquals(LockRig.COOKIE, Arrays.copyOfRange(reply, 28, 33));
      assertEquals(NlmStatus.GRANTED, LockRig.status(reply));
      assertEquals(0, ByteBuffer.wrap(reply).getInt(40), "sequence");
      Came came = rig.origin.next();
      Shared told = Shared.of(came);
      assertEquals(SHARE, told.procedure());
      assertEquals(LockRig.PROXY, told.caller());
      assertArrayEquals(LockRig.HANDLE, told.handle());
      assertEquals("NL", new String(told.owner(), 0, 2));
      assertEquals("0@client", new String(told.owner(), 4, told.owner().length - 4));
      assertEquals(BOTH, told.access());
      assertEquals(WRITE, told.mode());
      assertFalse(told.reclaim());
      assertEquals(1000, came.uid());
      assertEquals(List.of(new ShareMode(BOTH, WRITE)), shares());

      assertEquals(NlmStatus.GRANTED, unshare(a));
      Shared untold = Shared.of(rig.origin.next());
      assertEquals(UNSHARE, untold.procedure());
      assertArrayEquals(told.owner(), untold.owner());
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void oneNameAndOneOwner_ofTwoAddresses_areTwoOwnersAtTheOrigin() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      share(a, READ, WRITE);
      share(b, READ, WRITE);
      Shared ofA = Shared.of(rig.origin.next());
      Shared ofB = Shared.of(rig.origin.next());
      assertFalse(Arrays.equals(ofA.owner(), ofB.owner()));
      assertEquals(ofA.caller(), ofB.caller());
      unshare(a);
      assertArrayEquals(ofA.owner(), Shared.of(rig.origin.next()).owner());
    }
    assertEquals(List.of(InetAddress.getByName(B)), clients());
  }

  @Test
  void shareAndLock_ofOneOwnerAndFile_areTwoThings() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(0, 0, 0, false, 3));
      share(a, READ, NOTHING);
      assertEquals(2, rig.held().size());
      unshare(a);
      assertEquals(1, rig.held().size());
      share(a, READ, NOTHING);
      LockRig.ask(a, rig.unlockCall(0, 0, 0));
    }
    assertEquals(List.of(new ShareMode(READ, NOTHING)), shares());
  }

  // ---- what a share comes to

  @Test
  void deniedShare_leavesNothing() throws Exception {
    rig.start();
    rig.answerStatus(NlmStatus.DENIED);
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.DENIED, share(a, READ, WRITE));
    }
    assertEquals(List.of(), rig.held());
    rig.stop();
    rig.start();
    assertEquals(List.of(), rig.held());
  }

  @Test
  void deniedChange_leavesWhatWasSharedBefore_andAGrantedOneIsWhatIsShared() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      rig.answerStatus(NlmStatus.DENIED);
      assertEquals(NlmStatus.DENIED, share(a, BOTH, BOTH));
      assertEquals(List.of(new ShareMode(READ, WRITE)), shares());
      rig.stop();
      rig.start();
      assertEquals(List.of(new ShareMode(READ, WRITE)), shares());
    }
    try (LockSocket a = rig.client(A)) {
      rig.answerStatus(NlmStatus.GRANTED);
      share(a, WRITE, NOTHING);
      assertEquals(List.of(new ShareMode(WRITE, NOTHING)), shares());
    }
  }

  @Test
  void changeThatAnotherUserIsDenied_leavesTheShareTheFirstOnes() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      rig.answerStatus(NlmStatus.DENIED);
      byte[] share = ShareCalls.share(xid++, BOTH, BOTH, ROOT);
      assertEquals(NlmStatus.DENIED, LockRig.ask(a, share));
      assertEquals(1000, rig.origin.next().uid());
      assertEquals(0, rig.origin.next().uid());
      rig.answerStatus(NlmStatus.GRANTED);
      notice(A, 9);
      assertEquals(1000, rig.origin.next().uid());
    }
  }

  @Test
  void change_whileItIsUnderWay_isBothInTheJournal() throws Exception {
    AtomicReference<byte[]> journal = new AtomicReference<>();
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, NOTHING);
      rig.origin.answers =
          call -> {
            journal.set(journal());
            return out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED).int32(0);
          };
      share(a, WRITE, WRITE);
    }
    rig.stop();
    Files.write(directory.resolve("locks.journal"), journal.get());
    rig.start();
    assertEquals(List.of(new ShareMode(BOTH, WRITE)), shares(), "as killed before the results");
  }

  private byte[] journal() {
    try {
      return Files.readAllBytes(directory.resolve("locks.journal"));
    } catch (java.io.IOException missing) {
      return new byte[0];
    }
  }

  @Test
  void share_isOnDiskBeforeItLeaves() throws Exception {
    String handle = HexFormat.of().formatHex(LockRig.HANDLE);
    AtomicReference<String> file = new AtomicReference<>("");
    rig.origin.answers =
        call -> {
          file.set(HexFormat.of().formatHex(journal()));
          return out -> out.opaque(LockRig.COOKIE).int32(NlmStatus.GRANTED).int32(0);
        };
    rig.start();
    try (LockSocket a = rig.client(A)) {
      assertFalse(HexFormat.of().formatHex(journal()).contains(handle));
      share(a, READ, WRITE);
    }
    assertTrue(file.get().contains(handle), "what the journal was when the origin heard of it");
  }

  @Test
  void resultsThatCannotBeRead_leaveItAsOneThatMayBeShared_andTheClientAsksAgain()
      throws Exception {
    rig.start();
    rig.origin.answers = call -> out -> out.int32(1_000_000);
    byte[] share = ShareCalls.share(xid++, READ, WRITE);
    try (LockSocket a = rig.client(A)) {
      a.send(share);
      rig.origin.next();
      assertTrue(a.isSilent(300));
      assertEquals(List.of(new ShareMode(READ, WRITE)), shares());
      rig.answerStatus(NlmStatus.GRANTED);
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, share));
      assertEquals(NlmStatus.GRANTED, unshare(a));
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void repeatedShare_afterItsUnshare_sharesNothingAgain() throws Exception {
    rig.start();
    byte[] share = ShareCalls.share(xid++, READ, WRITE);
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, share);
      unshare(a);
      rig.origin.next();
      rig.origin.next();
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, share));
    }
    assertTrue(rig.origin.isQuiet());
    assertEquals(List.of(), rig.held());
  }

  @Test
  void reclaim_passes_andALateOneOfWhatIsShared_isAShare() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      rig.origin.next();
      rig.origin.answers =
          call -> {
            boolean reclaims = Shared.of(call).reclaim();
            int status = reclaims ? NlmStatus.DENIED_GRACE_PERIOD : NlmStatus.GRANTED;
            return out -> out.opaque(LockRig.COOKIE).int32(status).int32(0);
          };
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, ShareCalls.reclaim(xid++, READ, WRITE)));
      assertTrue(Shared.of(rig.origin.next()).reclaim());
      assertFalse(Shared.of(rig.origin.next()).reclaim());
      assertEquals(
          NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(a, ShareCalls.reclaim(xid++, BOTH, WRITE)));
    }
    assertEquals(List.of(new ShareMode(READ, WRITE)), shares());
  }

  @Test
  void unshare_thatTheOriginDoesNotDo_leavesIt() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      rig.answerStatus(NlmStatus.DENIED_GRACE_PERIOD);
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, unshare(a));
      assertEquals(1, rig.held().size());
      rig.answerStatus(NlmStatus.STALE_FH);
      assertEquals(NlmStatus.STALE_FH, unshare(a));
    }
    assertEquals(List.of(), rig.held());
  }

  // ---- kills and rules

  @Test
  void unshare_afterAKill_isOfTheSameOwnerAndTheSharersCredential() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
    }
    byte[] owner = Shared.of(rig.origin.next()).owner();
    Path killed = Files.createDirectory(directory.resolve("killed"));
    Files.copy(
        directory.resolve("locks.journal"),
        killed.resolve("locks.journal"),
        StandardCopyOption.REPLACE_EXISTING);
    rig.stop();
    Files.copy(
        killed.resolve("locks.journal"),
        directory.resolve("locks.journal"),
        StandardCopyOption.REPLACE_EXISTING);
    rig.start();
    assertEquals(List.of(new ShareMode(READ, WRITE)), shares());
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, ShareCalls.unshare(xid++, ROOT)));
    }
    Came unshare = rig.origin.next();
    assertArrayEquals(owner, Shared.of(unshare).owner());
    assertEquals(1000, unshare.uid());
    assertEquals(List.of(), rig.held());
  }

  @Test
  void rules_areAskedForAWriteByAccessAlone_andUnsharePasses() throws Exception {
    LockJudge allows = rig.judge;
    boolean[] isHidden = new boolean[1];
    rig.judge =
        (call, record, client, handle, writes) ->
            isHidden[0] || writes
                ? Future.succeededFuture(new LockVerdict.Refused(NlmStatus.FAILED))
                : allows.judge(call, record, client, handle, writes);
    rig.start();
    try (LockSocket a = rig.client(A)) {
      assertEquals(NlmStatus.FAILED, share(a, WRITE, NOTHING));
      assertEquals(NlmStatus.FAILED, share(a, BOTH, NOTHING));
      assertEquals(List.of(), rig.held());
      assertTrue(rig.origin.isQuiet());
      assertEquals(NlmStatus.GRANTED, share(a, READ, BOTH));
      isHidden[0] = true;
      assertEquals(NlmStatus.FAILED, share(a, READ, NOTHING));
      assertEquals(List.of(new ShareMode(READ, BOTH)), shares());
      assertEquals(NlmStatus.GRANTED, unshare(a));
    }
    assertEquals(List.of(), rig.held());
  }

  @Test
  void squashedShare_isGivenBackSquashed() throws Exception {
    LockJudge allows = rig.judge;
    rig.judge =
        (call, record, client, handle, writes) ->
            allows
                .judge(call, record, client, handle, writes)
                .map(
                    allowed -> {
                      byte[] body = ((LockVerdict.Allowed) allowed).body();
                      ByteBuffer.wrap(body).putInt(16, 65_534); // stamp, "client" of 4 + 8 bytes
                      return new LockVerdict.Allowed(1, body);
                    });
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      unshare(a);
    }
    assertEquals(65_534, rig.origin.next().uid());
    assertEquals(65_534, rig.origin.next().uid());
  }

  // ---- the end of a client

  @Test
  void clientThatRestarted_losesItsShares_andNobodyElseAny() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      share(a, READ, WRITE);
      share(b, READ, NOTHING);
      byte[] ofA = Shared.of(rig.origin.next()).owner();
      rig.origin.next();
      notice(A, 5);
      Came came = rig.origin.next();
      Shared given = Shared.of(came);
      assertEquals(UNSHARE, given.procedure());
      assertArrayEquals(ofA, given.owner());
      assertEquals(WRITE, given.mode());
      assertEquals(READ, given.access());
      assertEquals(1000, came.uid());
    }
    assertEquals(List.of(InetAddress.getByName(B)), clients());
  }

  @Test
  void noticeToldAgain_releasesNothingThatWasSharedSince_afterAKillToo() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      notice(A, 5);
      assertEquals(List.of(), rig.held());
      share(a, READ, WRITE);
    }
    notice(A, 5);
    assertEquals(1, rig.held().size());
    rig.stop();
    rig.start();
    notice(A, 5);
    assertEquals(1, rig.held().size());
    notice(A, 7);
    assertEquals(List.of(), rig.held());
  }

  @Test
  void stateThatALockTold_isThatOfTheSharesToo() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      LockRig.ask(a, rig.lockCall(4, 0, 0, false, 5));
      share(a, READ, WRITE);
    }
    notice(A, 5);
    assertEquals(2, rig.held().size());
    notice(A, 7);
    assertEquals(List.of(), rig.held());
  }

  @Test
  void release_andFreeAll_giveSharesBack_andGraceIsWaitedFor() throws Exception {
    rig.start();
    try (LockSocket a = rig.client(A)) {
      share(a, READ, WRITE);
      rig.origin.next();
      int[] asked = new int[1];
      rig.origin.answers =
          call -> {
            int status = asked[0]++ == 0 ? NlmStatus.DENIED_GRACE_PERIOD : NlmStatus.GRANTED;
            return out -> out.opaque(LockRig.COOKIE).int32(status).int32(0);
          };
      assertEquals(1, LockRig.await(rig.service.release(InetAddress.getByName(A))));
      assertEquals(UNSHARE, rig.origin.next().procedure());
      assertEquals(UNSHARE, rig.origin.next().procedure());
      assertEquals(List.of(), rig.held());
      share(a, READ, WRITE);
      a.send(rig.nlm(23, out -> out.string("client").int32(0)));
      a.receive();
    }
    assertEquals(List.of(), rig.held());
  }

  // ---- bounds and faults

  @Test
  void sharesCountAsLocksDo_andBeyondTheBoundUnsharePasses() throws Exception {
    rig.heldPerClientMax = 2;
    rig.start();
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      LockRig.ask(a, rig.lockCall(4, 0, 0, false, 5));
      assertEquals(NlmStatus.GRANTED, share(a, READ, WRITE));
      byte[] more = ShareCalls.shareOf(xid++, new byte[] {1, 2, 3, 4});
      assertEquals(NlmStatus.DENIED_NOLOCKS, LockRig.ask(a, more));
      assertEquals(NlmStatus.GRANTED, share(a, BOTH, WRITE), "a change of what it has");
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, more));
      assertEquals(NlmStatus.GRANTED, unshare(a));
    }
    assertEquals(2, rig.held().size());
  }

  @Test
  void diskThatTakesNothing_putsSharesOff_andNoUnshare() throws Exception {
    rig.unwrittenBytesMax = 4_000;
    rig.start();
    CountDownLatch writing = new CountDownLatch(1);
    try (LockSocket a = rig.client(A);
        LockSocket b = rig.client(B)) {
      share(a, READ, WRITE);
      LockRig.ask(a, rig.lockCall(1, 0, 0, false, 3));
      rig.holdJournal(writing);
      try (LockSocket waits = rig.client(B)) {
        waits.send(rig.lockCall(2, 0, 0, false, 3));
        for (int i = 0; i < 30; i++) {
          LockRig.ask(a, rig.unlockCall(1, 10L * i, 5));
        }
        assertEquals(NlmStatus.DENIED_GRACE_PERIOD, share(b, READ, NOTHING));
        b.send(ShareCalls.reclaim(xid++, READ, NOTHING));
        assertTrue(b.isSilent(300), "a client gives a reclaim up that is told so");
        assertEquals(NlmStatus.GRANTED, unshare(a));
      }
      writing.countDown();
    }
  }

  @Test
  void argumentsThatAreCut_orOfNoValue_areGarbage() throws Exception {
    rig.start();
    byte[] whole = ShareCalls.share(xid++, BOTH, WRITE);
    int argumentsAt = whole.length - (12 + 12 + 12 + 12 + 12);
    try (LockSocket a = rig.client(A)) {
      for (int procedure : new int[] {SHARE, UNSHARE}) {
        for (int length = argumentsAt; length < whole.length; length++) {
          garbage(a, procedure, Arrays.copyOf(whole, length), "cut to " + length);
        }
        for (int word = 0; word < 3; word++) {
          for (int value : new int[] {4, 256, -1, Integer.MIN_VALUE}) {
            byte[] wrong = whole.clone();
            ByteBuffer.wrap(wrong).putInt(whole.length - 12 + 4 * word, value);
            if (word < 2) {
              garbage(a, procedure, wrong, "word " + word + " is " + value);
            }
          }
        }
        for (int lengthAt : new int[] {0, 12, 24, 36}) {
          byte[] wrong = whole.clone();
          ByteBuffer.wrap(wrong).putInt(argumentsAt + lengthAt, 1025);
          garbage(a, procedure, wrong, "a length at " + lengthAt);
        }
      }
      assertTrue(rig.origin.isQuiet());
      assertEquals(NlmStatus.FAILED, LockRig.ask(a, longOwner(1021)), "no room for the tag");
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, longOwner(1020)));
    }
    assertEquals(1, rig.held().size());
  }

  private byte[] longOwner(int bytes) {
    return ShareCalls.call(
        xid++,
        SHARE,
        LockRig.ALICE,
        ShareCalls.arguments(LockRig.HANDLE, new byte[bytes], NOTHING, READ, false));
  }

  private void garbage(LockSocket client, int procedure, byte[] call, String what) {
    ByteBuffer.wrap(call).putInt(0, xid++).putInt(20, procedure);
    client.send(call);
    byte[] reply = client.receive();
    assertEquals(24, reply.length, what);
    assertEquals(4, ByteBuffer.wrap(reply).getInt(20), "GARBAGE_ARGS: " + what);
  }

  // ---- records

  private static HeldEntry entry() throws Exception {
    HeldKey key = HeldKey.ofShare(0x1234, new byte[] {(byte) 0xff, 0}, Filehandle.of(new byte[32]));
    LockOwner owner = new LockOwner(InetAddress.getByName("10.0.0.7"), "n\u00e4me", 0);
    HeldEntry entry =
        new HeldEntry(key, owner, 1_700_000_000_123L, new ByteRanges(), 1, new byte[20]);
    entry.state = 17;
    entry.reached = InetAddress.getByName("fe80::1");
    entry.share = new ShareMode(READ, BOTH);
    entry.sequence = 99;
    return entry;
  }

  @Test
  void record_isReadAsItWasWritten_andEndsByItsOwnKind() throws Exception {
    OwnerRows rows = new OwnerRows(8);
    HeldLocks held = new HeldLocks(rows, LockRig.bounds(10));
    HeldEntry written = entry();
    byte[] record = LockRecords.held(written);
    LockRecords.read(record, held);
    HeldEntry read = held.find(written.key);
    assertArrayEquals(record, LockRecords.held(read));
    assertEquals(written.share, read.share);
    assertEquals(99, read.sequence);
    assertEquals(17, rows.state(0x1234));
    HeldKey lock = HeldKey.of(written.key.svid(), written.key.ownerBytes(), written.key.handle());
    LockRecords.read(LockRecords.dropped(lock), held);
    assertEquals(1, held.size());
    LockRecords.read(LockRecords.dropped(written.key), held);
    assertEquals(0, held.size());
  }

  @Test
  void record_cutAnywhere_orOfNoMode_isNoRecord() throws Exception {
    HeldLocks held = new HeldLocks(new OwnerRows(8), LockRig.bounds(10));
    byte[] whole = LockRecords.held(entry());
    Stream.iterate(0, length -> length + 1)
        .limit(whole.length)
        .forEach(length -> noRecord(Arrays.copyOf(whole, length), held));
    ByteBuffer.wrap(whole).putInt(whole.length - 12, 4);
    noRecord(whole, held);
    assertEquals(0, held.size());
  }

  private static void noRecord(byte[] record, HeldLocks held) {
    org.junit.jupiter.api.Assertions.assertThrows(
        org.nfsproxy.xdr.XdrException.class, () -> LockRecords.read(record, held));
  }

  @Test
  void sharedRecords_ofAShareAndALock_haveDifferentKeys_andTwoWordsOfAShareAreBoth()
      throws Exception {
    HeldEntry share = entry();
    HeldKey lock = HeldKey.of(share.key.svid(), share.key.ownerBytes(), share.key.handle());
    TermId term = new TermId(1, 2);
    assertFalse(SharedForm.held(term, lock).equals(SharedForm.held(term, share.key)));
    HeldEntry other = entry();
    other.share = new ShareMode(WRITE, NOTHING);
    Inherited.add(share, other);
    assertEquals(new ShareMode(BOTH, BOTH), share.share);
  }
}
