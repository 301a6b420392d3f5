package org.nfsproxy.backend.nfs.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.xdr.XdrWriter;

// The clock is the embedded channel's, and stands still unless a test moves it.
class DelayRepeatsTest {
  private static final int DELAY = 10008;
  private static final int GSS = 6;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<byte[]> atOrigin = new ArrayList<>();
  private final List<byte[]> atClient = new ArrayList<>();
  private DelayBounds bounds = new DelayBounds(15_000, 1 << 20);
  private DelayRepeats repeats = repeats();

  DelayRepeatsTest() {
    channel.freezeTime();
  }

  private DelayRepeats repeats() {
    return new DelayRepeats(bounds, channel.eventLoop(), keep(atOrigin), keep(atClient));
  }

  private static java.util.function.Consumer<ByteBuf> keep(List<byte[]> list) {
    return bytes -> {
      list.add(ByteBufUtil.getBytes(bytes));
      bytes.release();
    };
  }

  @AfterEach
  void nothingIsKept_afterTheEnd() {
    repeats.close();
    assertEquals(0, bounds.keptBytes());
    channel.close();
  }

  private static ByteBuf record(ByteBuf message) {
    ByteBuf record = Unpooled.buffer();
    record.writeInt(0x8000_0000 | message.readableBytes()).writeBytes(message);
    message.release();
    return record;
  }

  private static ByteBuf call(int xid, int flavor, int minorVersion, int payload) {
    ByteBuf message = Unpooled.buffer();
    XdrWriter out = new XdrWriter(message);
    out.int32(xid).int32(0).int32(2).int32(100003).int32(4).int32(1);
    out.int32(flavor).opaque(new byte[8]).int32(0).int32(0);
    out.string("tag").int32(minorVersion).int32(1).int32(53).fixed(new byte[32]);
    out.fixed(new byte[payload]);
    return record(message);
  }

  /** A COMPOUND's reply with one result, SEQUENCE's unless told otherwise. */
  private static ByteBuf reply(int xid, int operation, int status, int... more) {
    ByteBuf message = Unpooled.buffer();
    XdrWriter out = new XdrWriter(message);
    out.int32(xid).int32(1).int32(0).int32(0).int32(0).int32(0);
    out.int32(status).string("tag").int32(1 + more.length / 2).int32(operation).int32(status);
    for (int word : more) {
      out.int32(word);
    }
    return record(message);
  }

  private void send(ByteBuf record) {
    Call call = new Call();
    call.read(record, 4, record.writerIndex());
    repeats.sent(call, record);
    record.release();
  }

