package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.LockOrigin;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.rpc.ReplyReader;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.server.locks.wire.CallRecord;
import org.nfsproxy.server.socket.CloseNow;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection to the origin's lock manager. Calls leave in the order in which they are made,
 * under xids of its own, and are sent again until they are answered. Used on one event loop.
 */
// A call is never given up: what the origin did of it nobody knows, and a second try under another
// xid behind a later unlock would leave a lock without an owner. Linux does not answer a LOCK while
// it recalls a delegation, so silence is no sign of a lost connection.
final class UpstreamLocks {
  /** Results longer than two strings and a few words are none. */
  static final int RECORD_BYTES_MAX = 8 << 10;

  /** Until it is looked again whether a call may leave. */
  private static final int HELD_BACK_MILLIS = 200;

  /** Between two times that a call is sent; the last one goes on. */
  private static final int[] AGAIN_MILLIS = {1_000, 2_000, 4_000, 8_000, 10_000};

  private static final Logger log = LoggerFactory.getLogger(UpstreamLocks.class);

  /** There will be no answer: this is over. */
  static final class ClosedException extends Exception {
    private static final long serialVersionUID = 1L;

    ClosedException() {
      super("closed", null, false, false);
    }
  }

  /** The origin has refused a call by RPC, and not executed it. */
  static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  private static final class Pending {
    private final byte[] record;
    private final Promise<XdrReader> promise = Promise.promise();
    private int sent;

    Pending(byte[] record) {
      this.record = record;
    }
  }

  private final Vertx vertx;

  /** The one event loop of locks; the connection may be on another. */
  private final Context here;

  private final LockOrigin origin;
  private final @Nullable InetAddress configuredFrom;
  private final Function<InetAddress, Future<Void>> arrival;
  private final BooleanSupplier mayLeave;
  private final Map<Integer, Pending> pending = new LinkedHashMap<>();
  private volatile int pendingCount;
  private final Reply reply = new Reply();
  private int nextXid = ThreadLocalRandom.current().nextInt();
  private @Nullable InetAddress from;
  private volatile @Nullable NetSocket socket;
  private boolean connecting;
  private boolean closed;
  private int failures;

  /**
   * Connects when there is something to say.
   *
   * @param from where to connect from; null for wherever the first connection leaves from
   * @param arrival told where a connection leaves from, before anything is sent through it; if it
   *     fails, nothing is
   * @param mayLeave asked before a call is sent, each time; those that may not wait
   */
  UpstreamLocks(
      Vertx vertx,
      LockOrigin origin,
      @Nullable InetAddress from,
      Function<InetAddress, Future<Void>> arrival,
      BooleanSupplier mayLeave) {
    this.vertx = vertx;
    this.here = vertx.getOrCreateContext();
    this.origin = origin;
    this.configuredFrom = from;
    this.from = from;
    this.arrival = arrival;
    this.mayLeave = mayLeave;
  }

  /** Where calls come from; null before the first connection. */
  @Nullable InetAddress from() {
    return from;
  }

  /** Whether there is a connection; from any thread. */
  boolean isConnected() {
    return socket != null;
  }

  /** Calls without an answer; from any thread. */
  int pending() {
    return pendingCount;
  }

  /**
   * Calls, until there is an answer.
   *
   * @param arguments writes them, once; told where the call comes from
   * @return the results; fails with {@link RefusedException} if the origin refused the call by RPC,
   *     with {@link ClosedException} if it is closed here, otherwise if nobody knows what the
   *     origin made of it
   */
  Future<XdrReader> call(Nlm4 procedure, CallCredential credential, Consumer<XdrWriter> arguments) {
    if (closed) {
      return Future.failedFuture(new ClosedException());
    }
    int xid = nextXid++;
    Pending call = new Pending(CallRecord.of(xid, procedure, credential, arguments));
    pending.put(xid, call);
    pendingCount = pending.size();
    if (socket == null) {
      connect();
    } else {
      send(xid, call);
    }
    return call.promise.future();
  }

  /** Completes when there is a connection, or there was one: {@link #from} is known then. */
  Future<InetAddress> address() {
    InetAddress known = from;
    if (known != null) {
      return Future.succeededFuture(known);
    }
    Promise<InetAddress> promise = Promise.promise();
    waitingForAddress.add(promise);
    connect();
    return promise.future();
  }

  private final List<Promise<InetAddress>> waitingForAddress = new ArrayList<>();

  private void connect() {
    if (connecting || socket != null || closed) {
      return;
    }
    connecting = true;
    OnLoop.of(vertx, origin.connect(from))
        .compose(
            made ->
                arrival.apply(localAddress(made)).map(made).onFailure(unwritten -> made.close()))
        .onComplete(
            attempt -> {
              connecting = false;
              if (attempt.succeeded()) {
                connected(attempt.result());
              } else {
                away(attempt.cause());
              }
            });
  }

