package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.coordinated.engine.Engine;
import org.nfsproxy.backend.coordinated.engine.ExecutableProcedure;
import org.nfsproxy.backend.coordinated.engine.Program;
import org.nfsproxy.backend.coordinated.engine.ReplyMemory;
import org.nfsproxy.rpc.Call;

// A program of three procedures: 0 answers with nothing, 1 with 1 MiB, and 2 runs out of memory on
// the way. Replies stay with the client until a test releases them.
class SessionRoomTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LARGE = 1;
  private static final int FAILS = 2;
  private static final int PATIENCE_SECONDS = 30;

  private final Vertx vertx = Vertx.vertx();
  private final EventLoop loop = new DefaultEventLoop();
  private final AtomicInteger executed = new AtomicInteger();
  private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
  private final ReplyMemory memory = new ReplyMemory(MEBIBYTE + 4096, 64 * MEBIBYTE);
  private final ReplyRoom room = new ReplyRoom(8 * MEBIBYTE, MEBIBYTE);
  private final WorkerExecutor workers = vertx.createSharedWorkerExecutor("session-room", 4);

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    memory.close();
  }

  private Engine engine() {
    ExecutableProcedure.Execution large =
        results -> {
          executed.incrementAndGet();
          results.fixed(new byte[MEBIBYTE]);
        };
    ExecutableProcedure.Execution fails =
        results -> {
          throw new OutOfMemoryError("as told");
        };
    List<ExecutableProcedure> procedures =
        List.of(
            ExecutableProcedure.NULL,
            (caller, arguments) -> large.withRoom(MEBIBYTE),
            (caller, arguments) -> fails.withRoom(MEBIBYTE));
    return new Engine(memory, List.of(new Program(400_000, 1, procedures)), List.of());
  }

  private final class Client implements ClientSide, ReplyStream {
    final BlockingQueue<ByteBuf> written = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    final List<Boolean> full = new ArrayList<>();
    final CoordinatedSession session;
    long unsent;

    Client(int stallMillis) throws Exception {
      Future<Engine> engine = Future.succeededFuture(engine());
      CoordinatedSession.Shared shared =
          new CoordinatedSession.Shared(engine, workers, room, stallMillis, faults::add);
      session = loop.submit(() -> new CoordinatedSession(shared, this)).get();
    }

    void ask(int... procedures) throws Exception {
      loop.submit(
              () -> {
                for (int procedure : procedures) {
                  ByteBuf call = Unpooled.buffer().writeInt(0x8000_0028).writeInt(procedure);
                  call.writeInt(0).writeInt(2).writeInt(400_000).writeInt(1).writeInt(procedure);
                  session.call(new Call(), call.writeLong(0).writeLong(0));
                }
                session.flush();
              })
          .get();
    }

    ByteBuf reply() throws InterruptedException {
      ByteBuf reply = written.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertNotNull(reply, "no reply");
      return reply;
    }

    void leave() throws Exception {
      loop.submit(session::close).get();
      written.forEach(ByteBuf::release);
      written.clear();
    }

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress("127.0.0.1", 1);
    }

    @Override
    public EventLoop eventLoop() {
      return loop;
    }

    @Override
    public ReplyStream replies(FlowControl source) {
      return this;
    }

    @Override
    public void callsFull(boolean now) {
      full.add(now);
    }

    @Override
    public long unsentBytes() {
      return unsent;
    }

    @Override
    public void close(String why) {
      closed.add(why);
    }

    @Override
    public void expect(Call call) {}

    @Override
    public void write(ByteBuf bytes) {
      written.add(bytes);
    }

    @Override
    public void flush() {}

    @Override
    public int callsInFlight() {
      return 0;
    }

    @Override
    public void end() {}
  }

  private void settle() throws Exception {
    workers.executeBlocking(() -> null, true).toCompletionStage().toCompletableFuture().get();
    loop.submit(() -> {}).get();
  }

  @Test
  void call_whoseReplyFindsNoRoom_isExecutedWhenTheOneBeforeIsSent() throws Exception {
    Client client = new Client(5_000);
    client.ask(LARGE, LARGE, LARGE);
    for (int i = 1; i <= 3; i++) {
      ByteBuf reply = client.reply();
      settle();
      assertEquals(i, executed.get(), "none is made before there is room");
      assertNull(client.written.poll());
      assertEquals(MEBIBYTE, room.used());
      reply.release();
    }
    assertEquals(0, room.used());
    client.leave();
  }

  @Test
  void connectionsOfAClientThatReadNothing_keepNobodyOut_andTakeNoMore() throws Exception {
    List<Client> unread = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      unread.add(new Client(5_000));
      unread.get(i).ask(LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE, LARGE);
    }
    Client reads = new Client(5_000);
    for (int i = 0; i < 3; i++) {
      reads.ask(LARGE);
      reads.reply().release();
    }
    assertTrue(room.used() <= 6L * MEBIBYTE, "used " + room.used());
    for (Client each : unread) {
      each.leave();
    }
    reads.leave();
    settle();
    assertEquals(0, room.used());
  }

  @Test
  void error_onTheWay_losesNothing_andClosesTheClient() throws Exception {
    Client client = new Client(5_000);
    client.ask(LARGE, FAILS, LARGE);
    client.reply().release();
    assertNotNull(client.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertEquals("as told", faults.poll(PATIENCE_SECONDS, TimeUnit.SECONDS).getMessage());
    client.leave();
    settle();
    assertEquals(0, room.used());
    assertEquals(1, executed.get());
  }

  @Test
  void clientThatTakesNothing_isClosedWhereOthersWait_andNotOneThatTakesALittle() throws Exception {
    Client still = new Client(0);
    Client slow = new Client(0);
    still.unsent = 100;
    slow.unsent = 100;
    for (int i = 0; i < 3; i++) {
      slow.unsent--;
      still.session.othersWait();
      slow.session.othersWait();
      loop.submit(() -> {}).get();
    }
    assertNotNull(still.closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertNull(slow.closed.poll());
    still.leave();
    slow.leave();
  }
}
