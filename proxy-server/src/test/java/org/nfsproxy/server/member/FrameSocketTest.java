package org.nfsproxy.server.member;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** A connection between instances, and its end. */
@Timeout(60)
class FrameSocketTest {
  /** Frames of a word each. */
  private static final class Words implements FrameSocket.Form<Integer> {
    @Override
    public int bytesMax() {
      return 4;
    }

    @Override
    public int unsentBytesMax() {
      return 64;
    }

    @Override
    public Integer alive() {
      return 0;
    }

    @Override
    public int roughly(Integer word) {
      return 8;
    }

    @Override
    public void write(Integer word, XdrWriter out) {
      out.int32(word);
    }

    @Override
    public Integer read(ByteBuf record) {
      return new XdrReader().reset(record).int32();
    }
  }

  private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  // The other side accepts and closes at once, and that is known here before anybody listens for
  // it. An instance that took such a connection for one that lives would never look for the owner
  // again.
  @Test
  void connection_thatIsOverBeforeItIsTakenOver_ends_once() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      NetServer server = vertx.createNetServer().connectHandler(NetSocket::close);
      int port = await(server.listen(0, "127.0.0.1")).actualPort();
      Context loop = vertx.getOrCreateContext();
      AtomicInteger ended = new AtomicInteger();
      Promise<NetSocket> over = Promise.promise();
      loop.runOnContext(
          here ->
              vertx
                  .createNetClient()
                  .connect(port, "127.0.0.1")
                  .onSuccess(made -> made.closeHandler(closed -> over.complete(made)))
                  .onFailure(over::fail));
      NetSocket socket = await(over.future());
      loop.runOnContext(
          here ->
              new FrameSocket<>(vertx, socket, new Words(), word -> {}, ended::incrementAndGet));
      Eventually.eventually("it has ended", () -> ended.get() > 0);
      Promise<Void> later = Promise.promise();
      vertx.setTimer(1_500, timer -> later.complete());
      await(later.future());
      assertEquals(1, ended.get());
    } finally {
      await(vertx.close());
    }
  }
}
