package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v40;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v41;

import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Ops;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** The rules of COMPOUND and of sessions: RFC 8881 sections 2.10.6 and 16.2. */
class SessionsTest {
  private static final int SEQUENCE = 53;
  private static final int CREATE = 6;
  private static final int PUTROOTFH = 24;

  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Ops mkdir(Ops ops, Rig rig, String name) {
    return ops.putfh(rig.outer).op(CREATE, args -> Rig.mode(args.int32(2).string(name), 0755));
  }

  @Test
  void createSession_askedForBackChannelAndPersistence_grantsNeither() {
    assertEquals(0, rig.session(ALICE, "a").flags);
  }

  @Test
  void createSession_askedForRecordsOf4Gib_offersWhatFits() {
    Rig.Session session = rig.session(ALICE, "a");
    assertEquals((1 << 20) + (1 << 16), session.requestBytes);
    assertEquals((1 << 20) + (1 << 16), session.responseBytes);
    assertEquals(1 << 16, session.keptBytes);
  }

  @Test
  void retry_ofAKeptReply_givesTheSameBytesAndIsNotExecuted() {
    Rig.Session session = rig.session(ALICE, "a");
    Ops ops = mkdir(session.ops(true), rig, "once");
    byte[] first = rig.bytes(ALICE, ops);
    assertEquals(0, new Got(first, ops).status);
    assertArrayEquals(first, rig.bytes(ALICE, ops));
  }

  @Test
  void retry_ofAReplyThatWasNotKept_isToldSoBehindItsSequence() {
    Rig.Session session = rig.session(ALICE, "a");
    Ops ops = mkdir(session.ops(false), rig, "once");
    assertEquals(0, rig.run(ALICE, ops).status);
    Got got = rig.run(ALICE, ops);
    assertEquals(10068, got.status);
    assertEquals(2, got.count);
    got.next(SEQUENCE, 0).skip(36);
    got.next(22, 10068);
    got.end();
  }

  @Test
  void sequence_outOfOrder_isMisordered() {
    Rig.Session session = rig.session(ALICE, "a");
    Got got = rig.run(ALICE, v41().sequence(session.id, 0, 7, false).op(PUTROOTFH));
    assertEquals(10063, got.status);
    got.next(SEQUENCE, 10063);
    got.end();
  }

  @Test
  void sequence_ofNoSession_isBadSession() {
    rig.run(ALICE, v41().sequence(new byte[16], 0, 1, false)).next(SEQUENCE, 10052);
  }

  @Test
  void slot_whileACallIsExecuted_isBusyUntilItEnds() {
    SlotReplies replies = new SlotReplies();
    ByteBuffer slot = ByteBuffer.wrap(new byte[20]);
    assertTrue(replies.begin(slot));
    assertFalse(replies.begin(ByteBuffer.wrap(new byte[20])));
    replies.end(ByteBuffer.wrap(new byte[20]));
    assertTrue(replies.begin(slot));
  }

  @Test
  void operation_withoutASession_failsByItself() {
    Got got = rig.run(ALICE, v41().op(PUTROOTFH));
    assertEquals(10071, got.status);
    got.next(PUTROOTFH, 10071);
    got.end();
  }

  @Test
  void exchangeId_withAnotherOperationBehindIt_isNotOnlyOp() {
    Ops ops =
        v41().op(42, args -> args.int64(1).string("a").int32(0).int32(0).int32(0)).op(PUTROOTFH);
    rig.run(ALICE, ops).next(42, 10081);
  }

  @Test
  void sequence_inTheMiddle_failsThere() {
    Rig.Session session = rig.session(ALICE, "a");
    Got got =
        session.run(session.ops().op(PUTROOTFH).sequence(session.id, 1, 1, false).op(PUTROOTFH));
    assertEquals(10064, got.status);
    got.next(PUTROOTFH, 0);
    got.next(SEQUENCE, 10064);
    got.end();
  }

  @Test
  void operation_unknown_endsTheCompoundAsIllegal() {
    Got got = rig.run(ALICE, v40().op(PUTROOTFH).op(4711).op(PUTROOTFH));
    assertEquals(10044, got.status);
    got.next(PUTROOTFH, 0);
    got.next(10044, 10044);
    got.end();
  }

  @Test
  void minorVersion_2_isRefused() {
    Got got = rig.run(ALICE, new Ops(2).op(PUTROOTFH));
    assertEquals(10021, got.status);
    assertEquals(0, got.count);
    got.end();
  }

  @Test
  void compound_of129Operations_isRefusedWhole() {
    Ops v40 = v40();
    Ops v41 = v41();
    for (int at = 0; at < 129; at++) {
      v40.op(PUTROOTFH);
      v41.op(PUTROOTFH);
    }
    assertEquals(10018, rig.run(ALICE, v40).status);
    assertEquals(10070, rig.run(ALICE, v41).status);
  }

  @Test
  void compound_longerThanItsSession_failsBehindItsSequence() {
    Rig.Session session = rig.session(ALICE, "a");
    Ops ops = session.ops();
    for (int at = 0; at < 16; at++) {
      ops.op(PUTROOTFH);
    }
    session.run(ops).next(PUTROOTFH, 10070);
  }

  @Test
  void arguments_truncatedAnywhere_areGarbage() {
    byte[] whole = io.netty.buffer.ByteBufUtil.getBytes(mkdir(v40(), rig, "name").arguments());
    for (int length = 0; length < whole.length; length += 4) {
      XdrReader cut = new XdrReader().reset(Unpooled.wrappedBuffer(whole, 0, length));
      assertThrows(
          XdrException.class, () -> rig.nfs4.program().procedures().get(1).read(ALICE, cut));
    }
  }

  @Test
  void client_beyondTheMost_waits() {
    for (int at = 0; at < 4096; at++) {
      String owner = "client" + at;
      Ops ops = v41().op(42, args -> args.int64(1).string(owner).int32(0).int32(0).int32(0));
      assertEquals(0, rig.run(ALICE, ops).status);
    }
    Ops more = v41().op(42, args -> args.int64(1).string("more").int32(0).int32(0).int32(0));
    rig.run(ALICE, more).next(42, 10008);
  }

  @Test
  void processes_ofTheSameSecond_giveClientsOtherIds() throws Exception {
    // Each has a number of 15 random bits: that eight have the same does not happen.
    Set<Long> numbers = new HashSet<>();
    for (int process = 0; process < 8; process++) {
      try (Rig other = new Rig()) {
        numbers.add(other.session(ALICE, "a").client & 0x7fff_0000);
      }
    }
    assertTrue(numbers.size() > 1);
  }

  @Test
  void client_hasAnIdOfThisTime() {
    long seconds = rig.session(ALICE, "a").client >>> 32;
    assertTrue(Math.abs(seconds - System.currentTimeMillis() / 1000) < 3600);
  }

  @Test
  void processes_areServersOfTheirOwn() throws Exception {
    byte[] first = owner(rig);
    assertArrayEquals(first, owner(rig));
    try (Rig other = new Rig()) {
      assertFalse(Arrays.equals(first, owner(other)));
    }
  }

  /** The so_major_id. */
  private static byte[] owner(Rig rig) {
    Ops ops = v41().op(42, args -> args.int64(1).string("a").int32(0).int32(0).int32(0));
    XdrReader in = rig.run(ALICE, ops).next(42, 0);
    in.skip(8 + 4 + 4 + 4); // clientid, sequenceid, flags, SP4_NONE
    in.skip(8); // so_minor_id
    return in.string(1024).getBytes(StandardCharsets.US_ASCII);
  }
}
