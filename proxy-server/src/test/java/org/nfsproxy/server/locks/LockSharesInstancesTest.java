package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.locks.ShareCalls.Shared;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.server.locks.wire.ShareMode;

/** Shares of clients of several instances, wherever the lock address is. */
@Timeout(120)
class LockSharesInstancesTest {
  private static final String A = LockRig.CLIENT_A;
  private static final String B = LockRig.CLIENT_B;

  @TempDir Path directory;
  private InstancesRig rig;
  private int xid = 5_000;

  @BeforeEach
  void begin() throws Exception {
    rig = new InstancesRig(directory);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  private byte[] share() {
    return ShareCalls.share(xid++, ShareCalls.READ, ShareCalls.WRITE);
  }

  private byte[] unshare() {
    return ShareCalls.unshare(xid++, LockRig.ALICE);
  }

  private List<ShareMode> sharesAt(int instance) {
    return rig.instance(instance).held().stream().map(HeldLock::share).toList();
  }

  private Shared next(int procedure) throws InterruptedException {
    return Shared.of(rig.next(procedure));
  }

  @Test
  void shares_moveWithTheAddress_andWhatWasUnsharedMeanwhile_doesNotComeBack() throws Exception {
    rig.start();
    ShareMode shared = new ShareMode(ShareCalls.READ, ShareCalls.WRITE);
    try (LockSocket a = rig.instance(0).client(A);
        LockSocket b = rig.instance(1).client(B)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, share()));
      byte[] ofA = next(ShareCalls.SHARE).owner();
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, share()));
      rig.move(1);
      assertEquals(List.of(shared, shared), sharesAt(1));
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, unshare()));
      assertArrayEquals(ofA, next(ShareCalls.UNSHARE).owner());
      rig.move(0);
    }
    List<HeldLock> held = rig.instance(0).held();
    assertEquals(List.of(InetAddress.getByName(B)), held.stream().map(HeldLock::client).toList());
    assertEquals(List.of(shared), sharesAt(0));
  }

  @Test
  void share_whileTheOthersCannotBeTold_orNobodyHasTheAddress_isPutOff() throws Exception {
    rig.start();
    try (LockSocket a = rig.instance(0).client(A)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(a, share()));
      rig.instance(0).records.isBroken = true;
      byte[] more = ShareCalls.shareOf(xid++, new byte[] {1, 2, 3, 4});
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(a, more));
      assertEquals(1, rig.instance(0).held().size());
      rig.instance(0).records.isBroken = false;
      rig.having.clear();
      Eventually.eventually("no owner", () -> !rig.instance(0).isOwner());
      a.send(share());
      byte[] reply = a.receive();
      assertEquals(24 + 12 + 4 + 4, reply.length, "with a sequence number");
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.status(reply));
      a.send(ShareCalls.reclaim(xid++, ShareCalls.READ, ShareCalls.WRITE));
      a.send(unshare());
      assertTrue(a.isSilent(300), "a reclaim and an UNSHARE come again");
    }
  }
}
