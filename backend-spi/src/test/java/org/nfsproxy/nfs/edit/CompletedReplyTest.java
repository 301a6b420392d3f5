package org.nfsproxy.nfs.edit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;

class CompletedReplyTest {
  private static final int ROFS = 30;

  private final CompletedReply completed = new CompletedReply();

  private static ResultBuilder origin() {
    return ResultBuilder.compound("remove")
        .result(53, 0)
        .session()
        .words(12, 3, 63, 63, 0)
        .result(22, 0);
  }

  @Test
  void complete_remove_isTheReplyOfAnOriginThatRefuses() {
    for (int verifierBytes : new int[] {0, 37}) {
      ByteBuf record = Records.record(Records.reply(verifierBytes, origin().bytes()));
      ByteBuf reply = completed.complete(record, 2, Nfs4.REMOVE, ROFS);
      byte[] expected = Records.reply(verifierBytes, origin().result(28, ROFS).bytes());
      Records.assertRecord(expected, reply, record);
    }
  }

  @Test
  void complete_setattr_hasItsBitmap() {
    ByteBuf record = Records.record(Records.reply(0, origin().bytes()));
    ByteBuf reply = completed.complete(record, 2, Nfs4.SETATTR, ROFS);
    byte[] expected = Records.reply(0, origin().result(34, ROFS).word(0).bytes());
    Records.assertRecord(expected, reply, record);
  }

  @ParameterizedTest
  @EnumSource(Nfs4.class)
  void complete_anyOperation_isAReplyThatClientsCanRead(Nfs4 refused) {
    ByteBuf record = Records.record(Records.reply(0, origin().bytes()));
    ByteBuf reply = completed.complete(record, 2, refused, 13);
    CompoundReplyWalk walk = new CompoundReplyWalk();
    int resultsAt = reply.readerIndex() + 4 + 24;
    assertEquals(Outcome.WHOLE, walk.walk(reply, resultsAt, reply.writerIndex(), 64));
    assertEquals(reply.writerIndex(), walk.end());
    assertEquals(3, walk.count());
    assertSame(refused, walk.operation(2));
    assertEquals(13, walk.status());
    assertEquals(13, walk.status(2));
    reply.release();
  }

  @Test
  void complete_bytesBehindTheResults_areDropped() {
    ByteBuf record = Records.record(Records.reply(0, origin().word(0).bytes()));
    ByteBuf reply = completed.complete(record, 2, Nfs4.REMOVE, ROFS);
    byte[] expected = Records.reply(0, origin().result(28, ROFS).bytes());
    Records.assertRecord(expected, reply, record);
  }

  @Test
  void complete_noneForwardedButAnswered_isTheRefusalAlone() {
    ByteBuf record = Records.record(Records.reply(0, ResultBuilder.compound("t").bytes()));
    ByteBuf reply = completed.complete(record, 0, Nfs4.PUTFH, 13);
    byte[] expected = Records.reply(0, ResultBuilder.compound("t").result(22, 13).bytes());
    Records.assertRecord(expected, reply, record);
  }

  private void assertUntouched(byte[] message) {
    ByteBuf record = Records.record(message);
    ByteBuf reply = completed.complete(record, 2, Nfs4.REMOVE, ROFS);
    assertSame(record, reply);
    int at = reply.readerIndex() + 4;
    assertArrayEquals(message, ByteBufUtil.getBytes(reply, at, message.length));
    reply.release();
  }

  @Test
  void complete_failureAtTheOrigin_isForwardedAsItIs() {
    assertUntouched(Records.reply(0, ResultBuilder.compound("").result(53, 10008).bytes()));
    ResultBuilder stale = ResultBuilder.compound("").result(53, 0).session();
    assertUntouched(Records.reply(0, stale.words(12, 3, 63, 63, 0).result(22, 70).bytes()));
  }

  @Test
  void complete_otherThanAskedFor_isForwardedAsItIs() {
    assertUntouched(Records.reply(0, ResultBuilder.compound("").result(24, 0).bytes()));
    assertUntouched(Records.reply(0, origin().result(24, 0).bytes()));
    // PROG_UNAVAIL; AUTH_ERROR; a call; too short for anything
    assertUntouched(new XdrBytes<>().words(1, 1, 0, 0, 0, 1).bytes());
    assertUntouched(new XdrBytes<>().words(1, 1, 1, 1, 13).bytes());
    assertUntouched(Records.call(CompoundBuilder.compound(1).sequence(3).bytes()));
    assertUntouched(new byte[4]);
  }

  static IntStream lengths() {
    return IntStream.range(0, Records.reply(0, origin().bytes()).length);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void complete_cutAtEveryByte_isForwardedAsItIs(int length) {
    assertUntouched(Arrays.copyOf(Records.reply(0, origin().bytes()), length));
  }
}
