package org.nfsproxy.nfs.edit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.Call;

class CutCallTest {
  private final Call call = new Call();
  private final CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();

  private ByteBuf read(CompoundBuilder compound) {
    ByteBuf record = Records.record(Records.call(compound.bytes()));
    call.read(record, record.readerIndex() + 4, record.writerIndex());
    walk.walk(record, call.argumentsAt(), call.end(), 64);
    return record;
  }

  private static CompoundBuilder begin() {
    return CompoundBuilder.compound("write", 1);
  }

  @Test
  void cut_atEachOperation_isTheCallOfThoseBefore() {
    byte[] handle = "a handle".getBytes(UTF_8);
    CompoundBuilder[] expected = {
      begin(),
      begin().sequence(3),
      begin().sequence(3).putfh(handle),
      begin().sequence(3).putfh(handle).write(0, new byte[70001]),
      begin().sequence(3).putfh(handle).write(0, new byte[70001]).getattr(1, 2)
    };
    for (int operations = 0; operations < expected.length; operations++) {
      ByteBuf record = read(expected[4]);
      ByteBuf cut = CutCall.cut(record, walk, operations);
      Records.assertRecord(Records.call(expected[operations].bytes()), cut, record);
    }
  }

  // What is behind the last operation that is understood is what must not reach the origin.
  @Test
  void cut_beforeAnUnknownOperation_isTheCallOfThoseBefore() {
    ByteBuf record = read(begin().sequence(3).putrootfh().op(9999).word(7).remove("x"));
    assertEquals(2, walk.count());
    ByteBuf cut = CutCall.cut(record, walk, walk.count());
    Records.assertRecord(Records.call(begin().sequence(3).putrootfh().bytes()), cut, record);
  }

  @Test
  void cut_behindWhatWasFound_isRefused() {
    ByteBuf record = read(begin().sequence(3));
    assertThrows(IndexOutOfBoundsException.class, () -> CutCall.cut(record, walk, 2));
    record.release();
  }
}
