package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.metrics.ConnectionMeter;

class OriginRepliesTest {
  private static final String REPLY_6 = "80000008" + "00000006" + "00000001";
  private static final String REPLY_7 = "8000000c" + "00000007" + "00000001" + "deadbeef";
  private static final String REPLY_8 = "80000008" + "00000008" + "00000001";
  private static final String CALLBACK_9 = "8000000c" + "00000009" + "00000000" + "00000002";

  private final Sink sink = new Sink();
  private final OriginReplies replies = replies(sink, 1024);

  private OriginReplies replies(Sink sink, int recordBytesMax) {
    return new OriginReplies(
        sink,
        new Source(),
        sink.openers,
        newMeter(),
        ImmediateEventExecutor.INSTANCE,
        recordBytesMax,
        2);
  }

  /** What counts; here nothing does. */
  ConnectionMeter newMeter() {
    return ConnectionMeter.of(null, null, 0);
  }

  @Test
  void chunkOfExpectedReplies_isPassedAsItIs() {
    expect(7, 8);
    write(REPLY_7 + REPLY_8);

    assertEquals(List.of(REPLY_7 + REPLY_8 + " end"), sink.passed);
    assertEquals(2, sink.answered);
    assertEquals(0, replies.callsInFlight());
  }

  @Test
  void replyToNobody_isCutOut_betweenOthers() {
    expect(7, 6);
    write(REPLY_7 + REPLY_8 + REPLY_6);

    assertEquals(List.of(REPLY_7 + " end", REPLY_6 + " end"), sink.passed);
    assertEquals(1, replies.repliesToNobody());
  }

  // Whoever carries calls keeps the second until the first has its reply.
  @Test
  void secondCallOfAnXidThatIsAwaited_isNotCarried() {
    sink.opener = record -> record;
    expect(7);
    sink.opener = null;
    assertThrows(IllegalStateException.class, () -> expect(7));
    write(REPLY_7);

    assertEquals(List.of(REPLY_7), sink.opened);
    expect(7);
    write(REPLY_7);
    assertEquals(REPLY_7, sink.text());
  }

  // What a judge wants belongs to the call, and the call to the way it went.
  @Test
  void replyByAnotherWay_isDropped_andOpensNothing() {
    OriginReplies otherWay = replies(sink, 1024);
    sink.opener = record -> record;
    expect(7);
    otherWay.write(bytes(REPLY_7));

    assertEquals(List.of(), sink.opened);
    assertEquals(1, otherWay.repliesToNobody());
    write(REPLY_7);
    assertEquals(List.of(REPLY_7), sink.opened);
  }

  @Test
  void secondReplyToOneCall_isDropped() {
    expect(7);
    write(REPLY_7 + REPLY_7);

    assertEquals(REPLY_7, sink.text());
    assertEquals(1, replies.repliesToNobody());
  }

  @Test
  void anyStream_splitAtEveryByte_passesTheSameBytes() {
    String fragmented =
        "00000000"
            + "00000003"
            + "000000"
            + "00000001"
            + "07"
            + "00000005"
            + "0000000199"
            + "80000000";
    String stream = REPLY_8 + fragmented + REPLY_7 + REPLY_8 + CALLBACK_9;
    String wanted = REPLY_8 + fragmented + CALLBACK_9;
    for (int split = 0; split <= stream.length() / 2; split++) {
      Sink each = new Sink();
      OriginReplies splitReplies = replies(each, 1024);
      expect(splitReplies, each, 8);
      expect(splitReplies, each, 7);
      splitReplies.write(bytes(stream.substring(0, 2 * split)));
      splitReplies.write(bytes(stream.substring(2 * split)));
      assertNull(each.brokenWhy);
      assertEquals(wanted, each.text(), "split behind byte " + split);
      assertTrue(each.endsRecord);
    }
  }

  @Test
  void anyStream_oneByteAtATime_passesTheSameBytes() {
    expect(7, 8);
    for (String octet : (REPLY_7 + REPLY_8 + REPLY_7).split("(?<=\\G..)")) {
      write(octet);
    }

    assertEquals(REPLY_7 + REPLY_8, sink.text());
  }

  @Test
  void longReply_isPassedBeforeItHasEnded() {
    expect(7);
    write("80000100" + "00000007" + "00000001" + "aabb");

    assertEquals("80000100" + "00000007" + "00000001" + "aabb", sink.text());
    assertFalse(sink.endsRecord);
  }

  @Test
  void callback_isPassed_andItsAnswerIsKnownOnce() {
    write(CALLBACK_9);

    assertEquals(CALLBACK_9, sink.text());
    assertTrue(replies.callbackAnswered(9));
    assertFalse(replies.callbackAnswered(9));
  }

