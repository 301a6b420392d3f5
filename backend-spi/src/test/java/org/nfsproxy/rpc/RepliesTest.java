package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

/** Whole records, as RFC 5531 sections 9 and 11 have them. */
class RepliesTest {
  private static final ByteBufAllocator ALLOC = UnpooledByteBufAllocator.DEFAULT;
  private static final int XID = 0x12345678;

  private static void assertRecord(String hex, ByteBuf record) {
    assertEquals(hex, ByteBufUtil.hexDump(record));
    record.release();
  }

  @Test
  void accepted_eachStatus_isItsRecord() {
    String[] status = {"00000000", "00000001", "00000002", "00000003", "00000004", "00000005"};
    AcceptStatus[] values = AcceptStatus.values();
    assertEquals(status.length, values.length);
    for (int i = 0; i < values.length; i++) {
      assertRecord(
          "80000018" + "12345678" + "00000001" + "00000000" + "0000000000000000" + status[i],
          Replies.accepted(ALLOC, XID, values[i]));
    }
  }

  @Test
  void acceptStatus_hasTheNumbersOfTheRfc() {
    assertEquals(0, AcceptStatus.SUCCESS.ordinal());
    assertEquals(1, AcceptStatus.PROG_UNAVAIL.ordinal());
    assertEquals(2, AcceptStatus.PROG_MISMATCH.ordinal());
    assertEquals(3, AcceptStatus.PROC_UNAVAIL.ordinal());
    assertEquals(4, AcceptStatus.GARBAGE_ARGS.ordinal());
    assertEquals(5, AcceptStatus.SYSTEM_ERR.ordinal());
  }

  @Test
  void progMismatch_carriesLowAndHigh() {
    assertRecord(
        "80000020"
            + ("12345678" + "00000001" + "00000000" + "0000000000000000")
            + ("00000002" + "00000002" + "00000004"),
        Replies.accepted(ALLOC, XID, AcceptStatus.PROG_MISMATCH, 2, 4));
  }

  @Test
  void rpcMismatch_carriesTwoTwice() {
    assertRecord(
        "80000018"
            + ("12345678" + "00000001" + "00000001")
            + ("00000000" + "00000002" + "00000002"),
        Replies.rpcMismatch(ALLOC, XID));
  }

  @Test
  void authError_eachStatus_isItsRecord() {
    AuthStatus[] values = AuthStatus.values();
    for (int i = 0; i < values.length; i++) {
      assertRecord(
          "80000014" + "12345678" + "00000001" + "00000001" + "00000001" + "0000000" + i,
          Replies.authError(ALLOC, XID, values[i]));
    }
    assertEquals(1, AuthStatus.AUTH_BADCRED.ordinal());
    assertEquals(5, AuthStatus.AUTH_TOOWEAK.ordinal());
  }

  @Test
  void success_withResultsLongerThanTheRoomBegunWith_hasTheRightMarker() {
    ByteBuf record = Replies.beginSuccess(ALLOC, XID);
    for (int i = 0; i < 100; i++) {
      record.writeInt(i);
    }
    Replies.finish(record);
    assertEquals(0x80000000 | (24 + 400), record.getInt(0));
    assertEquals(4 + 24 + 400, record.readableBytes());
    assertEquals(99, record.getInt(4 + 24 + 396));
    record.release();
  }
}
