package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.word;

import io.netty.buffer.ByteBuf;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ForwardingBackend;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Bugs, as far as they can be put in by hand: a connection that meets one is closed, at once and
// with all it holds, and the others are served.
class FaultsTest {
  /** The xid of a call at which something is thrown. */
  private static final int BAD = 666;

  /** Where a session throws. */
  private enum At {
    CALL,
    FLUSH,
    CLOSE
  }

  private record Faulty(Backend backend, At at) implements ForwardingBackend {
    @Override
    public BackendSession open(ClientSide client) {
      return new FaultySession(backend.open(client), at);
    }
  }

  private static final class FaultySession implements BackendSession {
    private final BackendSession session;
    private final At at;
    private boolean isBad;

    FaultySession(BackendSession session, At at) {
      this.session = session;
      this.at = at;
    }

    @Override
    public void call(Call call, ByteBuf record) {
      isBad |= call.xid() == BAD;
      if (isBad && at == At.CALL) {
        record.release();
        throw new StackOverflowError("a bug, for this test");
      }
      session.call(call, record);
    }

    @Override
    public void flush() {
      if (isBad && at == At.FLUSH) {
        throw new IllegalStateException("a bug, for this test");
      }
      session.flush();
    }

    @Override
    public void callbackReply(ReplyStream stream, ByteBuf record) {
      session.callbackReply(stream, record);
    }

    @Override
    public void close() {
      session.close();
      if (isBad && at == At.CLOSE) {
        throw new IllegalStateException("a bug, for this test");
      }
    }
  }

  private static void assertClosed(At at, String judgeOn) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .judgeOn(judgeOn)
                .faulty(backend -> new Faulty(backend, at))
                .start();
        RawClient other = proxy.connect();
        RawClient client = proxy.connect()) {
      assertEquals(1, word(other.ask(nfsNull(1)), 0));
      client.send(nfsNull(5), nfsNull(BAD), nfsNull(BAD), nfsNull(7));
      if (at == At.CLOSE) {
        client.receive();
        client.close();
      } else {
        client.awaitClosed();
      }
      eventually("it is gone", () -> proxy.connections() == 1);
      assertEquals(0, proxy.recordBytesHeld());
      assertEquals(2, word(other.ask(nfsNull(2)), 0));
    }
  }

  @Test
  void callThatCannotBeCarried_closesItsConnection() throws Exception {
    assertClosed(At.CALL, "workers");
    assertClosed(At.CALL, "listeners");
  }

  @Test
  void batchThatCannotBeFlushed_closesItsConnection() throws Exception {
    assertClosed(At.FLUSH, "workers");
    assertClosed(At.FLUSH, "listeners");
  }

  @Test
  void sessionThatCannotBeClosed_leavesNothingBehind() throws Exception {
    assertClosed(At.CLOSE, "workers");
  }
}
