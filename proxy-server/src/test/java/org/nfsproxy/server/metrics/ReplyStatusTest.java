package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.words;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class ReplyStatusTest {
  private final ReplyStatus reply = new ReplyStatus();

  private String status(byte[] message, boolean hasStatus) {
    reply.read(Unpooled.wrappedBuffer(message), 0, message.length, hasStatus);
    return StatusNames.name(reply.status());
  }

  @Test
  void results_beginWithTheStatus_andACompoundSaysHowManyThereAre() {
    assertEquals("NOENT", status(words(1, 1, 0, 0, 0, 0, 2, 0, 3), true));
    assertEquals(3, reply.results());
    assertEquals("OK", status(words(1, 1, 0, 0, 0, 0, 0, 0, 3), true));
  }

  @Test
  void results_behindVerifierAndTag_areFound() {
    byte[] verified = concat(words(1, 1, 0, 6, 5), new byte[8], words(0, 70, 3, 0x61626300, 2));
    assertEquals("STALE", status(verified, true));
    assertEquals(2, reply.results());
  }

  @Test
  void results_withoutStatus_areOk() {
    assertEquals("OK", status(words(1, 1, 0, 0, 0, 0, 1, 5), false));
    assertEquals("OK", status(words(1, 1, 0, 0, 0, 0), true));
  }

  @Test
  void rpcItself_saysWhyThereAreNone() {
    assertEquals("GARBAGE_ARGS", status(words(1, 1, 0, 0, 0, 4), true));
    assertEquals("AUTH_ERROR", status(words(1, 1, 1, 1, 5), true));
    assertEquals("RPC_MISMATCH", status(words(1, 1, 1, 0, 2, 2), true));
    assertEquals("other", status(words(1, 1, 0, 0, 0, 99), true));
  }

  @Test
  void whatIsCutOrMadeUp_isReadAsFarAsItGoes() {
    byte[] whole = words(1, 1, 0, 0, 0, 0, 10008, 0, 3);
    for (int length = 0; length < whole.length; length++) {
      reply.read(Unpooled.wrappedBuffer(whole), 0, length, true);
      assertEquals(ReplyStatus.RESULTS_UNKNOWN, reply.results());
    }
    assertEquals("DELAY", status(words(1, 1, 0, 0, 0, 0, 10008, -1, 3), true));
    assertEquals(ReplyStatus.RESULTS_UNKNOWN, reply.results());
    assertEquals("OK", status(words(1, 1, 0, 0, -1, 0, 10008, 0, 3), true));
    assertEquals("NOENT", status(words(1, 1, 0, 0, 0, 0, 2, 0, -7), true));
    assertEquals(ReplyStatus.RESULTS_UNKNOWN, reply.results());
  }
}
