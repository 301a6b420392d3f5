package org.nfsproxy.server.portmap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.fuzz.Fuzzing;
import org.nfsproxy.server.fuzz.Recordings;

@Timeout(600)
class PortmapFuzzTest {
  private static final int MARKER_BYTES = 4;

  @Test
  void calls() throws Exception {
    new Fuzzing("portmap", PortmapFuzzTest::answer, Recordings.messages("portmap", true)).run();
  }

  // By each transport a whole record, its length in its marker.
  static Object answer(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    for (Transport transport : Transport.values()) {
      PortmapProgram program =
          new PortmapProgram(
              new UnpooledByteBufAllocator(false, true),
              () -> new Registrations(111, List.of(), 2049));
      ByteBuf reply =
          program.answer(input, transport, () -> Optional.of(InetAddress.getLoopbackAddress()));
      if (reply != null) {
        int marker = reply.getInt(reply.readerIndex());
        if (marker != (0x8000_0000 | reply.readableBytes() - MARKER_BYTES)) {
          throw new AssertionError("marker " + Integer.toHexString(marker));
        }
        found.add(reply.readableBytes() > 400 ? reply.readableBytes() : ByteBufUtil.hexDump(reply));
        reply.release();
      }
    }
    return found;
  }
}
