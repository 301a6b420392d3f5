package org.nfsproxy.backend.coordinated.embedded;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.EngineRig;
import org.nfsproxy.backend.coordinated.files.Files;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.xdr.XdrReader;

class EmbeddedOriginTest {
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private final EngineRig rig = new EngineRig();
  private Vertx vertx;
  private EmbeddedOrigin origin;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    origin = await(EmbeddedOrigin.start(vertx, rig.files, 0));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", origin.port());
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    return socket;
  }

  private static byte[] nullCall(int xid) {
    ByteBuf call = Unpooled.buffer().writeInt(0x8000_0028);
    call.writeInt(xid).writeInt(0).writeInt(2).writeInt(100003).writeInt(3).writeInt(0);
    call.writeZero(16);
    return io.netty.buffer.ByteBufUtil.getBytes(call);
  }

  private static int replyXid(DataInputStream in) throws IOException {
    assertEquals(0x8000_0018, in.readInt());
    int xid = in.readInt();
    assertEquals(20, in.readNBytes(20).length);
    return xid;
  }

  @Test
  void call_byRpcClient_isAnswered() throws Exception {
    RpcClient client =
        await(RpcClient.connect(vertx, vertx.createNetClient(), "127.0.0.1", origin.port()));
    CallCredential root = CallCredential.sys("test", 0, 0);
    XdrReader in = await(client.call(100005, 3, 1, root, out -> out.string("/export")));
    assertEquals(0, in.int32());
    assertArrayEquals(rig.export, in.opaque(64));
  }

  @Test
  void read_ofOneMebibyte_arrivesWhole() throws Exception {
    byte[] contents = new byte[1 << 20];
    new java.util.Random(1).nextBytes(contents);
    byte[] file = rig.root.create(rig.export, "file").ok();
    rig.root.write(file, 0, 2, contents);
    RpcClient client =
        await(RpcClient.connect(vertx, vertx.createNetClient(), "127.0.0.1", origin.port()));
    CallCredential root = CallCredential.sys("test", 0, 0);
    List<Future<XdrReader>> reads = new ArrayList<>();
    for (int at = 0; at < 100; at++) {
      reads.add(
          client.call(100003, 3, 6, root, out -> out.opaque(file).int64(0).int32(contents.length)));
    }
    for (Future<XdrReader> read : reads) {
      XdrReader in = await(read);
      in.skip(4 + 88 + 8);
      assertArrayEquals(contents, in.opaque(1 << 20));
    }
  }

  @Test
  void call_dripFedInFragmentsOfOneByte_isAnswered() throws Exception {
    byte[] call = nullCall(7);
    try (Socket socket = connect()) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      for (int at = 4; at < call.length; at++) {
        int last = at == call.length - 1 ? 0x80 : 0;
        for (int octet : new int[] {last, 0, 0, 1, call[at]}) {
          out.write(octet);
          out.flush();
        }
      }
      assertEquals(7, replyXid(new DataInputStream(socket.getInputStream())));
    }
  }

  @Test
  void calls_manyInOneWrite_areAllAnswered() throws Exception {
    ByteBuf calls = Unpooled.buffer();
    int count = 1000;
    for (int xid = 0; xid < count; xid++) {
      calls.writeBytes(nullCall(xid));
    }
    boolean[] answered = new boolean[count];
    try (Socket socket = connect()) {
      calls.readBytes(socket.getOutputStream(), calls.readableBytes());
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int at = 0; at < count; at++) {
        answered[replyXid(in)] = true;
      }
    }
    for (boolean each : answered) {
      assertTrue(each);
    }
  }

  @Test
  void record_announcedTooLong_endsTheConnectionAndOthersAreServed() throws Exception {
    for (int marker :
        new int[] {0xffff_ffff, 0x7fff_ffff, 0x8000_0000 | (1 << 20) + (1 << 16) + 1}) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(Unpooled.buffer().writeInt(marker).array(), 0, 4);
        assertEquals(-1, socket.getInputStream().read());
      }
    }
    try (Socket socket = connect()) {
      socket.getOutputStream().write(nullCall(7));
      assertEquals(7, replyXid(new DataInputStream(socket.getInputStream())));
    }
  }

  @Test
  void bytes_thatAreNoRpc_endTheConnection() throws Exception {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(new byte[] {(byte) 0x80, 0, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8});
      assertEquals(-1, socket.getInputStream().read());
    }
  }

  @Test
  void connections_beyondTheBound_areClosedAndComeAgainLater() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    for (int at = 0; at < 64; at++) {
      Socket socket = connect();
      sockets.add(socket);
      socket.getOutputStream().write(nullCall(at));
      assertEquals(at, replyXid(new DataInputStream(socket.getInputStream())));
    }
    try (Socket refused = connect()) {
      assertEquals(-1, refused.getInputStream().read());
    }
    for (Socket socket : sockets) {
      socket.close();
    }
    boolean served = false;
    for (int attempt = 0; !served && attempt < 1000; attempt++) {
      try (Socket socket = connect()) {
        socket.getOutputStream().write(nullCall(7));
        served = socket.getInputStream().read() == 0x80;
      } catch (IOException reset) {
        Thread.sleep(10); // the origin has not yet seen the others go
      }
    }
    assertTrue(served);
  }

  /** Files that answer nothing until they may. */
  private static Files blockedUntil(Semaphore released, Files files) {
    return (Files)
        Proxy.newProxyInstance(
            Files.class.getClassLoader(),
            new Class<?>[] {Files.class},
            (proxy, method, arguments) -> {
              released.acquireUninterruptibly();
              return method.invoke(files, arguments);
            });
  }

  @Test
  void client_thatSendsMoreThanIsExecuted_isNotRead() throws Exception {
    Semaphore released = new Semaphore(0);
    EmbeddedOrigin slow = await(EmbeddedOrigin.start(vertx, blockedUntil(released, rig.files), 0));
    int callBytes = 1 << 16;
    long total = 256L << 20;
    ByteBuf call = Unpooled.buffer(callBytes).writeInt(0x8000_0000 | callBytes - 4);
    call.writeInt(1).writeInt(0).writeInt(2).writeInt(100003).writeInt(3).writeInt(1);
    call.writeZero(16).writeInt(rig.export.length).writeBytes(rig.export);
    call.writeZero(call.writableBytes());
    AtomicLong sent = new AtomicLong();
    try (Socket socket = new Socket("127.0.0.1", slow.port())) {
      Thread writer = new Thread(() -> send(socket, call.array(), total, sent));
      writer.start();
      long before = -1;
      while (sent.get() < total && (sent.get() == 0 || sent.get() != before)) {
        before = sent.get();
        writer.join(300);
      }
      assertTrue(sent.get() < total, "all of it was taken");
    } finally {
      released.release(Integer.MAX_VALUE);
    }
    try (Socket socket = new Socket("127.0.0.1", slow.port())) {
      socket.getOutputStream().write(nullCall(7)); // behind what still waits for a worker
      assertEquals(7, replyXid(new DataInputStream(socket.getInputStream())));
    }
    await(slow.close());
  }

  private static void send(Socket socket, byte[] call, long total, AtomicLong sent) {
    try {
      while (sent.get() < total) {
        socket.getOutputStream().write(call);
        sent.addAndGet(call.length);
      }
    } catch (IOException closed) {
      // the test has ended
    }
  }

  @Test
  void start_onATakenPort_fails() {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class,
            () -> await(EmbeddedOrigin.start(vertx, rig.files, origin.port())));
    assertInstanceOf(BindException.class, failed.getCause());
  }

  // The kernel takes connections until the JDK's selector has let go of the listening socket, which
  // is at its next turn, after the channel says that it is closed.
  @Test
  void close_stopsListening() throws Exception {
    int port = origin.port();
    await(origin.close());
    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> connectUntilRefused(port));
  }

  private static void connectUntilRefused(int port) throws IOException {
    while (true) {
      try (Socket taken = new Socket("127.0.0.1", port)) {
        Thread.onSpinWait();
      } catch (ConnectException refused) {
        return;
      }
    }
  }
}