  private static InetAddress localAddress(NetSocket made) {
    String text = made.localAddress().hostAddress();
    return Objects.requireNonNull(NetUtil.createInetAddressFromIpAddressString(text), text);
  }

  private void away(Throwable why) {
    if (closed) {
      return;
    }
    if (failures++ == 0) {
      log.warn(
          "the origin's lock manager cannot be reached{}: {}. Locks wait. Its portmapper (port 111)"
              + " or the port in backend.origin.ports.nlm must answer this proxy",
          configuredFrom == null ? "" : " from " + configuredFrom.getHostAddress(),
          String.valueOf(why.getMessage()));
    }
    origin.mayHaveMoved();
    again();
  }

  private void again() {
    if (!pending.isEmpty() || !waitingForAddress.isEmpty()) {
      vertx.setTimer(AGAIN_MILLIS[Math.min(failures, AGAIN_MILLIS.length - 1)], t -> connect());
    }
  }

  private void connected(NetSocket made) {
    if (closed) {
      made.close();
      return;
    }
    if (failures > 0) {
      log.info("the origin's lock manager is reached again");
    }
    failures = 0;
    InetAddress local = localAddress(made);
    from = local;
    socket = made;
    HeapRecords records = new HeapRecords(RECORD_BYTES_MAX, this::reply);
    made.handler(
        bytes ->
            here.runOnContext(back -> read(made, records, ((BufferInternal) bytes).getByteBuf())));
    made.exceptionHandler(broken -> log.debug("connection to the lock manager", broken));
    made.closeHandler(closing -> here.runOnContext(back -> ended(made)));
    List<Promise<InetAddress>> told = List.copyOf(waitingForAddress);
    waitingForAddress.clear();
    List.copyOf(pending.entrySet()).forEach(each -> send(each.getKey(), each.getValue()));
    told.forEach(promise -> promise.complete(local));
  }

  private void ended(NetSocket made) {
    if (socket != made) {
      return;
    }
    socket = null;
    if (!closed && !pending.isEmpty()) {
      origin.mayHaveMoved();
      again();
    }
  }

  private void send(int xid, Pending call) {
    NetSocket to = socket;
    if (to == null) {
      return;
    }
    if (!mayLeave.getAsBoolean()) {
      again(xid, call, to, HELD_BACK_MILLIS);
      return;
    }
    if (call.sent == 0 || !to.writeQueueFull()) {
      to.write(Buffer.buffer(call.record))
          .onFailure(broken -> here.runOnContext(back -> ended(to)));
    }
    again(xid, call, to, AGAIN_MILLIS[Math.min(call.sent++, AGAIN_MILLIS.length - 1)]);
  }

  private void again(int xid, Pending call, NetSocket to, int millis) {
    vertx.setTimer(
        millis,
        silent -> {
          if (pending.get(xid) == call && socket == to) {
            send(xid, call);
          }
        });
  }

  private void read(NetSocket made, HeapRecords records, ByteBuf bytes) {
    try {
      records.accept(bytes);
    } catch (RecordException tooLong) {
      log.warn("the origin's lock manager sent what is no record: {}", tooLong.getMessage());
      made.close();
    }
  }

  private void reply(ByteBuf record) {
    Reply.Form form = reply.read(record, record.readerIndex(), record.writerIndex());
    boolean isReply = form == Reply.Form.RESULTS || form == Reply.Form.NO_RESULTS;
    Pending call = isReply ? pending.remove(reply.xid()) : null;
    pendingCount = pending.size();
    if (call == null) {
      return;
    }
    if (form == Reply.Form.RESULTS) {
      call.promise.complete(new XdrReader().reset(record, reply.resultsAt(), reply.end()));
    } else {
      call.promise.fail(refusal(record));
    }
  }

  // SYSTEM_ERR may also follow when the call has been executed (RFC 5531 section 9).
  private static Exception refusal(ByteBuf record) {
    try {
      ReplyReader.results(record);
      return new IOException("a reply that is none");
    } catch (RpcException refused) {
      String what = "the origin's lock manager refuses a call by RPC, " + refused.getMessage();
      return refused.acceptStatus().equals(Optional.of(AcceptStatus.SYSTEM_ERR))
          ? new IOException(what)
          : new RefusedException(what);
    } catch (XdrException garbage) {
      return garbage;
    }
  }

  /** Ends it; calls without an answer fail. */
  void close() {
    closed = true;
    NetSocket open = socket;
    socket = null;
    if (open != null) {
      CloseNow.of(open); // and not behind what the system has not taken
    }
    List<Pending> left = List.copyOf(pending.values());
    pending.clear();
    pendingCount = 0;
    left.forEach(call -> call.promise.fail(new ClosedException()));
  }
}
