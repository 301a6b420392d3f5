package org.nfsproxy.server.member;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.nfsproxy.rpc.RecordMarking;

/** A frame opens as the next one of who sealed it, or not at all. */
class FrameSealTest {
  private static final MemberSecret SECRET =
      new MemberSecret("test", "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
  private static final byte[] ONE = nonce(1);
  private static final byte[] OTHER = nonce(2);
  private static final int MARKER = RecordMarking.MARKER_BYTES;

  private final FrameSeal opening = SECRET.ofMembersFrames(ONE, OTHER);

  private static byte[] nonce(int first) {
    byte[] nonce = new byte[MemberSecret.NONCE_BYTES];
    nonce[0] = (byte) first;
    return nonce;
  }

  private static ByteBuf record(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    return Unpooled.buffer().writeInt(RecordMarking.lastFragment(bytes.length)).writeBytes(bytes);
  }

  /** What is sent of some frames, each without its marker. */
  private static List<byte[]> sent(String... texts) {
    FrameSeal sealing = SECRET.ofMembersFrames(ONE, OTHER);
    return Stream.of(texts)
        .map(text -> ByteBufUtil.getBytes(sealing.sealed(record(text))))
        .map(all -> Arrays.copyOfRange(all, MARKER, all.length))
        .toList();
  }

  private static String opened(FrameSeal seal, byte[] sealed) throws Exception {
    return seal.opened(Unpooled.wrappedBuffer(sealed)).toString(StandardCharsets.US_ASCII);
  }

  private static void isBroken(FrameSeal seal, byte[] sealed) {
    ByteBuf came = Unpooled.wrappedBuffer(sealed);
    assertThrows(FrameSeal.BrokenException.class, () -> seal.opened(came));
  }

  @Test
  void frames_openInTheirOrder_andHaveTheirMarker() throws Exception {
    for (byte[] each : sent("first", "", "second, a longer one")) {
      opened(opening, each);
    }
    FrameSeal again = SECRET.ofMembersFrames(ONE, OTHER);
    List<byte[]> sent = sent("first", "", "second, a longer one");
    assertEquals("first", opened(again, sent.get(0)));
    assertEquals("", opened(again, sent.get(1)));
    assertEquals("second, a longer one", opened(again, sent.get(2)));
    ByteBuf whole = SECRET.ofMembersFrames(ONE, OTHER).sealed(record("first"));
    assertEquals(RecordMarking.lastFragment(5 + FrameSeal.BYTES), whole.getInt(0));
    assertEquals(MARKER + 5 + FrameSeal.BYTES, whole.readableBytes());
  }

  @Test
  void bitsOfAFrame_flippedEach_openNothing() {
    byte[] first = sent("a frame").get(0);
    for (int bit = 0; bit < first.length * Byte.SIZE; bit++) {
      byte[] wrong = first.clone();
      wrong[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
      isBroken(SECRET.ofMembersFrames(ONE, OTHER), wrong);
    }
  }

  @Test
  void frameCutAtEachByte_orLonger_opensNothing() {
    byte[] first = sent("a frame").get(0);
    for (int length = 0; length < first.length; length++) {
      isBroken(SECRET.ofMembersFrames(ONE, OTHER), Arrays.copyOf(first, length));
      byte[] behind = Arrays.copyOfRange(first, first.length - length, first.length);
      isBroken(SECRET.ofMembersFrames(ONE, OTHER), behind);
    }
    isBroken(SECRET.ofMembersFrames(ONE, OTHER), Arrays.copyOf(first, first.length + 1));
  }

  @Test
  void frameTwice_isBrokenTheSecondTime() throws Exception {
    byte[] first = sent("first").get(0);
    opened(opening, first);
    isBroken(opening, first);
  }

  @Test
  void frameInAnothersPlace_isBroken() {
    isBroken(opening, sent("first", "second").get(1));
  }

  @Test
  void frameDropped_theNextIsBroken() throws Exception {
    List<byte[]> sent = sent("first", "second", "third");
    opened(opening, sent.get(0));
    isBroken(opening, sent.get(2));
  }

  @Test
  void frameOfOurOwn_orOfAnotherConnection_orOfAnotherSecret_isBroken() {
    byte[] first = sent("first").get(0);
    isBroken(SECRET.ofOwnersFrames(ONE, OTHER), first);
    isBroken(SECRET.ofMembersFrames(ONE, nonce(3)), first);
    isBroken(SECRET.ofMembersFrames(nonce(3), OTHER), first);
    isBroken(SECRET.ofMembersFrames(OTHER, ONE), first);
    MemberSecret other = new MemberSecret("test", "x".getBytes(StandardCharsets.US_ASCII));
    isBroken(other.ofMembersFrames(ONE, OTHER), first);
    MemberSecret elsewhere =
        new MemberSecret("else", "0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    isBroken(elsewhere.ofMembersFrames(ONE, OTHER), first);
  }

  @Test
  void sameFrameAgain_hasOtherBytes_noneOfThemClear() {
    String text = "what a client reads";
    List<byte[]> sent = sent(text, text);
    assertFalse(Arrays.equals(sent.get(0), sent.get(1)));
    String first = new String(sent.get(0), StandardCharsets.ISO_8859_1);
    assertFalse(first.contains("client"));
  }

  @Test
  void recordThatBeginsInsideItsArray_isSealedAlike() {
    ByteBuf shifted = Unpooled.buffer().writeLong(7).writeBytes(record("first"));
    ByteBuf came = SECRET.ofMembersFrames(ONE, OTHER).sealed(shifted.slice(8, MARKER + 5));
    byte[] bytes = ByteBufUtil.getBytes(came);
    assertArrayEquals(sent("first").get(0), Arrays.copyOfRange(bytes, MARKER, bytes.length));
  }
}
