package org.nfsproxy.backend.coordinated;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.BackendSession;
import org.nfsproxy.backend.ClientSide;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;

class CoordinatedBackendTest {
  private final EngineRig rig = new EngineRig();
  private final EventLoop loop = new DefaultEventLoop();
  private final FakeClient client = new FakeClient();
  private Vertx vertx;
  private CoordinatedBackend backend;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    backend = new CoordinatedBackend(vertx, rig.files);
    await(backend.start());
  }

  @AfterEach
  void stop() throws Exception {
    await(backend.close());
    await(vertx.close());
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    return loop.submit(work).get(30, TimeUnit.SECONDS);
  }

  private static ByteBuf nullCall(int xid) {
    ByteBuf call = PooledByteBufAllocator.DEFAULT.buffer().writeInt(0x8000_0028);
    call.writeInt(xid).writeInt(0).writeInt(2).writeInt(100003).writeInt(3).writeInt(0);
    return call.writeZero(16);
  }

  /** A client connection that keeps what it is told. */
  private final class FakeClient implements ClientSide, ReplyStream {
    final BlockingQueue<ByteBuf> written = new LinkedBlockingQueue<>();
    final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    final List<Boolean> full = new ArrayList<>();
    final BlockingQueue<Boolean> flushed = new LinkedBlockingQueue<>();
    boolean ended;

    @Override
    public InetSocketAddress address() {
      return new InetSocketAddress(1);
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
    public void close(String why) {
      closed.add(why);
    }

    @Override
    public void expect(Call call) {}

    @Override
    public void write(ByteBuf bytes) {
      assertTrue(loop.inEventLoop());
      written.add(bytes);
    }

    @Override
    public void flush() {
      flushed.add(true);
    }

    @Override
    public int callsInFlight() {
      return 0;
    }

    @Override
    public void end() {
      ended = true;
    }

    int nextXid() throws InterruptedException {
      ByteBuf reply = written.poll(30, TimeUnit.SECONDS);
      assertNotNull(reply, "no reply");
      int xid = reply.getInt(4);
      reply.release();
      return xid;
    }
  }

  @Test
  void programs_areNfsAndMountVersion3() {
    List<ServedProgram> served = backend.programs();
    assertEquals(2, served.size());
    assertTrue(served.contains(new ServedProgram(100003, 3, 3)));
    assertTrue(served.contains(new ServedProgram(100005, 3, 3)));
  }

  @Test
  void identify_handle_givesFsidFileidAndType() throws Exception {
    ObjectIdentity identity = await(backend.identify(Filehandle.of(rig.inner), 3));
    long fileid = rig.root.getattr(rig.inner).ok().fileid();
    assertEquals(new ObjectIdentity(EngineRig.INNER_FSID, 0, fileid, 2), identity);
  }

  @Test
  void identify_unknown_failsWithTheStatus() {
    Future<ObjectIdentity> asked = backend.identify(Filehandle.of(new byte[9]), 3);
    Throwable cause = assertThrows(ExecutionException.class, () -> await(asked)).getCause();
    assertEquals(10001, assertInstanceOf(NfsStatusException.class, cause).status());
  }

  @Test
  void root_ofNfs4_isNotThere() {
    Future<?> asked = backend.find("/", 4);
    Throwable cause = assertThrows(ExecutionException.class, () -> await(asked)).getCause();
    assertInstanceOf(UnsupportedOperationException.class, cause);
  }

  @Test
  void parent_ofANestedRoot_isInTheOuterFilesystem() throws Exception {
    Filehandle above = await(backend.parent(Filehandle.of(rig.inner), 3));
    assertArrayEquals(rig.root.lookup(rig.export, "inner").handle(), above.bytes());
  }

  @Test
  void exports_areThePaths() throws Exception {
    assertEquals(List.of("/export", "/export/inner/deep"), await(backend.exports()));
  }

  @Test
  void call_untilFlush_waits_thenIsAnsweredOnTheLoop() throws Exception {
    BackendSession session =
        onLoop(
            () -> {
              BackendSession opened = backend.open(client);
              opened.call(new Call(), nullCall(5));
              return opened;
            });
    assertNull(client.written.poll());
    onLoop(
        () -> {
          session.flush();
          return null;
        });
    assertEquals(5, client.nextXid());
    assertNotNull(client.flushed.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void calls_beyondTheBound_tellTheClientAndThenAgain() throws Exception {
    onLoop(
        () -> {
          BackendSession session = backend.open(client);
          for (int xid = 0; xid < CoordinatedSession.CALLS_MAX; xid++) {
            session.call(new Call(), nullCall(xid));
          }
          assertEquals(List.of(true), client.full);
          session.flush();
          return null;
        });
    boolean[] answered = new boolean[CoordinatedSession.CALLS_MAX];
    for (int at = 0; at < answered.length; at++) {
      answered[client.nextXid()] = true;
    }
    assertEquals(List.of(true, false), onLoop(() -> List.copyOf(client.full)));
    for (boolean each : answered) {
      assertTrue(each);
    }
  }

  @Test
  void paused_session_executesNothingUntilResumed() throws Exception {
    CoordinatedSession session =
        onLoop(
            () -> {
              CoordinatedSession opened = (CoordinatedSession) backend.open(client);
              opened.pause();
              opened.call(new Call(), create());
              opened.flush();
              return opened;
            });
    await(backend.exports()); // a worker has been free since
    assertEquals(2, rig.root.lookup(rig.export, "made").status());
    onLoop(
        () -> {
          session.resume();
          return null;
        });
    client.nextXid();
    assertEquals(0, rig.root.lookup(rig.export, "made").status());
  }

  private ByteBuf create() {
    ByteBuf call = PooledByteBufAllocator.DEFAULT.buffer().writeInt(0);
    call.writeInt(1).writeInt(0).writeInt(2).writeInt(100003).writeInt(3).writeInt(8);
    org.nfsproxy.xdr.XdrWriter out = new org.nfsproxy.xdr.XdrWriter(call);
    org.nfsproxy.rpc.CallCredential.sys("test", 0, 0).write(out);
    out.int64(0).opaque(rig.export).string("made").int32(2).int64(9);
    return org.nfsproxy.rpc.Replies.finish(call);
  }

  @Test
  void message_thatIsNoCall_closesTheClient() throws Exception {
    onLoop(
        () -> {
          BackendSession session = backend.open(client);
          ByteBuf garbage = PooledByteBufAllocator.DEFAULT.buffer().writeInt(0x8000_0004);
          session.call(new Call(), garbage.writeInt(1));
          session.flush();
          return null;
        });
    assertNotNull(client.closed.poll(30, TimeUnit.SECONDS));
  }

  @Test
  void close_givesBackWhatWaits() throws Exception {
    ByteBuf waiting = nullCall(1);
    onLoop(
        () -> {
          BackendSession session = backend.open(client);
          session.call(new Call(), waiting);
          session.close();
          return null;
        });
    assertEquals(0, waiting.refCnt());
    assertTrue(client.ended);
  }
}
