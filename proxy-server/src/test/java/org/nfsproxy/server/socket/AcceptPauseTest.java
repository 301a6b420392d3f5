package org.nfsproxy.server.socket;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AcceptPauseTest {
  private final EmbeddedChannel listening = new EmbeddedChannel(new AcceptPause(4));
  private final List<EmbeddedChannel> accepted = new ArrayList<>();

  private boolean accepts() {
    listening.runPendingTasks();
    return listening.config().isAutoRead();
  }

  private void accept() {
    EmbeddedChannel child = new EmbeddedChannel();
    accepted.add(child);
    listening.writeInbound(child);
  }

  @Test
  void untilManyAreOpen_itAccepts_andAgainWhenHalfOfThemHaveGone() {
    for (int i = 0; i < 4; i++) {
      assertTrue(accepts());
      accept();
    }
    assertFalse(accepts());
    accept(); // of the same batch
    for (int i = 0; i < 2; i++) {
      accepted.get(i).close();
      assertFalse(accepts());
    }
    accepted.get(2).close();
    assertTrue(accepts());
  }

  @Test
  void thoseThatComeAndGo_pauseNothing() {
    for (int i = 0; i < 100; i++) {
      accept();
      accepted.get(i).close();
      assertTrue(accepts());
    }
  }
}
