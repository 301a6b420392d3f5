package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.FakeLockd.Came;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** The service between a fake origin and clients, each at a loopback address of its own. */
final class LockRig implements AutoCloseable {
  static final String PROXY = "127.0.0.1";
  static final String ORIGIN = "127.0.0.2";
  static final String CLIENT_A = "127.0.0.3";
  static final String CLIENT_B = "127.0.0.4";
  static final String STRANGER = "127.0.0.5";
  static final byte[] COOKIE = {1, 2, 3, 4, 5};
  static final byte[] HANDLE = {9, 9, 9, 9, 9, 9, 9};
  static final CallCredential ALICE = CallCredential.sys("client", 1000, 100);

  final Vertx vertx = Vertx.vertx();
  final FakeLockd origin;
  final Path directory;
  LockJudge judge =
      (call, record, client, handle, writes) ->
          Future.succeededFuture(
              new LockVerdict.Allowed(
                  call.flavor(),
                  ByteBufUtil.getBytes(
                      record, call.credentialAt(), call.credentialLength(), true)));
  LockService service;
  int heldPerClientMax = 100;
  long heldBytesMax = 1 << 20;
  long unwrittenBytesMax = 1 << 20;
  int rowsPerClientMax = 4;
  int callsPerClientMax = 16;
  private final int clientPort;
  private int nextXid = 100;

