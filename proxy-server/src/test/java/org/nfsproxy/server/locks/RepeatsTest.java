package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What is kept for repeated calls is bounded by bytes, whatever is sent. */
class RepeatsTest {
  private static final int BYTES_MAX = 400_000;
  private static final Consumer<byte[]> NOBODY = reply -> {};

  private final AtomicLong now = new AtomicLong();
  private final Repeats repeats = new Repeats(BYTES_MAX, now::get);

  private static InetAddress client(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >>> 8), (byte) number});
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static ByteBuf call(int number, int length) {
    return Unpooled.buffer().writeInt(number).writeZero(length - 4);
  }

  private Repeats.Met met(int client, int call) {
    return repeats.meet(client(client), call(call, 5_000), NOBODY);
  }

  private boolean isKnown(int client, int call) {
    Repeats.Met met = met(client, call);
    if (met != null) {
      repeats.forget(met);
    }
    return met == null;
  }

  @Test
  void longCalls_ofManyClients_takeNoMoreThanTheBound_andTheLatestAreKnown() {
    for (int call = 0; call < 20_000; call++) {
      Repeats.Met met = met(call % 300, call);
      repeats.answered(met, new byte[2_000]);
      assertTrue(repeats.bytes() <= BYTES_MAX, repeats.bytes() + " after " + call);
    }
    assertTrue(isKnown(19_999 % 300, 19_999));
  }

  @Test
  void oneClient_hasAnEighth_andTakesNothingFromAnother() {
    repeats.answered(met(1, 1), new byte[40]);
    for (int call = 0; call < 5_000; call++) {
      repeats.answered(met(2, call), new byte[2_000]);
    }
    assertTrue(repeats.bytes() <= BYTES_MAX / Repeats.CLIENT_SHARE + 1_000);
    assertTrue(isKnown(1, 1));
  }

  @Test
  void call_withoutAReply_isNeverGivenUp_andItsReplyIsKeptWhenItComesLast() {
    Repeats.Met first = met(1, 0);
    for (int call = 1; call < 5_000; call++) {
      repeats.answered(met(1, call), new byte[100]);
    }
    List<byte[]> heard = new ArrayList<>();
    assertNull(repeats.meet(client(1), call(0, 5_000), heard::add), "it is under way");
    byte[] reply = new byte[1_000];
    repeats.answered(first, reply);
    assertArrayEquals(reply, heard.get(0));
    assertTrue(isKnown(1, 0));
  }

  @Test
  void callsOfOtherBytes_areOthers() {
    assertNotNull(repeats.meet(client(1), call(1, 100), NOBODY));
    assertNotNull(repeats.meet(client(1), call(1, 101), NOBODY));
    assertNotNull(repeats.meet(client(2), call(1, 100), NOBODY));
    assertNull(repeats.meet(client(1), call(1, 100), NOBODY));
  }

  @Test
  void answers_areForgottenInTime_alsoBehindACallThatIsUnderWay() {
    Repeats.Met slow = met(1, 0);
    repeats.answered(met(1, 1), new byte[100]);
    now.addAndGet(TimeUnit.SECONDS.toNanos(Repeats.REMEMBERED_SECONDS + 1));
    repeats.purge();
    assertEquals(Repeats.CALL_BYTES, repeats.bytes());
    repeats.forget(slow);
    assertEquals(0, repeats.bytes());
  }

  @Test
  void forgottenAnswers_leaveNothing() {
    repeats.answered(met(1, 1), new byte[100]);
    repeats.forgetAnswers(client(1));
    assertEquals(0, repeats.bytes());
    assertNotNull(met(1, 1));
  }
}
