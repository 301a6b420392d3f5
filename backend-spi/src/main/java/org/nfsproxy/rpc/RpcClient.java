package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Asks an ONC RPC server over TCP (RFC 5531): for the proxy's own questions, and for tests.
 * Clients' calls never go through it.
 *
 * <p>Methods may be called from any thread. A call ends exactly once: with results, with {@link
 * RpcException} if the server refused it, {@link XdrException} if the reply is garbage, {@link
 * TimeoutException}, {@link FullException} if it was never sent, or another {@link IOException}
 * once the connection has ended. After a time-out the connection stays usable; the late reply is
 * dropped. Futures complete on the caller's Vert.x context.
 */
// A call is in `waiting` from before it is written until whoever takes it out of the map completes
// it: reply, timer, failed write and lost connection race for Map.remove, and one of them wins.
public final class RpcClient {
  /**
   * What one connection may hold.
   *
   * @param recordBytesMax longest reply accepted, and longest call sent
   * @param callsInFlightMax calls without a reply; the next one fails
   * @param unsentBytesMax bytes of calls that the server has not taken yet; the next one fails
   * @param callMillis how long a reply may take
   */
  public record Bounds(
      int recordBytesMax, int callsInFlightMax, long unsentBytesMax, long callMillis) {
    /**
     * A READ or WRITE of 1 MiB (a Linux server's largest) and 64 KiB for what is around it; 256
     * calls, four times the slots of a Linux NFSv4.1 client; 8 MiB, so that several WRITEs may
     * wait; 10 s, since a question waits behind the calls of clients.
     */
    public static final Bounds DEFAULT = new Bounds((1 << 20) + (1 << 16), 256, 8L << 20, 10_000);
  }

  private final Vertx vertx;

  /** Held only to be reachable: Vert.x closes the connections of a NetClient that is not. */
  @SuppressWarnings("unused")
  private final NetClient netClient;

  private final NetSocket socket;

  /** For messages, also after the socket has forgotten it. */
  private final String server;

  private final Bounds bounds;
  private final Map<Integer, Promise<XdrReader>> waiting = new ConcurrentHashMap<>();
  private final AtomicInteger nextXid = new AtomicInteger(ThreadLocalRandom.current().nextInt());
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong unsentBytes = new AtomicLong();
  private volatile @Nullable IOException ended;

  private RpcClient(Vertx vertx, NetClient netClient, NetSocket socket, Bounds bounds) {
    this.vertx = vertx;
    this.netClient = netClient;
    this.socket = socket;
    this.server = String.valueOf(socket.remoteAddress());
    this.bounds = bounds;
    HeapRecords records = new HeapRecords(bounds.recordBytesMax(), this::reply);
    socket.handler(bytes -> receive(records, ((BufferInternal) bytes).getByteBuf()));
    socket.exceptionHandler(broken -> end(describe("broke: " + reason(broken))));
    socket.closeHandler(closed -> end(describe("was closed by the server")));
  }

  private static String reason(Throwable broken) {
    return Objects.requireNonNullElseGet(
        broken.getMessage(), () -> broken.getClass().getSimpleName());
  }

  /**
   * Connects, with {@link Bounds#DEFAULT}.
   *
   * @param vertx the runtime
   * @param client makes the connection; its options say from where, and how long it may take
   * @param host name or address
   * @param port TCP port
   * @return the client, to be closed by the caller
   */
  public static Future<RpcClient> connect(Vertx vertx, NetClient client, String host, int port) {
    return connect(vertx, client, SocketAddress.inetSocketAddress(port, host), Bounds.DEFAULT);
  }

  /**
   * Connects.
   *
   * @param vertx the runtime
   * @param client makes the connection; its options say from where, and how long it may take
   * @param server where to
   * @param bounds what the connection may hold
   * @return the client, to be closed by the caller
   */
  public static Future<RpcClient> connect(
      Vertx vertx, NetClient client, SocketAddress server, Bounds bounds) {
    return client.connect(server).map(socket -> new RpcClient(vertx, client, socket, bounds));
  }

  /**
   * Uses a connection that is there already.
   *
   * @param vertx the runtime
   * @param client what made it
   * @param socket the connection, with no handler set; now the client's
   * @param bounds what the connection may hold
   * @return the client, to be closed by the caller
   */
  public static RpcClient over(Vertx vertx, NetClient client, NetSocket socket, Bounds bounds) {
    return new RpcClient(vertx, client, socket, bounds);
  }

