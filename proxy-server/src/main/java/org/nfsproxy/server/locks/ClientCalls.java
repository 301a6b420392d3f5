package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Portmap2;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.table.Rpcbind4;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.wire.CallRecord;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Calls a client's own lock manager and status monitor, whose ports its portmapper tells. */
// Over TCP, from the address that the client calls the server: a Linux client takes a grant from no
// other.
final class ClientCalls {
  static final int PORTMAP_PORT = 111;

  private static final int TCP = 6;
  private static final int PORT_MAX = 65535;
  private static final int ADDRESS_BYTES_MAX = 256;
  private static final int CONNECT_MILLIS = 3_000;

  /** Longer than any answer of NLM, short of what would hold a connection for a dead client. */
  private static final RpcClient.Bounds BOUNDS = new RpcClient.Bounds(8 << 10, 4, 16 << 10, 5_000);

  private final Vertx vertx;
  private final int portmapPort;
  private final CallLanes lanes;
  private final Predicate<InetAddress> letsIn;
  private final Consumer<LockEvent> events;

  /**
   * Calls nobody yet.
   *
   * @param letsIn whether some rule lets an address in; no other one is called
   * @param events told why a call is not made
   */
  ClientCalls(
      Vertx vertx,
      int portmapPort,
      CallLanes lanes,
      Predicate<InetAddress> letsIn,
      Consumer<LockEvent> events) {
    this.vertx = vertx;
    this.portmapPort = portmapPort;
    this.lanes = lanes;
    this.letsIn = letsIn;
    this.events = events;
  }

  /** Whether a client is called at all. */
  boolean letsIn(InetAddress client) {
    return letsIn.test(client);
  }

  /**
   * Calls a procedure of a client's.
   *
   * @param from where the call comes from; null for wherever the way to the client begins
   * @return the results; fails if the client cannot be reached in some seconds
   */
  Future<XdrReader> call(
      InetAddress client,
      @Nullable InetAddress from,
      int program,
      int version,
      int procedure,
      Consumer<XdrWriter> arguments) {
    if (!letsIn.test(client)) {
      return notLetIn();
    }
    return lanes.run(client, () -> ask(client, from, program, version, procedure, arguments));
  }

  /**
   * Calls a client with the results of a {@code _MSG} call of its.
   *
   * @param asker who is said to have sent that
   * @param procedure the one of NLM that brings them
   */
  Future<XdrReader> callWithResults(
      LockCaller asker, Nlm4 procedure, Consumer<XdrWriter> arguments) {
    InetAddress client = asker.address();
    if (!letsIn.test(client)) {
      return notLetIn();
    }
    Supplier<Future<XdrReader>> call =
        () ->
            ask(
                client,
                asker.reached(),
                Programs.NLM,
                CallRecord.NLM_VERSION,
                procedure.number(),
                arguments);
    return asker.isConnected() ? lanes.run(client, call) : lanes.runDoubtful(client, call);
  }

  private <T> Future<T> notLetIn() {
    events.accept(LockEvent.CALL_NOT_LET_IN);
    return Future.failedFuture(new IOException("no rule lets it in"));
  }

  private Future<XdrReader> ask(
      InetAddress client,
      @Nullable InetAddress from,
      int program,
      int version,
      int procedure,
      Consumer<XdrWriter> arguments) {
    return once(client, from, portmapPort, portmap -> portOf(portmap, client, program, version))
        .compose(
            port ->
                once(
                    client,
                    from,
                    port,
                    there ->
                        there.call(program, version, procedure, CallCredential.NONE, arguments)));
  }

  private static Future<Integer> portOf(
      RpcClient portmap, InetAddress client, int program, int version) {
    Future<Integer> answer =
        client instanceof Inet4Address
            ? portmap
                .call(
                    Programs.PORTMAP,
                    2,
                    Portmap2.GETPORT.number(),
                    CallCredential.NONE,
                    out -> out.int32(program).int32(version).int32(TCP).int32(0))
                .map(in -> in.count(PORT_MAX))
            : portmap
                .call(
                    Programs.PORTMAP,
                    4,
                    Rpcbind4.GETADDR.number(),
                    CallCredential.NONE,
                    out -> out.int32(program).int32(version).string("tcp6").string("").string(""))
                .map(in -> portOf(in.string(ADDRESS_BYTES_MAX)));
    return answer.compose(
        port ->
            port == 0
                ? Future.failedFuture(new IOException("program " + program + " is not registered"))
                : Future.succeededFuture(port));
  }

  /** The last two numbers of a universal address, RFC 5665 section 5.2.3; 0 if it has none. */
  private static int portOf(String universal) {
    String[] parts = universal.split("\\.", -1);
    if (parts.length < 3) {
      return 0;
    }
    try {
      int high = Integer.parseInt(parts[parts.length - 2]);
      int low = Integer.parseInt(parts[parts.length - 1]);
      return high >= 0 && high <= 255 && low >= 0 && low <= 255 ? high << 8 | low : 0;
    } catch (NumberFormatException none) {
      throw new XdrException("universal address \"" + universal + "\"");
    }
  }

  private interface Asking<T> {
    Future<T> with(RpcClient client);
  }

  private <T> Future<T> once(
      InetAddress client, @Nullable InetAddress from, int port, Asking<T> asking) {
    NetClientOptions options = new NetClientOptions().setConnectTimeout(CONNECT_MILLIS);
    if (from != null) {
      options.setLocalAddress(from.getHostAddress());
    }
    NetClient maker = vertx.createNetClient(options);
    SocketAddress server = SocketAddress.inetSocketAddress(port, client.getHostAddress());
    return RpcClient.connect(vertx, maker, server, BOUNDS)
        .compose(made -> asking.with(made).onComplete(done -> made.close()))
        .onComplete(done -> maker.close());
  }
}
