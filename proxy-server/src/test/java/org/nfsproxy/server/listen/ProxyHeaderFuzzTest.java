package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.fuzz.Fuzzing;

@Timeout(600)
class ProxyHeaderFuzzTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  private static final List<byte[]> HONEST =
      List.of(
          line("PROXY TCP4 192.0.2.7 198.51.100.1 801 2049"),
          line("PROXY TCP6 2001:db8::7 2001:db8::1 801 2049"),
          line("PROXY UNKNOWN"),
          ByteBufUtil.decodeHexDump(SIGNATURE + "2111000cc0000207c633640103210801" + "80000028"),
          ByteBufUtil.decodeHexDump(
              SIGNATURE + "21110013c0000207c6336401032108010400040000000080000028"),
          ByteBufUtil.decodeHexDump(
              SIGNATURE + "21210024" + "20010db8".repeat(8) + "03210801" + "80000028"),
          ByteBufUtil.decodeHexDump(SIGNATURE + "20000000" + "80000028"));

  private static byte[] line(String text) {
    return (text + "\r\nbehind").getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void headers() throws Exception {
    new Fuzzing("proxy-headers", ProxyHeaderFuzzTest::read, HONEST).run();
  }

  // The same in one piece and byte by byte, and what is behind it stays.
  static Object read(ByteBuf input) {
    Object whole = read(input, Math.max(1, input.readableBytes()));
    Object dripped = read(input, 1);
    if (!whole.equals(dripped)) {
      throw new AssertionError("whole: " + whole + ", dripped: " + dripped);
    }
    return whole;
  }

  private static Object read(ByteBuf input, int piece) {
    ProxyHeaderReader reader = new ProxyHeaderReader();
    for (int at = input.readerIndex(); at < input.writerIndex(); at += piece) {
      ByteBuf next = input.slice(at, Math.min(piece, input.writerIndex() - at));
      try {
        ProxyHeader header = reader.read(next);
        if (header != null) {
          return header + ", behind it " + (input.writerIndex() - at - next.readerIndex());
        }
      } catch (ProxyHeaderException cannotBe) {
        return cannotBe.getMessage();
      }
    }
    return "not yet";
  }
}