  @Test
  void callbackThatIsAwaited_isShownIfItIsWhole_andPassedInAnyCase() {
    write(CALLBACK_9);
    assertEquals(List.of(), sink.callbacks);
    assertTrue(replies.callbackAnswered(9));
    sink.awaitsCallback = true;
    write(CALLBACK_9);
    assertEquals(List.of(CALLBACK_9), sink.callbacks);
    write(CALLBACK_9.substring(0, 28));
    write(CALLBACK_9.substring(28));
    assertEquals(List.of(CALLBACK_9), sink.callbacks);
    assertEquals(CALLBACK_9.repeat(3), sink.text());
  }

  @Test
  void moreCallbacksThanAllowed_breakTheStream() {
    write(CALLBACK_9 + CALLBACK_9);
    assertNull(sink.brokenWhy);
    write(CALLBACK_9);
    assertTrue(sink.brokenWhy.contains("callbacks"), sink.brokenWhy);
  }

  @Test
  void replyLongerThanAllowed_breaksTheStreamAtItsMarker() {
    expect(7);
    write("80000401");
    assertTrue(sink.brokenWhy.contains("1025"), sink.brokenWhy);
    write(REPLY_7);
    assertEquals("", sink.text());
  }

  @Test
  void endlessFragments_breakTheStream() {
    expect(7);
    write("000003ff" + "00000007" + "00000001" + "00".repeat(1023 - 8));
    assertNull(sink.brokenWhy);
    write("00000002");
    assertTrue(sink.brokenWhy.contains("1025"), sink.brokenWhy);
  }

  @Test
  void headOfEmptyFragments_breaksTheStream() {
    for (int i = 0; i < 100 && sink.brokenWhy == null; i++) {
      write("00000000");
    }
    assertTrue(sink.brokenWhy.contains("head"), sink.brokenWhy);
  }

  @Test
  void messageOfAnUnknownType_breaksTheStream() {
    write("80000008" + "00000007" + "00000002");
    assertTrue(sink.brokenWhy.contains("type 2"), sink.brokenWhy);
  }

  @Test
  void messageShorterThanAHead_breaksTheStream() {
    write("80000004" + "00000007");
    assertTrue(sink.brokenWhy.contains("4 bytes"), sink.brokenWhy);
  }

  @Test
  void end_insideAPassedReply_cutsTheClientShort_elsewhereNot() {
    expect(7);
    write(REPLY_7);
    replies.end();
    assertEquals("ended", sink.end);

    Sink other = new Sink();
    OriginReplies cut = replies(other, 1024);
    expect(cut, other, 7);
    cut.write(bytes(REPLY_7.substring(0, 30)));
    cut.end();
    assertEquals("cut short", other.end);

    Sink third = new Sink();
    OriginReplies held = replies(third, 1024);
    expect(held, third, 7);
    held.write(bytes(REPLY_7.substring(0, 10)));
    held.end();
    assertEquals("ended", third.end);
  }

  @Test
  void replyThatIsWanted_isOpenedWhole_andOthersPassAroundIt_splitAtEveryByte() {
    String wanted = "00000009" + "00000007" + "00000001" + "de" + "80000003" + "adbeef";
    String stream = REPLY_8 + wanted + CALLBACK_9;
    for (int split = 0; split <= stream.length() / 2; split++) {
      Sink each = new Sink();
      OriginReplies splitReplies = replies(each, 1024);
      expect(splitReplies, each, 8);
      each.opener = record -> record;
      expect(splitReplies, each, 7);
      splitReplies.write(bytes(stream.substring(0, 2 * split)));
      splitReplies.write(bytes(stream.substring(2 * split)));
      assertEquals(List.of(REPLY_7), each.opened, "split behind byte " + split);
      assertEquals(REPLY_8 + CALLBACK_9, each.text(), "split behind byte " + split);
      assertEquals(0, splitReplies.callsInFlight());
    }
  }

  @Test
  void openedReply_isNotCountedAsAnsweredByTheStream() {
    sink.opener = record -> record;
    expect(7);
    sink.opener = null;
    write(REPLY_7);

    assertEquals(List.of(REPLY_7), sink.opened);
    assertEquals(0, sink.answered);
    assertEquals("", sink.text());
    assertEquals(0, replies.callsInFlight());
  }

  /** An accepted reply without verifier, with this status and one word more. */
  private static String withStatus(int xid, int status) {
    String none = "00000000";
    return "80000020%08x%08x%s%s%s%s%08xdeadbeef".formatted(xid, 1, none, none, none, none, status);
  }

