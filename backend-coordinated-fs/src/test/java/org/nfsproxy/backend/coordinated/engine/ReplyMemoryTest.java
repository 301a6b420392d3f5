package org.nfsproxy.backend.coordinated.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReplyMemoryTest {
  private static final int PIECE = 256 << 10;
  private static final int LARGE = 100 << 10;

  private final ReplyMemory memory = new ReplyMemory(PIECE, 2 * PIECE + 1);

  @AfterEach
  void close() {
    memory.close();
  }

  private List<ByteBuf> take(int count) {
    List<ByteBuf> taken = new ArrayList<>();
    for (int at = 0; at < count; at++) {
      taken.add(memory.buffer(LARGE));
    }
    return taken;
  }

  private static void release(List<ByteBuf> taken) {
    taken.forEach(reply -> assertTrue(reply.release()));
  }

  @Test
  void largeReply_released_isTheNextOnesMemory() {
    ByteBuf first = memory.buffer(LARGE);
    assertEquals(0, first.writerIndex());
    assertEquals(PIECE, first.capacity());
    long address = first.memoryAddress();
    first.writeInt(0x01020304);
    assertEquals(0, memory.keptBytes());
    first.release();
    assertEquals(PIECE, memory.keptBytes());
    ByteBuf second = memory.buffer(PIECE);
    assertEquals(address, second.memoryAddress());
    assertEquals(0, second.readableBytes());
    assertEquals(0, memory.keptBytes());
    ByteBuf third = memory.buffer(LARGE);
    assertNotEquals(address, third.memoryAddress(), "the second is still being used");
    release(List.of(second, third));
  }

  @Test
  void largeReply_writtenByAddress_isReadByIndex() {
    ByteBuf reply = memory.buffer(LARGE);
    reply.writeInt(0x01020304).writeLong(5);
    assertEquals(1, reply.nioBuffer().get(0));
    assertEquals(0x01020304, reply.internalNioBuffer(0, 4).getInt());
    ByteBuf sent = reply.retainedSlice(4, 8);
    assertTrue(sent.hasMemoryAddress());
    assertEquals(reply.memoryAddress() + 4, sent.memoryAddress());
    reply.release();
    assertEquals(0, memory.keptBytes(), "a part is still to be sent");
    assertEquals(5, sent.readLong());
    sent.release();
    assertEquals(PIECE, memory.keptBytes());
  }

  @Test
  void replies_moreThanTheBound_areNotKept() {
    release(take(5));
    assertEquals(2 * PIECE, memory.keptBytes());
    try (ReplyMemory none = new ReplyMemory(PIECE, PIECE - 1)) {
      none.buffer(LARGE).release();
      assertEquals(0, none.keptBytes());
    }
  }

  @Test
  void tidy_letsGoOfWhatWasNotTouchedSinceTheLast() {
    release(take(2));
    memory.tidy();
    assertEquals(2 * PIECE, memory.keptBytes(), "both were used just now");
    release(take(1));
    memory.tidy();
    assertEquals(PIECE, memory.keptBytes(), "one was");
    memory.tidy();
    assertEquals(0, memory.keptBytes(), "none was");
    memory.tidy();
    release(take(1));
    assertEquals(PIECE, memory.keptBytes());
  }

  @Test
  void tidy_whileRepliesAreOnTheirWay_keepsTheirMemoryWhenTheyComeBack() {
    release(take(2));
    List<ByteBuf> onTheirWay = take(2);
    memory.tidy();
    release(onTheirWay);
    memory.tidy();
    assertEquals(2 * PIECE, memory.keptBytes());
  }

  @Test
  void reply_growingBeyondItsPiece_movesOut_andGivesThePieceBack() {
    ByteBuf reply = memory.buffer(LARGE);
    reply.writeInt(7).writeZero(PIECE - 4);
    long address = reply.memoryAddress();
    reply.writeInt(8);
    assertFalse(reply.hasMemoryAddress() && reply.memoryAddress() == address);
    assertEquals(7, reply.getInt(0));
    assertEquals(8, reply.getInt(PIECE));
    assertTrue(reply.release());
    assertEquals(PIECE, memory.keptBytes());
    ByteBuf next = memory.buffer(LARGE);
    assertEquals(address, next.memoryAddress());
    next.release();
  }

  @Test
  void replies_smallOrLargerThanAPiece_areNoPieces() {
    for (int bytes : new int[] {100, 64 << 10, PIECE + 1}) {
      ByteBuf reply = memory.buffer(bytes);
      assertTrue(reply.capacity() >= bytes && reply.isDirect());
      reply.release();
    }
    ByteBuf bounded = memory.buffer(LARGE, LARGE);
    assertEquals(LARGE, bounded.maxCapacity());
    assertEquals(LARGE, bounded.capacity());
    bounded.release();
    ByteBuf onHeap = memory.heapBuffer(LARGE);
    assertTrue(onHeap.hasArray());
    onHeap.release();
    assertEquals(0, memory.keptBytes());
  }

  @Test
  void closed_keepsNothing_andTakesBackWhatIsStillOnItsWay() {
    List<ByteBuf> taken = take(2);
    release(take(1));
    memory.close();
    assertEquals(0, memory.keptBytes());
    taken.get(0).writeInt(1);
    release(taken);
    assertEquals(0, memory.keptBytes());
  }
}
