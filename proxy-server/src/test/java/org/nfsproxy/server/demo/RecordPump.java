package org.nfsproxy.server.demo;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordMarking;

/** A proxy that is not transparent: changes records as a test says on their way. */
final class RecordPump {
  private final NetClient netClient;
  private final NetServer server;

  private RecordPump(
      Vertx vertx, int originPort, Consumer<ByteBuf> calls, Consumer<ByteBuf> replies) {
    netClient = vertx.createNetClient();
    server = vertx.createNetServer();
    server.connectHandler(client -> pair(client, originPort, calls, replies));
  }

  static Future<Integer> start(
      Vertx vertx, int originPort, Consumer<ByteBuf> calls, Consumer<ByteBuf> replies) {
    RecordPump pump = new RecordPump(vertx, originPort, calls, replies);
    return pump.server.listen(0, "127.0.0.1").map(NetServer::actualPort);
  }

  private void pair(
      NetSocket client, int originPort, Consumer<ByteBuf> calls, Consumer<ByteBuf> replies) {
    client.pause();
    netClient
        .connect(originPort, "127.0.0.1")
        .onSuccess(
            origin -> {
              forward(client, origin, calls);
              forward(origin, client, replies);
              client.resume();
            });
  }

  private static void forward(NetSocket from, NetSocket to, Consumer<ByteBuf> change) {
    HeapRecords records =
        new HeapRecords(
            4 << 20,
            record -> {
              change.accept(record);
              ByteBuf marker = Unpooled.buffer(RecordMarking.MARKER_BYTES);
              marker.writeInt(RecordMarking.lastFragment(record.readableBytes()));
              to.write(BufferInternal.buffer(Unpooled.wrappedBuffer(marker, record)));
            });
    from.handler(bytes -> records.accept(((BufferInternal) bytes).getByteBuf()));
    from.closeHandler(closed -> to.close());
  }
}
