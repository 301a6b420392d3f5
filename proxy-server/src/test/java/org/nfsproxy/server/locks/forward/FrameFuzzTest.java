package org.nfsproxy.server.locks.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.fuzz.Fuzzing;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.member.FrameSocket;
import org.nfsproxy.xdr.XdrException;

/** Frames are read as they are written, or not at all. */
@Timeout(600)
class FrameFuzzTest {
  private static final int MARKER = 4;

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (java.net.UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static final List<Frame> FRAMES =
      List.of(
          new Frame.Challenge(1, new byte[32]),
          new Frame.Hello(new byte[32], new byte[32], "a"),
          new Frame.Welcome(new byte[32], "a", "http://a/"),
          new Frame.Addresses(List.of(address("10.0.0.1"), address("fd00::1"))),
          new Frame.Forwarded(
              7, new LockCaller(address("10.0.0.1"), address("fd00::1"), true), new byte[] {1, 2}),
          new Frame.Forwarded(8, new LockCaller(address("10.0.0.1"), null, false), new byte[5]),
          new Frame.Replied(7, new byte[] {3}),
          new Frame.Callback(
              9, new ClientCall(address("10.0.0.1"), null, 100021, 4, 10, new byte[] {1})),
          new Frame.Answer(9, true, new byte[] {1, 2, 3}),
          new Frame.Alive(),
          new Frame.Offered());

  private static byte[] bytes(Frame frame) {
    return ByteBufUtil.getBytes(FrameSocket.record(Frame.WRITTEN, frame));
  }

  private static byte[] body(Frame frame) {
    byte[] bytes = bytes(frame);
    return Arrays.copyOfRange(bytes, MARKER, bytes.length);
  }

  private static Object read(ByteBuf input) {
    try {
      return HexFormat.of().formatHex(bytes(Frame.read(input)));
    } catch (XdrException none) {
      return "none";
    }
  }

  @Test
  void frame_isReadAsItWasWritten() {
    for (Frame frame : FRAMES) {
      byte[] again = bytes(Frame.read(Unpooled.wrappedBuffer(body(frame))));
      assertArrayEquals(bytes(frame), again, frame::toString);
    }
  }

  @Test
  void frame_cutAnywhere_isNone() {
    for (Frame frame : FRAMES) {
      byte[] whole = body(frame);
      for (int length = 0; length < whole.length; length++) {
        ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
        assertThrows(XdrException.class, () -> Frame.read(cut), frame + " " + length);
      }
    }
  }

  @Test
  void bytesOfNobodyHonest_areAFrame_orNone() throws Exception {
    new Fuzzing("frames", FrameFuzzTest::read, FRAMES.stream().map(FrameFuzzTest::body).toList())
        .run();
  }
}