  private void advance(int millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void delayOfSequence_isRepeatedToTheOrigin_untilThereIsAnotherAnswer() {
    byte[] sent = ByteBufUtil.getBytes(call(7, 1, 1, 1000));
    send(Unpooled.wrappedBuffer(sent));
    for (int round = 1; round <= 5; round++) {
      repeats.received(reply(7, 53, DELAY));
      assertEquals(List.of(), atClient);
      advance(500);
      assertEquals(round, atOrigin.size());
      assertArrayEquals(sent, atOrigin.get(round - 1));
    }
    byte[] answer = ByteBufUtil.getBytes(reply(7, 53, 0, 1, 2, 3));
    repeats.received(Unpooled.wrappedBuffer(answer));
    assertArrayEquals(answer, atClient.get(0));
    assertEquals(1L, bounds.counts().get("callsDelayed"));
    assertEquals(5L, bounds.counts().get("delayRepeats"));
    assertEquals(0L, bounds.counts().get("delaysTold"));
    assertEquals(0, bounds.keptBytes());
  }

  @Test
  void firstRepeat_comesAfterTwentyMillis() {
    send(call(7, 1, 1, 0));
    repeats.received(reply(7, 53, DELAY));
    advance(19);
    assertEquals(0, atOrigin.size());
    advance(1);
    assertEquals(1, atOrigin.size());
  }

  private boolean needsWhole(ByteBuf record) {
    Call call = new Call();
    call.read(record, 4, record.writerIndex());
    boolean needs = repeats.needsWhole(call, record);
    record.release();
    return needs;
  }

  @Test
  void longCallOfASession_isNeededWhole_whileItMayBeKept() {
    repeats.connected();
    assertTrue(needsWhole(call(7, 1, 1, 100_000)));
    assertFalse(needsWhole(call(7, 1, 0, 100_000)), "4.0 has no sessions");
    assertFalse(needsWhole(call(7, GSS, 1, 100_000)));
    assertFalse(needsWhole(call(7, 1, 1, 2 << 20)), "there is no room for it");
    advance(5_000);
    assertFalse(needsWhole(call(7, 1, 1, 100_000)));
  }

  // A repeat in the midst of another call's record would be a part of that record.
  @Test
  void anyLongCall_isNeededWhole_whileAnotherMayBeRepeated() {
    repeats.connected();
    send(call(7, 1, 1, 0));
    assertTrue(needsWhole(call(8, 1, 0, 100_000)));
    repeats.received(reply(7, 53, DELAY));
    advance(5_000);
    assertTrue(needsWhole(call(9, 1, 1, 100_000)));
    repeats.received(reply(7, 53, 0));
    assertFalse(needsWhole(call(9, 1, 1, 100_000)));
  }

  @Test
  void client_isToldInTheEnd() {
    send(call(7, 1, 1, 0));
    int rounds = 0;
    while (atClient.isEmpty()) {
      repeats.received(reply(7, 53, DELAY));
      advance(500);
      rounds++;
      assertTrue(rounds < 100, "it goes on for ever");
    }
    assertArrayEquals(ByteBufUtil.getBytes(reply(7, 53, DELAY)), atClient.get(0));
    assertEquals(1L, bounds.counts().get("delaysTold"));
    assertTrue(rounds < 60, rounds + " repeats");
    assertEquals(0, bounds.keptBytes());
  }

  @Test
  void otherAnswers_pass() {
    for (ByteBuf answer :
        List.of(
            reply(7, 53, 10052), // another failure of SEQUENCE
            reply(7, 53, 0, 22, DELAY), // SEQUENCE went well, the next one got DELAY
            reply(7, 22, DELAY), // not SEQUENCE
            reply(8, 53, DELAY))) { // nobody's
      send(call(7, 1, 1, 0));
      atClient.clear();
      byte[] bytes = ByteBufUtil.getBytes(answer);
      repeats.received(answer);
      assertArrayEquals(bytes, atClient.get(0));
    }
    advance(1000);
    assertEquals(List.of(), atOrigin);
  }

  @Test
  void gssAndMinorVersionZero_areNotKept() {
    send(call(7, GSS, 1, 0));
    send(call(8, 1, 0, 0));
    assertEquals(0, bounds.keptBytes());
    repeats.received(reply(7, 53, DELAY));
    repeats.received(reply(8, 53, DELAY));
    assertEquals(2, atClient.size());
  }

  @Test
  void callsBeyondTheBound_areNotKept_andTheirClientsAreTold() {
    bounds = new DelayBounds(15_000, 2000);
    repeats = repeats();
    send(call(1, 1, 1, 1000));
    send(call(2, 1, 1, 1000));
    repeats.received(reply(2, 53, DELAY));
    assertEquals(1, atClient.size());
    repeats.received(reply(1, 53, DELAY));
    assertEquals(1, atClient.size());
  }

  @Test
  void sameCallTwice_isKeptOnce() {
    send(call(1, 1, 1, 1000));
    long once = bounds.keptBytes();
    send(call(1, 1, 1, 1000));
    assertEquals(once, bounds.keptBytes());
  }

  @Test
  void grownConnection_keepsNothing_andGoesOnWithout() {
    repeats.connected();
    send(call(1, 1, 1, 0));
    send(call(2, 1, 1, 0));
    repeats.received(reply(2, 53, DELAY));
    advance(DelayRepeats.YOUNG_MILLIS);
    send(call(3, 1, 1, 0));
    assertFalse(repeats.isOver(), "a call is still repeated");
    assertEquals(1, atOrigin.size());
    repeats.received(reply(1, 53, DELAY));
    repeats.received(reply(3, 53, DELAY));
    assertEquals(2, atClient.size());
    repeats.received(reply(2, 53, 0, 1, 2));
    assertTrue(repeats.isOver());
  }

  @Test
  void endedConnection_repeatsNothing() {
    send(call(1, 1, 1, 0));
    repeats.received(reply(1, 53, DELAY));
    repeats.close();
    advance(1000);
    send(call(2, 1, 1, 0));
    assertEquals(List.of(), atOrigin);
    assertEquals(0, bounds.keptBytes());
  }
}
