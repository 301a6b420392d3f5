package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import org.nfsproxy.nfs.table.Portmap2;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.table.Rpcbind4;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RpcClient;
import org.nfsproxy.server.locks.forward.ClientCall;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Calls clients from this machine, at the ports that their portmappers tell, over TCP. */
final class ClientCaller implements ClientCall.Caller {
  static final int PORTMAP_PORT = 111;

  private static final int TCP = 6;
  private static final int PORT_MAX = 65535;
  private static final int ADDRESS_BYTES_MAX = 256;
  private static final int CONNECT_MILLIS = 3_000;

  /** Longer than any answer of NLM, short of what would hold a connection for a dead client. */
  private static final RpcClient.Bounds BOUNDS = new RpcClient.Bounds(8 << 10, 4, 16 << 10, 5_000);

  private final Vertx vertx;
  private final int portmapPort;

  ClientCaller(Vertx vertx, int portmapPort) {
    this.vertx = vertx;
    this.portmapPort = portmapPort;
  }

  @Override
  public Future<XdrReader> call(ClientCall call) {
    return once(call, portmapPort, portmap -> portOf(portmap, call))
        .compose(
            port ->
                once(
                    call,
                    port,
                    there ->
                        there.call(
                            call.program(),
                            call.version(),
                            call.procedure(),
                            CallCredential.NONE,
                            out -> out.buffer().writeBytes(call.arguments()))));
  }

  private static Future<Integer> portOf(RpcClient portmap, ClientCall call) {
    int program = call.program();
    int version = call.version();
    Future<Integer> answer =
        call.client() instanceof Inet4Address
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

  private <T> Future<T> once(ClientCall call, int port, Asking<T> asking) {
    InetAddress from = call.from();
    NetClientOptions options = new NetClientOptions().setConnectTimeout(CONNECT_MILLIS);
    if (from != null) {
      options.setLocalAddress(from.getHostAddress());
    }
    NetClient maker = vertx.createNetClient(options);
    SocketAddress server = SocketAddress.inetSocketAddress(port, call.client().getHostAddress());
    return RpcClient.connect(vertx, maker, server, BOUNDS)
        .compose(made -> asking.with(made).onComplete(done -> made.close()))
        .onComplete(done -> maker.close());
  }
}