  /**
   * Calls a procedure.
   *
   * @param program its number
   * @param version the program's version
   * @param procedure its number
   * @param credential as whom
   * @param arguments writes the arguments; run before this method returns
   * @return the results in a heap buffer that is the caller's and needs no release
   */
  public Future<XdrReader> call(
      int program,
      int version,
      int procedure,
      CallCredential credential,
      Consumer<XdrWriter> arguments) {
    if (inFlight.incrementAndGet() > bounds.callsInFlightMax()) {
      inFlight.decrementAndGet();
      return Future.failedFuture(
          new FullException(describe("has " + bounds.callsInFlightMax() + " calls in flight")));
    }
    int xid = nextXid.getAndIncrement();
    ByteBuf record;
    try {
      record = callRecord(xid, program, version, procedure, credential, arguments);
    } catch (RuntimeException wrong) {
      inFlight.decrementAndGet();
      return Future.failedFuture(wrong);
    }
    return send(xid, record);
  }

  private ByteBuf callRecord(
      int xid,
      int program,
      int version,
      int procedure,
      CallCredential credential,
      Consumer<XdrWriter> arguments) {
    ByteBuf record = Unpooled.buffer();
    XdrWriter out = new XdrWriter(record).int32(0).int32(xid).int32(MessageType.CALL).int32(2);
    out.int32(program).int32(version).int32(procedure);
    credential.write(out);
    CallCredential.NONE.write(out);
    arguments.accept(out);
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    if (length > bounds.recordBytesMax()) {
      throw new XdrException("call of " + length + " bytes, above " + bounds.recordBytesMax());
    }
    return record.setInt(0, RecordMarking.lastFragment(length));
  }

  private Future<XdrReader> send(int xid, ByteBuf record) {
    Promise<XdrReader> promise = ((ContextInternal) vertx.getOrCreateContext()).promise();
    waiting.put(xid, promise);
    long timer = vertx.setTimer(bounds.callMillis(), expired -> fail(xid, tooLate()));
    promise.future().onComplete(done -> vertx.cancelTimer(timer));
    int length = record.readableBytes();
    if (ended != null) {
      fail(xid, ended);
    } else if (unsentBytes.addAndGet(length) > bounds.unsentBytesMax()) {
      unsentBytes.addAndGet(-length);
      fail(xid, new FullException(describe("does not take what was sent")));
    } else {
      socket
          .write(BufferInternal.buffer(record))
          .onComplete(
              sent -> {
                unsentBytes.addAndGet(-length);
                if (sent.failed()) {
                  fail(xid, new IOException(describe("broke"), sent.cause()));
                }
              });
    }
    return promise.future();
  }

  private void receive(HeapRecords records, ByteBuf bytes) {
    if (ended != null) {
      return; // what still comes behind garbage, or after close
    }
    try {
      records.accept(bytes);
    } catch (RecordException | XdrException garbage) {
      end(describe("brought garbage: " + garbage.getMessage()));
    }
  }

  private void reply(ByteBuf record) {
    if (record.readableBytes() < 8) {
      throw new XdrException("record of " + record.readableBytes() + " bytes");
    }
    if (record.getInt(4) != MessageType.REPLY) {
      return; // a callback: nobody here answers one
    }
    int xid = record.getInt(0);
    Promise<XdrReader> promise = take(xid);
    if (promise == null) {
      return; // it came after its time
    }
    XdrReader results;
    try {
      results = ReplyReader.results(record);
    } catch (RpcException | XdrException refused) {
      promise.fail(refused);
      return;
    }
    promise.complete(results);
  }

  private void fail(int xid, Exception why) {
    Promise<XdrReader> promise = take(xid);
    if (promise != null) {
      promise.fail(why);
    }
  }

  private @Nullable Promise<XdrReader> take(int xid) {
    Promise<XdrReader> taken = waiting.remove(xid);
    if (taken != null) {
      inFlight.decrementAndGet();
    }
    return taken;
  }

  private void end(String why) {
    if (ended == null) {
      ended = new IOException(why);
    }
    socket.close();
    waiting.keySet().forEach(xid -> fail(xid, ended));
  }

  private TimeoutException tooLate() {
    return new TimeoutException(describe("gave no reply in " + bounds.callMillis() + " ms"));
  }

  private String describe(String what) {
    return "connection to " + server + " " + what;
  }

  /**
   * Ends the connection. Calls in flight fail.
   *
   * @return completes when the socket is closed
   */
  public Future<Void> close() {
    end(describe("was closed here"));
    return socket.close();
  }
}
