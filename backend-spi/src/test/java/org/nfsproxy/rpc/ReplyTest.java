package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ReplyTest {
  private final Reply reply = new Reply();

  private static ByteBuf words(int... words) {
    ByteBuf buffer = Unpooled.buffer();
    for (int word : words) {
      buffer.writeInt(word);
    }
    return buffer;
  }

  private Reply.Form read(int... words) {
    ByteBuf buffer = words(words);
    return reply.read(buffer, 0, buffer.writerIndex());
  }

  @Test
  void success_showsWhereItsResultsAre() {
    assertSame(Reply.Form.RESULTS, read(7, 1, 0, 0, 0, 0, 0xabc));
    assertEquals(7, reply.xid());
    assertEquals(24, reply.resultsAt());
    assertEquals(28, reply.end());
    // A verifier of five bytes, padded to eight.
    assertSame(Reply.Form.RESULTS, read(7, 1, 0, 6, 5, 0x01020304, 0x05000000, 0, 0xabc));
    assertEquals(32, reply.resultsAt());
    assertSame(Reply.Form.RESULTS, read(7, 1, 0, 0, 0, 0));
    assertEquals(reply.end(), reply.resultsAt());
  }

  @Test
  void otherOutcomes_haveNoResults() {
    for (int status = 1; status <= 6; status++) {
      assertSame(Reply.Form.NO_RESULTS, read(7, 1, 0, 0, 0, status));
    }
    assertSame(Reply.Form.NO_RESULTS, read(7, 1, 0, 0, 0, -1));
    assertSame(Reply.Form.NO_RESULTS, read(7, 1, 1, 1, 13));
    assertSame(Reply.Form.NO_RESULTS, read(7, 1, 2));
    assertEquals(7, reply.xid());
  }

  @Test
  void otherMessages_areNoReplies() {
    assertSame(Reply.Form.CALL, read(7, 0, 2, 100003, 3, 0));
    assertSame(Reply.Form.NOT_RPC, read(7, 2, 0, 0, 0, 0));
    assertSame(Reply.Form.NOT_RPC, read());
    assertSame(Reply.Form.NOT_RPC, read(7));
  }

  @Test
  void success_cutAtEveryByte_isTruncated() {
    ByteBuf whole = words(7, 1, 0, 6, 5, 0x01020304, 0x05000000, 0);
    for (int length = 0; length < whole.writerIndex(); length++) {
      Reply.Form expected = length < 8 ? Reply.Form.NOT_RPC : Reply.Form.TRUNCATED;
      assertSame(expected, reply.read(whole, 0, length), "at " + length);
      assertSame(expected, reply.read(whole.copy(0, length), 0, length), "at " + length);
    }
  }

  @Test
  void verifier_longerThanTheRfcAllows_isNotPassedOver() {
    int[] words = new int[6 + 101];
    words[1] = 1;
    words[4] = 400;
    assertSame(Reply.Form.RESULTS, read(words));
    words[4] = 401;
    assertSame(Reply.Form.TRUNCATED, read(words));
    words[4] = -1;
    assertSame(Reply.Form.TRUNCATED, read(words));
  }
}
