package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

class RpcClientTest {
  private static final ByteBufAllocator ALLOC = Unpooled.buffer(0).alloc();
  private static final RpcClient.Bounds PATIENT = new RpcClient.Bounds(1024, 2, 4096, 20_000);

  private Vertx vertx;
  private NetClient netClient;
  private NetServer server;
  private final BlockingQueue<ByteBuf> calls = new LinkedBlockingQueue<>();

  /** Answers call after call as the test says; is given the socket and the call, without marker. */
  private BiConsumer<NetSocket, ByteBuf> script = (socket, call) -> {};

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    netClient = vertx.createNetClient();
    server = vertx.createNetServer().connectHandler(this::serve);
    await(server.listen(0, "127.0.0.1"));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private void serve(NetSocket socket) {
    HeapRecords records =
        new HeapRecords(
            1 << 20,
            call -> {
              calls.add(call);
              script.accept(socket, call);
            });
    socket.handler(bytes -> records.accept(((BufferInternal) bytes).getByteBuf()));
  }

  private RpcClient client(RpcClient.Bounds bounds) throws Exception {
    SocketAddress address = SocketAddress.inetSocketAddress(server.actualPort(), "127.0.0.1");
    return await(RpcClient.connect(vertx, netClient, address, bounds));
  }

  private static Future<XdrReader> question(RpcClient client) {
    return client.call(100003, 3, 1, CallCredential.NONE, out -> out.int32(0x11223344));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Throwable failure(Future<?> future) {
    return assertThrows(ExecutionException.class, () -> await(future)).getCause();
  }

  private static void write(NetSocket socket, ByteBuf record) {
    ((NetSocketInternal) socket).writeMessage(record);
  }

  /** On the heap, as tests cut it and leave the rest. */
  private static ByteBuf success(ByteBuf call, int... results) {
    ByteBuf record = Replies.accepted(ALLOC, call.getInt(0), AcceptStatus.SUCCESS, results);
    byte[] bytes = ByteBufUtil.getBytes(record);
    record.release();
    return Unpooled.wrappedBuffer(bytes);
  }

  @Test
  void call_authSys_bytesAsRfc5531() throws Exception {
    script = (socket, call) -> write(socket, success(call, 7));
    CallCredential credential = CallCredential.sys("box", 1000, 100, 4, 24);
    Future<XdrReader> reply =
        client(PATIENT).call(100003, 3, 1, credential, out -> out.int32(0x11223344));
    assertEquals(7, await(reply).int32());
    String sent = ByteBufUtil.hexDump(calls.take());
    assertEquals(
        "00000000"
            + "00000002"
            + "000186a3"
            + "00000003"
            + "00000001" // CALL, RPC 2, NFS 3, GETATTR
            + "00000001"
            + "00000020" // AUTH_SYS, 32 bytes
            + "00000000"
            + "00000003626f7800"
            + "000003e8"
            + "00000064" // stamp, "box", uid, gid
            + "00000002"
            + "00000004"
            + "00000018" // 2 gids
            + "00000000"
            + "00000000" // verifier
            + "11223344",
        sent.substring(8));
  }

  @Test
  void reply_dripFedByteByByte_arrivesWhole() throws Exception {
    script =
        (socket, call) -> {
          ByteBuf record = success(call, 0x01020304, 0x05060708);
          while (record.isReadable()) {
            write(socket, record.readBytes(1));
          }
        };
    XdrReader results = await(question(client(PATIENT)));
    assertEquals(0x0102030405060708L, results.int64());
    assertEquals(0, results.remaining());
  }

  @Test
  void reply_fragmentsOfOneByteAndAnEmptyLast_arrivesWhole() throws Exception {
    script =
        (socket, call) -> {
          ByteBuf record = success(call, 42).skipBytes(RecordMarking.MARKER_BYTES);
          ByteBuf cut = Unpooled.buffer();
          while (record.isReadable()) {
            cut.writeInt(1).writeByte(record.readByte());
          }
          write(socket, cut.writeInt(RecordMarking.lastFragment(0)));
        };
    assertEquals(42, await(question(client(PATIENT))).int32());
  }

  @Test
  void replies_inOtherOrder_reachTheirCalls() throws Exception {
    BlockingQueue<ByteBuf> held = new LinkedBlockingQueue<>();
    script =
        (socket, call) -> {
          held.add(call);
          if (held.size() == 2) {
            ByteBuf first = held.remove();
            write(socket, success(held.remove(), 2));
            write(socket, success(first, 1));
          }
        };
    RpcClient client = client(PATIENT);
    Future<XdrReader> first = question(client);
    Future<XdrReader> second = question(client);
    assertEquals(1, await(first).int32());
    assertEquals(2, await(second).int32());
  }

  @Test
  void call_progMismatch_saysLowAndHigh() throws Exception {
    script =
        (socket, call) ->
            write(
                socket, Replies.accepted(ALLOC, call.getInt(0), AcceptStatus.PROG_MISMATCH, 2, 4));
    RpcException refused = assertInstanceOf(RpcException.class, failure(question(client(PATIENT))));
    assertEquals(AcceptStatus.PROG_MISMATCH, refused.acceptStatus().orElseThrow());
    assertEquals(2, refused.low());
    assertEquals(4, refused.high());
  }

  @Test
  void call_eachAcceptError_isNamed() throws Exception {
    for (AcceptStatus status :
        new AcceptStatus[] {
          AcceptStatus.PROG_UNAVAIL,
          AcceptStatus.PROC_UNAVAIL,
          AcceptStatus.GARBAGE_ARGS,
          AcceptStatus.SYSTEM_ERR
        }) {
      script = (socket, call) -> write(socket, Replies.accepted(ALLOC, call.getInt(0), status));
      RpcException refused =
          assertInstanceOf(RpcException.class, failure(question(client(PATIENT))));
      assertEquals(status, refused.acceptStatus().orElseThrow());
      assertEquals(OptionalInt.empty(), refused.authStatus());
      assertEquals(-1, refused.low());
    }
  }

  @Test
  void call_denied_saysAuthStatus() throws Exception {
    script =
        (socket, call) ->
            write(socket, Replies.authError(ALLOC, call.getInt(0), AuthStatus.AUTH_TOOWEAK));
    RpcException refused = assertInstanceOf(RpcException.class, failure(question(client(PATIENT))));
    assertTrue(refused.acceptStatus().isEmpty());
    assertEquals(AuthStatus.AUTH_TOOWEAK.ordinal(), refused.authStatus().orElseThrow());
  }

  @Test
  void call_rpcMismatch_saysLowAndHigh() throws Exception {
    script = (socket, call) -> write(socket, Replies.rpcMismatch(ALLOC, call.getInt(0)));
    RpcException refused = assertInstanceOf(RpcException.class, failure(question(client(PATIENT))));
    assertTrue(refused.acceptStatus().isEmpty());
    assertTrue(refused.authStatus().isEmpty());
    assertEquals(2, refused.low());
    assertEquals(2, refused.high());
  }

  @Test
  void reply_truncatedAtEveryWord_failsItsCallAlone() throws Exception {
    RpcClient client = client(PATIENT);
    int whole = success(Unpooled.buffer().writeInt(0)).readableBytes() - 4;
    for (int length = 8; length < whole; length += 4) {
      int cut = length;
      script =
          (socket, call) -> {
            ByteBuf record = success(call);
            record.setInt(0, RecordMarking.lastFragment(cut));
            write(socket, record.readSlice(4 + cut));
          };
      assertInstanceOf(XdrException.class, failure(question(client)), "cut to " + cut);
    }
    script = (socket, call) -> write(socket, success(call, 5));
    assertEquals(5, await(question(client)).int32());
  }

  @Test
  void reply_longerThanAllowed_endsTheConnection() throws Exception {
    script = (socket, call) -> socket.write(Buffer.buffer(HexFormat.of().parseHex("ffffffff")));
    RpcClient client = client(PATIENT);
    IOException lost = assertInstanceOf(IOException.class, failure(question(client)));
    assertTrue(lost.getMessage().contains("2147483647 bytes, above 1024"), lost.getMessage());
    assertInstanceOf(IOException.class, failure(question(client)));
  }

  @Test
  void reply_longerThanAllowedInSum_endsTheConnection() throws Exception {
    script =
        (socket, call) -> {
          ByteBuf pieces = Unpooled.buffer();
          for (int piece = 0; piece < 3; piece++) {
            pieces.writeInt(512).writeZero(512);
          }
          write(socket, pieces);
        };
    IOException lost = assertInstanceOf(IOException.class, failure(question(client(PATIENT))));
    assertTrue(lost.getMessage().contains("1536 bytes, above 1024"), lost.getMessage());
  }

  @Test
  void connection_lost_failsCallsInFlightAndLater() throws Exception {
    script =
        (socket, call) -> {
          if (calls.size() == 2) {
            socket.close();
          }
        };
    RpcClient client = client(PATIENT);
    Future<XdrReader> first = question(client);
    Future<XdrReader> second = question(client);
    IOException lost = assertInstanceOf(IOException.class, failure(first));
    String server = "127.0.0.1:" + this.server.actualPort();
    assertEquals("connection to " + server + " was closed by the server", lost.getMessage());
    assertInstanceOf(IOException.class, failure(second));
    assertInstanceOf(IOException.class, failure(question(client)));
  }

  @Test
  void reply_missing_timesOutAndALateOneIsDropped() throws Exception {
    script =
        (socket, call) -> {
          if (calls.size() == 2) {
            write(socket, success(calls.remove(), 1));
            write(socket, success(calls.remove(), 2));
          }
        };
    RpcClient client = client(new RpcClient.Bounds(1024, 2, 4096, 200));
    assertInstanceOf(TimeoutException.class, failure(question(client)));
    assertEquals(2, await(question(client)).int32());
  }

  @Test
  void call_beyondCallsInFlight_fails() throws Exception {
    RpcClient client = client(PATIENT);
    question(client);
    question(client);
    IOException refused = assertInstanceOf(IOException.class, failure(question(client)));
    assertTrue(refused.getMessage().contains("2 calls in flight"), refused.getMessage());
    client.close();
  }

  @Test
  void call_longerThanAllowed_failsUnsent() throws Exception {
    script = (socket, call) -> write(socket, success(call, 5));
    RpcClient client = client(PATIENT);
    Future<XdrReader> tooLong =
        client.call(1, 1, 1, CallCredential.NONE, out -> out.fixed(new byte[1024]));
    assertInstanceOf(XdrException.class, failure(tooLong));
    assertEquals(5, await(question(client)).int32());
  }

  /**
   * Once the connection was closed in the middle of a transfer, by the first garbage collection.
   */
  @Test
  void netClient_heldByNobodyElse_staysOpen() throws Exception {
    script = (socket, call) -> write(socket, success(call, 5));
    netClient = null;
    WeakReference<NetClient> unheld = new WeakReference<>(vertx.createNetClient());
    RpcClient client =
        await(RpcClient.connect(vertx, unheld.get(), "127.0.0.1", server.actualPort()));
    for (int collection = 0; collection < 3; collection++) {
      System.gc();
      assertEquals(5, await(question(client)).int32());
    }
    assertNotNull(unheld.get());
  }

  @Test
  void close_failsCallsInFlight() throws Exception {
    RpcClient client = client(PATIENT);
    Future<XdrReader> asked = question(client);
    await(client.close());
    assertInstanceOf(IOException.class, failure(asked));
  }
}
