package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.server.metrics.ConnectionMeter;

// What belongs to an event loop says so when another thread comes. The assertions are checked in
// every test and in no production run; here they are seen to be there.
class LoopAssertionsTest {
  private final EventLoop loop = new DefaultEventLoop();

  private static final class Source implements FlowControl {
    @Override
    public void pause() {}

    @Override
    public void resume() {}
  }

  @AfterEach
  void endLoop() throws Exception {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
  }

  private static void assertRefused(Executable fromAnotherThread) {
    assertThrows(AssertionError.class, fromAnotherThread);
  }

  @Test
  void tests_runWithAssertions() {
    assertTrue(LoopAssertionsTest.class.desiredAssertionStatus());
  }

  @Test
  void handoff_fromAnotherThread_isRefused() {
    WorkerHandoff handoff = new WorkerHandoff(loop, Runnable::run);
    assertRefused(() -> handoff.add(null));
  }

  @Test
  void repliesToOpen_fromAnotherThread_areRefused() {
    OpenedReplies replies = new OpenedReplies(loop, Runnable::run, null);
    assertRefused(() -> replies.add(record -> record, Unpooled.EMPTY_BUFFER));
    assertRefused(replies::flush);
    assertRefused(replies::close);
  }

  @Test
  void originsBytes_fromAnotherThread_areRefused() {
    OriginReplies replies =
        new OriginReplies(
            null, new Source(), null, ConnectionMeter.of(null, null, 0), loop, 1024, 1);
    assertRefused(() -> replies.write(Unpooled.EMPTY_BUFFER));
    assertRefused(replies::flush);
    assertRefused(replies::end);
    assertRefused(() -> replies.expect(null));
  }
}