  LockRig(Path directory) throws IOException {
    this.directory = directory;
    this.origin = new FakeLockd(ORIGIN, 0);
    try (FakeLockd any = new FakeLockd(CLIENT_A, 0)) {
      this.clientPort = any.port();
    }
    origin.answers = call -> out -> out.opaque(COOKIE).int32(NlmStatus.GRANTED);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception wrong) {
      throw new AssertionError(wrong);
    }
  }

  /** The origin answers whatever comes with this status from now on. */
  void answerStatus(int status) {
    origin.answers = call -> out -> out.opaque(COOKIE).int32(status);
  }

  LockRig start() {
    LockSettings settings =
        new LockSettings(
            PROXY,
            0,
            0,
            directory,
            null,
            null,
            new LockBounds(
                rowsPerClientMax,
                1000,
                heldPerClientMax,
                heldBytesMax,
                callsPerClientMax,
                1 << 20,
                1 << 20,
                unwrittenBytesMax,
                16,
                4,
                64));
    // A port that is free for TCP may be another's for UDP.
    service = await(start(settings).recover(taken -> start(settings)));
    return this;
  }

  private Future<LockService> start(LockSettings settings) {
    return LockService.start(
        vertx,
        settings,
        new Origin(vertx, origin, PROXY),
        judge,
        null,
        Set::of,
        clientPort,
        System::nanoTime);
  }

  void stop() {
    await(service.close());
  }

  /**
   * An origin whose lock manager is a fake.
   *
   * @param others where connections leave from that nobody says anything about
   */
  record Origin(Vertx vertx, FakeLockd lockd, String others) implements LockOrigin {
    @Override
    public Future<Void> leadsToOneAddress() {
      return Future.succeededFuture();
    }

    @Override
    public Future<NetSocket> connect(InetAddress from) {
      NetClientOptions options =
          new NetClientOptions()
              .setLocalAddress(from == null ? others : from.getHostAddress())
              .setSoLinger(0);
      return vertx.createNetClient(options).connect(lockd.port(), ORIGIN);
    }

    @Override
    public void mayHaveMoved() {}

    @Override
    public Future<List<InetAddress>> addresses() {
      return Future.succeededFuture(List.of(lockd.address()));
    }
  }

  static LockBounds bounds(int heldMax) {
    return new LockBounds(4, heldMax, heldMax, 1 << 20, 16, 1 << 20, 1 << 20, 1 << 20, 16, 4, 64);
  }

  /** Keeps the journal's thread busy, so that nothing is written. */
  void holdJournal(CountDownLatch until) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    vertx
        .createSharedWorkerExecutor("locks-journal-" + directory, 1)
        .executeBlocking(
            () -> {
              held.countDown();
              return until.await(60, TimeUnit.SECONDS);
            });
    held.await();
  }

  /** A client's own lock manager. */
  FakeLockd lockdOf(String client) throws IOException {
    return new FakeLockd(client, clientPort);
  }

  LockSocket client(String address) {
    return LockSocket.connect(address, PROXY, service.port());
  }

  LockSocket monitor(String address) {
    return LockSocket.connect(address, PROXY, service.nsmPort());
  }

  byte[] nlm(int procedure, Consumer<XdrWriter> arguments) {
    return LockSocket.call(nextXid++, LockSocket.NLM, 4, procedure, ALICE, arguments);
  }

  byte[] notice(String name, int state) {
    return LockSocket.call(
        nextXid++, LockSocket.NSM, 1, 6, CallCredential.NONE, out -> out.string(name).int32(state));
  }

  /** nlm4_lock of RFC 1813, by a host "client", oh "0@client". */
  static Consumer<XdrWriter> lock(int svid, long offset, long length) {
    return out -> {
      out.string("client").opaque(HANDLE).opaque("0@client".getBytes(StandardCharsets.US_ASCII));
      out.int32(svid).int64(offset).int64(length);
    };
  }

  static byte[] lockCall(int xid, int svid, long offset, boolean block, boolean reclaim) {
    return LockSocket.call(
        xid,
        LockSocket.NLM,
        4,
        2,
        ALICE,
        out -> {
          lock(svid, offset, 1).accept(out.opaque(COOKIE).bool(block).bool(true));
          out.bool(reclaim).int32(3);
        });
  }

  byte[] lockCall(int svid, long offset, long length, boolean block, int state) {
    return nlm(
        2,
        out -> {
          lock(svid, offset, length).accept(out.opaque(COOKIE).bool(block).bool(true));
          out.bool(false).int32(state);
        });
  }

  byte[] unlockCall(int svid, long offset, long length) {
    return nlm(4, out -> lock(svid, offset, length).accept(out.opaque(COOKIE)));
  }

  byte[] cancelCall(int svid, long offset, long length) {
    return nlm(
        3, out -> lock(svid, offset, length).accept(out.opaque(COOKIE).bool(true).bool(true)));
  }

  /**
   * The origin's grant of what it was asked to lock.
   *
   * @param procedure GRANTED or GRANTED_MSG
   */
  static byte[] grant(int procedure, Came asked, byte[] cookie) {
    XdrReader in = asked.arguments();
    in.opaque(1024);
    in.skip(8);
    in.opaque(1024);
    byte[] handle = in.opaque(64);
    byte[] owner = in.opaque(1024);
    int svid = in.int32();
    long offset = in.int64();
    long length = in.int64();
    return LockSocket.call(
        77,
        LockSocket.NLM,
        4,
        procedure,
        CallCredential.NONE,
        out -> {
          out.opaque(cookie).bool(true).string("origin").opaque(handle).opaque(owner);
          out.int32(svid).int64(offset).int64(length);
        });
  }

  /** Sends a datagram to NLM's port. */
  void datagram(String from, byte[] message) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName(from))) {
      socket.send(
          new DatagramPacket(
              message, message.length, InetAddress.getByName(PROXY), service.port()));
    }
  }

  /** nlm4_stats of a reply, behind 24 bytes of RPC and the cookie. */
  static int status(byte[] reply) {
    return java.nio.ByteBuffer.wrap(reply).getInt(24 + 4 + 8);
  }

  @Override
  public void close() throws Exception {
    if (service != null) {
      await(service.close());
    }
    origin.close();
    await(vertx.close());
  }

  /** The status that a call of a client is answered. */
  static int ask(LockSocket client, byte[] call) {
    client.send(call);
    return status(client.receive());
  }

  List<HeldLock> held() {
    return await(service.list());
  }
}
