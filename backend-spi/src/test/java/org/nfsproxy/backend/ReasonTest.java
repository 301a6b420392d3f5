package org.nfsproxy.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class ReasonTest {
  @Test
  void failure_hasMessage_isToldByIt() {
    assertEquals("no such host", Reason.of(new IOException("no such host")));
  }

  @Test
  void failure_hasNoMessage_isToldByItsKind() {
    assertEquals(
        "java.nio.channels.ClosedChannelException", Reason.of(new ClosedChannelException()));
  }

  @Test
  void failure_isUnknown_isTold() {
    assertEquals("nobody says why", Reason.of(null));
  }
}
