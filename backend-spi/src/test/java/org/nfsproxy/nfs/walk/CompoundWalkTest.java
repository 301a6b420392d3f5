package org.nfsproxy.nfs.walk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.nfs.CompoundBuilder.callback;
import static org.nfsproxy.nfs.CompoundBuilder.compound;
import static org.nfsproxy.nfs.walk.GoldenOperation.HANDLE_128;
import static org.nfsproxy.nfs.walk.GoldenOperation.HANDLE_13;
import static org.nfsproxy.nfs.walk.GoldenOperation.HANDLE_28;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledHeapByteBuf;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Records;
import org.nfsproxy.nfs.XdrBytes;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Nfs4Callback;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.rpc.Call;

/** What a COMPOUND as a whole may be; each of its operations is in {@link GoldenOperationsTest}. */
class CompoundWalkTest {
  private static final int OPERATIONS_MAX = 64;

  private final CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();

  private Outcome walk(byte[] arguments) {
    return walk.walk(Unpooled.wrappedBuffer(arguments), 0, arguments.length, OPERATIONS_MAX);
  }

  private Outcome walk(CompoundBuilder compound) {
    return walk(compound.bytes());
  }

  @Test
  void minorVersion_ofARecordCutAtAnyByte_isReadOrMissing() {
    for (String tag : new String[] {"", "abc", "trace", "twelve bytes"}) {
      byte[] message = Records.call(compound(tag, 2).putfh(HANDLE_28).bytes());
      Call call = new Call();
      call.read(Unpooled.wrappedBuffer(message), 0, message.length);
      int behindMinor = call.argumentsAt() + 4 + (tag.length() + 3) / 4 * 4 + 4;
      for (int length = 0; length <= message.length; length++) {
        ByteBuf cut = Unpooled.wrappedBuffer(message, 0, length);
        assertEquals(length < behindMinor ? -1 : 2, CompoundWalk.minorVersion(call, cut));
      }
    }
  }

  @Test
  void minorVersion_behindATagOfAnyLength_isNeverReadOutside() {
    for (int length : new int[] {-1, -4, Integer.MAX_VALUE, Integer.MIN_VALUE, 5}) {
      ByteBuf record =
          Unpooled.wrappedBuffer(Records.call(new XdrBytes<>().words(length, 1).bytes()));
      Call call = new Call();
      call.read(record, 0, record.writerIndex());
      assertEquals(-1, CompoundWalk.minorVersion(call, record), Integer.toHexString(length));
    }
  }

  @Test
  void minorVersion_ofNull_isMissing() {
    ByteBuf nothing = Unpooled.wrappedBuffer(new byte[48]).setInt(12, 100003).setInt(16, 4);
    nothing.setInt(8, 2);
    Call call = new Call();
    assertEquals(Call.Form.CALL, call.read(nothing, 0, 48));
    assertEquals(-1, CompoundWalk.minorVersion(call, nothing));
  }

  @Test
  void walk_openOfLinuxClient_isSeenOperationByOperation() {
    byte[] bytes =
        compound("trace", 1)
            .sequence(0)
            .putfh(HANDLE_28)
            .open(1, 0)
            .nocreate()
            .claimNull("motd")
            .getfh()
            .access(0x2d)
            .getattr(0x18, 0x30)
            .bytes();
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);

    assertEquals(Outcome.WHOLE, walk(bytes));

