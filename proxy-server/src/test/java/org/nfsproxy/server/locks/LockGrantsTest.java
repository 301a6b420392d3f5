package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrReader;

/** What the origin grants and nobody may have, it is made to unlock; until then it is listed. */
@Timeout(120)
class LockGrantsTest {
  private static final String A = LockRig.CLIENT_A;
  private static final int SVID = 5;
  private static final int LOCK = 2;
  private static final int UNLOCK = 4;
  private static final int GRANTED = 5;
  private static final int GRANTED_MSG = 10;
  private static final int GRANTED_RES = 15;

  @TempDir Path directory;
  private LockRig rig;
  private final AtomicBoolean letsIn = new AtomicBoolean(true);

  @BeforeEach
  void build() throws Exception {
    rig = new LockRig(directory);
    LockJudge allows = rig.judge;
    rig.judge =
        new LockJudge() {
          @Override
          public Future<LockVerdict> judge(
              Call call, ByteBuf record, InetAddress client, Filehandle handle, boolean writes) {
            return allows.judge(call, record, client, handle, writes);
          }

          @Override
          public boolean letsIn(InetAddress client) {
            return letsIn.get();
          }
        };
    rig.start();
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  /** The origin lets a request of a client wait; returns what it was asked. */
  private Came blocked(LockSocket client) throws InterruptedException {
    rig.answerStatus(NlmStatus.BLOCKED);
    byte[] lock = rig.lockCall(SVID, 10, 20, true, 3);
    assertEquals(NlmStatus.BLOCKED, LockRig.ask(client, lock));
    return rig.origin.next();
  }

  /** Handle, owner and bytes of a LOCK or an UNLOCK at the origin. */
  private static String asked(Came call) {
    XdrReader in = call.arguments();
    in.opaque(1024);
    in.skip(call.procedure() == LOCK ? 8 : 0);
    in.opaque(1024);
    String handle = HexFormat.of().formatHex(in.opaque(64));
    String owner = HexFormat.of().formatHex(in.opaque(1024));
    return handle + " " + owner + " " + in.int32() + " " + in.int64() + "+" + in.int64();
  }

  /** Comes back when all that was sent for the owner before has been answered. */
  private void settle(LockSocket client) {
    LockRig.ask(client, rig.cancelCall(SVID, 500, 1));
  }

  @Test
  void grantForAClientThatIsLetInNoLonger_isListedUntilTheOriginHasUnlocked_byTheNextLifeToo()
      throws Exception {
    try (LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Came lock = blocked(a);
      letsIn.set(false);
      rig.origin.answers = call -> call.procedure() == UNLOCK ? null : out -> {};
      origin.send(LockRig.grant(GRANTED_MSG, lock, new byte[] {9}));
      assertEquals(24, origin.receive().length);
      Came answer = rig.origin.next();
      assertEquals(GRANTED_RES, answer.procedure());
      XdrReader in = answer.arguments();
      assertArrayEquals(new byte[] {9}, in.opaque(1024));
      assertEquals(NlmStatus.DENIED, in.int32());
      Came unlock = rig.origin.next();
      assertEquals(UNLOCK, unlock.procedure());
      assertEquals(asked(lock), asked(unlock));
      assertEquals(1000, unlock.uid(), "the origin unlocks for nobody but who locked");
    }
    rig.stop();
    rig.start();
    HeldLock held = rig.held().get(0);
    assertEquals(InetAddress.getByName(A), held.client());
    assertEquals(List.of(new HeldLock.HeldRange(10, 29)), held.held());
    assertEquals(List.of(), held.waiting());
    rig.answerStatus(NlmStatus.GRANTED);
    assertEquals(1, LockRig.await(rig.service.release(InetAddress.getByName(A))));
    assertEquals(List.of(), rig.held());
  }

  @Test
  void grantThatIsTurnedDown_isListedNoMoreWhenTheOriginHasUnlocked_andKeptIfItDoesNot()
      throws Exception {
    for (int status : new int[] {NlmStatus.DENIED_NOLOCKS, NlmStatus.GRANTED}) {
      letsIn.set(true);
      try (LockSocket a = rig.client(A);
          LockSocket origin = rig.client(LockRig.ORIGIN)) {
        Came lock = blocked(a);
        letsIn.set(false);
        rig.answerStatus(status);
        origin.send(LockRig.grant(GRANTED_MSG, lock, new byte[] {9}));
        origin.receive();
        assertEquals(GRANTED_RES, rig.origin.next().procedure());
        assertEquals(UNLOCK, rig.origin.next().procedure());
        settle(a);
        rig.origin.next();
        assertEquals(status == NlmStatus.GRANTED ? 0 : 1, rig.held().size(), "status " + status);
      }
    }
  }

  @Test
  void grantThatWaitsForItsReply_isDeniedInThatReply_andUnlockedToo() throws Exception {
    try (LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Came lock = blocked(a);
      letsIn.set(false);
      rig.answerStatus(NlmStatus.GRANTED);
      origin.send(LockRig.grant(GRANTED, lock, LockRig.COOKIE));
      assertEquals(NlmStatus.DENIED, LockRig.status(origin.receive()));
      Came unlock = rig.origin.next();
      assertEquals(asked(lock), asked(unlock));
      assertEquals(1000, unlock.uid());
      settle(a);
      assertEquals(List.of(), rig.held());
    }
  }

  @Test
  void grantThatWaitsForItsReply_andThatNobodyWaitsFor_isUnlockedToo() throws Exception {
    try (LockSocket a = rig.client(A);
        LockSocket origin = rig.client(LockRig.ORIGIN)) {
      Came lock = blocked(a);
      rig.answerStatus(NlmStatus.GRANTED);
      LockRig.ask(a, rig.cancelCall(SVID, 10, 20));
      rig.origin.next();
      assertEquals(List.of(), rig.held());
      origin.send(LockRig.grant(GRANTED, lock, LockRig.COOKIE));
      assertEquals(NlmStatus.DENIED, LockRig.status(origin.receive()));
      Came unlock = rig.origin.next();
      assertEquals(UNLOCK, unlock.procedure());
      assertEquals(asked(lock), asked(unlock));
    }
  }
}