  private static ReplyOpener wanting(int wanted) {
    return new ReplyOpener() {
      @Override
      public ByteBuf open(ByteBuf record) {
        return record;
      }

      @Override
      public boolean goesByStatus() {
        return true;
      }

      @Override
      public boolean opens(int status) {
        return status == wanted;
      }
    };
  }

  @Test
  void replyThatIsWantedForItsStatus_isOpened_andOthersPass_splitAtEveryByte() {
    String crumbs =
        "0000000400000005" + "0000000400000001" + "0000000100".repeat(16) + "8000000400002723";
    String opened = "8000001c" + "0000000500000001" + "00000000".repeat(4) + "00002723";
    String stream = withStatus(7, 0) + withStatus(8, 10019) + CALLBACK_9 + crumbs + REPLY_6;
    for (int split = 0; split <= stream.length() / 2; split++) {
      Sink each = new Sink();
      OriginReplies splitReplies = replies(each, 1024);
      each.opener = wanting(10019);
      for (int xid : new int[] {5, 6, 7, 8}) {
        expect(splitReplies, each, xid);
      }
      splitReplies.write(bytes(stream.substring(0, 2 * split)));
      splitReplies.write(bytes(stream.substring(2 * split)));
      assertNull(each.brokenWhy);
      assertEquals(List.of(withStatus(8, 10019), opened), each.opened, "split behind " + split);
      assertEquals(withStatus(7, 0) + CALLBACK_9 + REPLY_6, each.text(), "split behind " + split);
      assertEquals(2, each.answered);
      assertEquals(0, splitReplies.callsInFlight());
    }
  }

  @Test
  void replyThatIsWantedForItsStatus_oneByteAtATime_isOpened() {
    sink.opener = wanting(10019);
    expect(7, 8);
    for (String octet : (withStatus(7, 0) + withStatus(8, 10019)).split("(?<=\\G..)")) {
      write(octet);
    }
    assertEquals(withStatus(7, 0), sink.text());
    assertEquals(List.of(withStatus(8, 10019)), sink.opened);
  }

  @Test
  void replyWithoutResults_isNotTakenForItsStatus() {
    String denied =
        "80000018" + "00000007" + "00000001" + "00000001" + "00000001" + "00000001" + "00002723";
    String unavailable =
        "8000001c" + "00000008" + "00000001" + "00000000".repeat(3) + "00000001" + "00002723";
    sink.opener = wanting(10019);
    expect(7, 8);
    write(denied + unavailable);
    assertEquals(denied + unavailable, sink.text());
    assertEquals(List.of(), sink.opened);
  }

  @Test
  void replyWhoseVerifierHidesTheStatus_isOpened() {
    String hidden =
        "80000024"
            + "00000007"
            + "00000001"
            + "00000000"
            + "00000002"
            + "00000004"
            + "00000000"
            + "00000000"
            + "00000000"
            + "00000000";
    sink.opener = wanting(10019);
    expect(7);
    write(hidden);
    assertEquals(List.of(hidden), sink.opened);
  }

  /** Opens all replies, but for those it can read in passing. */
  private static final class Reading implements ReplyOpener {
    final List<String> read = new ArrayList<>();
    boolean isEnough = true;

    @Override
    public ByteBuf open(ByteBuf record) {
      return record;
    }

    @Override
    public boolean readsInPassing(ByteBuf bytes, int from, int to) {
      read.add(ByteBufUtil.hexDump(bytes, from, to - from));
      return isEnough;
    }
  }

  @Test
  void replyReadInPassing_passesWithItsChunk() {
    Reading opener = new Reading();
    expect(6, 8);
    sink.opener = opener;
    expect(7);
    write(REPLY_6 + REPLY_7 + REPLY_8);

    assertEquals(List.of(REPLY_7), opener.read);
    assertEquals(List.of(REPLY_6 + REPLY_7 + REPLY_8 + " end"), sink.passed);
    assertEquals(List.of(), sink.opened);
    assertEquals(3, sink.answered);
    assertEquals(0, replies.callsInFlight());
  }

  @Test
  void replyReadInPassing_splitAtEveryByte_isReadWhole_orOpenedWhole() {
    String stream = REPLY_8 + REPLY_7 + CALLBACK_9;
    int opened = 0;
    for (int split = 0; split <= stream.length() / 2; split++) {
      Reading opener = new Reading();
      Sink each = new Sink();
      OriginReplies splitReplies = replies(each, 1024);
      expect(splitReplies, each, 8);
      each.opener = opener;
      expect(splitReplies, each, 7);
      splitReplies.write(bytes(stream.substring(0, 2 * split)));
      splitReplies.write(bytes(stream.substring(2 * split)));
      boolean isRead = opener.read.equals(List.of(REPLY_7));
      assertEquals(isRead ? List.of() : List.of(REPLY_7), each.opened, "split behind " + split);
      assertEquals(isRead ? stream : REPLY_8 + CALLBACK_9, each.text(), "split behind " + split);
      assertEquals(0, splitReplies.callsInFlight());
      opened += isRead ? 0 : 1;
    }
    assertEquals(4, opened, "only where a split is behind the head and before the end");
  }