    assertEquals(1, walk.minorVersion());
    assertEquals(6, walk.count());
    assertEquals(6, walk.announced());
    assertEquals("trace", buffer.toString(walk.tagAt(), walk.tagLength(), UTF_8));
    assertEquals(6, buffer.getInt(walk.countAt()));
    assertTrue(walk.isInSession());
    Nfs4[] rows = {Nfs4.SEQUENCE, Nfs4.PUTFH, Nfs4.OPEN, Nfs4.GETFH, Nfs4.ACCESS, Nfs4.GETATTR};
    for (int i = 0; i < rows.length; i++) {
      assertSame(rows[i], walk.operation(i));
      assertEquals(rows[i].number(), buffer.getInt(walk.at(i)));
      assertEquals(i == 0 ? walk.countAt() + 4 : walk.end(i - 1), walk.at(i));
      assertFalse(walk.writes(i));
    }
    assertEquals(Filehandle.of(HANDLE_28), handle(buffer, 1));
    assertEquals("motd", buffer.toString(walk.nameAt(2), walk.nameLength(2), UTF_8));
    assertEquals(-1, walk.handleAt(0));
    assertEquals(0, walk.handleLength(0));
    assertEquals(-1, walk.nameAt(0));
    assertEquals(bytes.length, walk.end());
  }

  private Filehandle handle(ByteBuf buffer, int i) {
    return Filehandle.copy(buffer, walk.handleAt(i), walk.handleLength(i));
  }

  @Test
  void walk_severalHandles_eachIsFoundAtItsOperation() {
    byte[] bytes =
        compound(0).putfh(HANDLE_13).savefh().putfh(HANDLE_128).rename("a", "bb").bytes();

    assertEquals(Outcome.WHOLE, walk(bytes));

    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
    assertEquals(Filehandle.of(HANDLE_13), handle(buffer, 0));
    assertEquals(Filehandle.of(HANDLE_128), handle(buffer, 2));
    assertEquals("a", buffer.toString(walk.nameAt(3), walk.nameLength(3), UTF_8));
    assertTrue(walk.writes(3));
    assertFalse(walk.isInSession());
  }

  @Test
  void walk_secondCall_knowsNothingOfTheFirst() {
    walk(compound(0).putfh(HANDLE_28).open(2, 0).unchecked().claimNull("name").renew());
    assertEquals(Outcome.WHOLE, walk(compound(0).getfh().getfh()));
    for (int i = 0; i < 2; i++) {
      assertEquals(-1, walk.handleAt(i));
      assertEquals(-1, walk.nameAt(i));
      assertFalse(walk.writes(i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> walk.operation(2));
    assertThrows(IndexOutOfBoundsException.class, () -> walk.handleAt(2));
    assertThrows(IndexOutOfBoundsException.class, () -> walk.at(-1));
  }

  @Test
  void walk_noOperations_isWhole() {
    byte[] bytes = compound(0).bytes();
    assertEquals(Outcome.WHOLE, walk(bytes));
    assertEquals(0, walk.count());
    assertEquals(bytes.length, walk.end());
    assertFalse(walk.isInSession());
  }

  @Test
  void walk_bytesBehindTheLastOperation_areLetPass() {
    CompoundBuilder compound = compound(0).putrootfh().getfh();
    int end = compound.length();
    assertEquals(Outcome.WHOLE, walk(compound.words(38, 38).fixed(3, 1)));
    assertEquals(2, walk.count());
    assertEquals(end, walk.end());
  }

  @Test
  void walk_argumentsInTheMiddleOfARecord_indicesAreTheBuffers() {
    byte[] arguments = compound(2).putfh(HANDLE_28).seek().bytes();
    ByteBuf buffer = Unpooled.buffer().writeZero(40).writeBytes(arguments).writeZero(8);
    buffer.skipBytes(4);
    assertEquals(Outcome.WHOLE, walk.walk(buffer, 40, 40 + arguments.length, OPERATIONS_MAX));
    assertEquals(Filehandle.of(HANDLE_28), handle(buffer, 0));
    assertEquals(40 + arguments.length, walk.end());
    assertEquals(4, buffer.readerIndex());
  }

  @Test
  void walk_numbersWithoutRow_stopTheWalkThere() {
    for (int number : new int[] {0, 1, 2, 76, 77, 10044, 0x7fffffff, 0x80000000, -1}) {
      assertEquals(
          Outcome.UNKNOWN_OPERATION,
          walk(compound(2).putrootfh().lookup("x").op(number).remove("y")));
      assertEquals(2, walk.count());
      assertEquals(4, walk.announced());
      assertEquals(number, walk.unknownNumber());
      assertSame(Nfs4.LOOKUP, walk.operation(1));
    }
  }

  @Test
  void walk_operationNewerThanTheMinorVersion_isUnknown() {
    assertEquals(Outcome.UNKNOWN_OPERATION, walk(compound(0).sequence(0)));
    assertEquals(Outcome.UNKNOWN_OPERATION, walk(compound(1).sequence(0).allocate()));
    assertEquals(1, walk.count());
    assertEquals(59, walk.unknownNumber());
    assertEquals(Outcome.WHOLE, walk(compound(2).sequence(0).allocate()));
    assertEquals(Outcome.WHOLE, walk(compound(2).renew()));
  }

  @Test
  void walk_minorVersionOfTheFuture_isUnknownAndNotLookedInto() {
    for (int minorVersion : new int[] {3, 77, 0x7fffffff, 0x80000000, -1}) {
      assertEquals(Outcome.UNKNOWN_MINOR, walk(compound(minorVersion).sequence(0)));
      assertEquals(minorVersion, walk.minorVersion());
      assertEquals(0, walk.count());
      assertEquals(1, walk.announced());
    }
  }

  @Test
  void walk_moreOperationsThanAllowed_noneIsLookedAt() {
    CompoundBuilder compound = compound(0);
    for (int i = 0; i < OPERATIONS_MAX; i++) {
      compound.getfh();
    }
    assertEquals(Outcome.WHOLE, walk(compound));
    assertEquals(OPERATIONS_MAX, walk.count());
    assertSame(Nfs4.GETFH, walk.operation(OPERATIONS_MAX - 1));
    assertEquals(Outcome.TOO_MANY_OPERATIONS, walk(compound.getfh()));
    assertEquals(0, walk.count());
    assertEquals(OPERATIONS_MAX + 1, walk.announced());
  }

  @Test
  void walk_countOfFourBillion_isTooManyAndCostsNothing() {
    byte[] bytes = new XdrBytes<>().text("").words(0, -1).bytes();
    assertEquals(Outcome.TOO_MANY_OPERATIONS, walk(bytes));
  }

  @Test
  void walk_countBeyondTheRecord_isGarbageAfterTheOperationsThatAreThere() {
    byte[] bytes = new XdrBytes<>().text("").words(0, 60, 24, 10).bytes();
    assertEquals(Outcome.GARBAGE, walk(bytes));
    assertEquals(2, walk.count());
    assertSame(Nfs4.GETFH, walk.operation(1));
  }

  @Test
  void walk_tag_isBounded() {
    assertEquals(Outcome.WHOLE, walk(compound("t".repeat(1024), 0).getfh()));
    assertEquals(1024, walk.tagLength());
    assertEquals(Outcome.GARBAGE, walk(compound("t".repeat(1025), 0).getfh()));
    assertEquals(0, walk.count());
  }

  @Test
  void walk_filehandle_isBounded() {
    assertEquals(Outcome.WHOLE, walk(compound(0).putfh(new byte[128])));
    assertEquals(Outcome.GARBAGE, walk(compound(0).putfh(new byte[129])));
  }

  @Test
  void walk_owner_isBounded() {
    assertEquals(Outcome.WHOLE, walk(compound(0).setclientid("i".repeat(1024))));
    assertEquals(Outcome.GARBAGE, walk(compound(0).setclientid("i".repeat(1025))));
  }

  @Test
  void walk_discriminantWithoutArm_isGarbage() {
    assertEquals(Outcome.GARBAGE, walk(compound(0).open(1, 0).nocreate().word(7).text("f")));
    assertEquals(Outcome.GARBAGE, walk(compound(0).open(1, 0).words(1, 4).attributes()));
    assertEquals(
        Outcome.GARBAGE, walk(compound(1).createSession().word(1).word(5).word(0).word(0)));
    assertEquals(Outcome.GARBAGE, walk(compound(2).copyNotify().word(4).text("host")));
    // A boolean of 2 is true for some servers and garbage for others: we do not guess.
    assertEquals(
        Outcome.GARBAGE,
        walk(compound(0).op(12).words(2, 0).hyper(0).hyper(1).word(2).word(4).fixed(64, 0)));
  }

  @Test
  void walk_callback_hasItsIdentAndItsHandle() {
    CompoundWalk<Nfs4Callback> callbacks = CompoundWalk.ofCallbacks();
    byte[] bytes = callback(1).cbSequence(1).cbRecall(HANDLE_28).bytes();
    ByteBuf buffer = Unpooled.wrappedBuffer(bytes);

    assertEquals(Outcome.WHOLE, callbacks.walk(buffer, 0, bytes.length, OPERATIONS_MAX));

    assertTrue(callbacks.isInSession());
    assertEquals(0x1de47, callbacks.callbackIdent());
    assertSame(Nfs4Callback.CB_RECALL, callbacks.operation(1));
    assertEquals(
        Filehandle.of(HANDLE_28),
        Filehandle.copy(buffer, callbacks.handleAt(1), callbacks.handleLength(1)));
  }

  @Test
  void walk_writeOfOneMegabyte_payloadIsNotTouched() {
    int megabyte = 1 << 20;
    byte[] head = compound(1).sequence(0).putfh(HANDLE_28).write(0, new byte[0]).getattr(3).bytes();
    // The head ends behind the payload's length; GETATTR (op, bitmap of one word) is the tail.
    int tail = 12;
    ByteBuf lengthOfPayload = Unpooled.wrappedBuffer(head, 0, head.length - tail);
    lengthOfPayload.setInt(head.length - tail - 4, megabyte);
    CompositeByteBuf record = new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 4);
    record.addComponent(true, lengthOfPayload);
    record.addComponent(true, new Untouchable(megabyte));
    record.addComponent(true, Unpooled.wrappedBuffer(head, head.length - tail, tail));

    assertEquals(Outcome.WHOLE, walk.walk(record, 0, record.writerIndex(), OPERATIONS_MAX));

    assertEquals(4, walk.count());
    assertSame(Nfs4.GETATTR, walk.operation(3));
    assertEquals(record.writerIndex(), walk.end());
    assertThrows(AssertionError.class, () -> record.getInt(head.length));
  }

  /** Bytes that nobody may read. */
  private static final class Untouchable extends UnpooledHeapByteBuf {
    Untouchable(int length) {
      super(UnpooledByteBufAllocator.DEFAULT, length, length);
      writerIndex(length);
    }

    @Override
    public byte getByte(int index) {
      throw new AssertionError("payload read at " + index);
    }

    @Override
    public int getInt(int index) {
      throw new AssertionError("payload read at " + index);
    }

    @Override
    public long getLong(int index) {
      throw new AssertionError("payload read at " + index);
    }
  }

  @Test
  void handles_ofTheGoldenOperations_haveTheLengthsTheySay() {
    assertArrayEquals(
        new int[] {28, 128, 13}, new int[] {HANDLE_28.length, HANDLE_128.length, HANDLE_13.length});
  }

  @Test
  void parts_ofCallsThatAreRewritten_areFound() {
    CompoundBuilder compound = CompoundBuilder.compound(2);
    compound.exchangeId("Linux NFSv4.1 host").protectNone().noImplementation();
    compound.setclientid("Linux NFSv4.0 host").copy().word(0);
    compound.copy().word(2).serverByName("a.example.org").serverByAddress();
    byte[] bytes = compound.copyNotify().serverByUrl("nfs://b").bytes();
    ByteBuf buffer = Unpooled.buffer().writeZero(28).writeBytes(bytes);
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();

    assertEquals(Outcome.WHOLE, walk.walk(buffer, 28, buffer.writerIndex(), 64));

    assertEquals("Linux NFSv4.1 host", text(walk, buffer, 0, Part.OWNER));
    assertEquals(0x101, buffer.getInt(walk.parts().at(walk.find(0, Part.EXCHANGE_FLAGS))));
    assertEquals("Linux NFSv4.0 host", text(walk, buffer, 1, Part.OWNER));
    assertEquals(-1, walk.find(2, Part.SERVER));
    assertEquals("a.example.org", text(walk, buffer, 3, Part.SERVER));
    assertEquals("nfs://b", text(walk, buffer, 4, Part.SERVER));
    assertEquals(6, walk.parts().count());
    walk.walk(buffer, 28, buffer.writerIndex() - 1, 64);
    assertEquals(5, walk.parts().count());
    walk.walk(buffer, 28, 29, 64);
    assertEquals(0, walk.parts().count());
  }

  private static String text(CompoundWalk<?> walk, ByteBuf buffer, int operation, Part part) {
    int i = walk.find(operation, part);
    return buffer.toString(walk.parts().at(i), walk.parts().length(i), UTF_8);
  }
}