  @Test
  void replyThatIsNotReadInPassing_isOpened() {
    Reading opener = new Reading();
    opener.isEnough = false;
    sink.opener = opener;
    expect(7);
    write(REPLY_7);
    assertEquals(List.of(REPLY_7), opener.read);
    assertEquals(List.of(REPLY_7), sink.opened);
    assertEquals(0, sink.answered);
    assertEquals("", sink.text());
  }

  @Test
  void replyThatCannotBeReadInPassing_isOpened() {
    sink.opener =
        new ReplyOpener() {
          @Override
          public ByteBuf open(ByteBuf record) {
            return record;
          }

          @Override
          public boolean readsInPassing(ByteBuf bytes, int from, int to) {
            throw new IllegalStateException("a bug");
          }
        };
    expect(7);
    write(REPLY_7);
    assertEquals(List.of(REPLY_7), sink.opened);
  }

  @Test
  void replyInFragments_orLongerThanTheBound_isOpened() {
    Reading opener = new Reading();
    OriginReplies long2 = replies(sink, 4096);
    sink.opener = opener;
    for (int xid = 5; xid <= 8; xid++) {
      expect(long2, sink, xid);
    }
    int most = OriginReplies.READ_IN_PASSING_BYTES_MAX - 4;
    long2.write(bytes("00000008" + "0000000500000001" + "8000000100"));
    long2.write(bytes("00000000" + "80000008" + "0000000600000001"));
    long2.write(bytes("8000%04x".formatted(most + 1) + "0000000700000001" + "00".repeat(most - 7)));
    assertEquals(3, sink.opened.size());
    assertEquals(List.of(), opener.read);
    long2.write(bytes("8000%04x".formatted(most) + "0000000800000001" + "00".repeat(most - 8)));
    assertEquals(3, sink.opened.size());
    assertEquals(1, opener.read.size());
  }

  private static void expect(OriginReplies replies, Sink sink, int xid) {
    if (sink.opener != null) {
      sink.openers.put(xid, sink.opener);
    }
    replies.expect(call(xid));
  }

  private void expect(int... xids) {
    for (int xid : xids) {
      expect(replies, sink, xid);
    }
  }

  private void write(String hex) {
    replies.write(bytes(hex));
  }

  private static Call call(int xid) {
    Call call = new Call();
    ByteBuf reply = Unpooled.buffer().writeInt(xid).writeInt(1);
    call.read(reply, 0, 8);
    return call;
  }

  private static ByteBuf bytes(String hex) {
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
  }

  private static final class Source implements FlowControl {
    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }

  private static final class Sink implements OriginReplies.ReplySink {
    final List<String> passed = new ArrayList<>();
    final List<String> opened = new ArrayList<>();
    final List<String> callbacks = new ArrayList<>();
    boolean awaitsCallback;
    final IntObjectMap<ReplyOpener> openers = new IntObjectHashMap<>();
    ReplyOpener opener; // of the calls that are expected from now on
    final StringBuilder all = new StringBuilder();
    boolean endsRecord = true;
    int answered;
    String end;
    String brokenWhy;

    String text() {
      return all.toString();
    }

    @Override
    public void pass(OriginReplies from, ByteBuf bytes, boolean ends) {
      String hex = ByteBufUtil.hexDump(bytes);
      passed.add(hex + (ends ? " end" : " more"));
      all.append(hex);
      endsRecord = ends;
      bytes.release();
    }

    @Override
    public void flushReplies() {}

    @Override
    public boolean awaitsCallback() {
      return awaitsCallback;
    }

    @Override
    public void callback(ByteBuf bytes, int from, int to) {
      callbacks.add(ByteBufUtil.hexDump(bytes, from, to - from));
    }

    @Override
    public void answered(int xid) {
      answered++;
    }

    @Override
    public void open(ReplyOpener wanted, ByteBuf record) {
      opened.add(ByteBufUtil.hexDump(record));
      record.release();
    }

    @Override
    public void ended(OriginReplies stream, boolean cutShort) {
      end = cutShort ? "cut short" : "ended";
    }

    @Override
    public void broken(OriginReplies stream, String why) {
      brokenWhy = why;
    }
  }
}
