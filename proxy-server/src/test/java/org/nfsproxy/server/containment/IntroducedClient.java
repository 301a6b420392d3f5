package org.nfsproxy.server.containment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** Sends COMPOUNDs of NFSv4.1, and gives back what came behind the reply's header. */
final class IntroducedClient implements AutoCloseable {
  private final RawClient client;
  private int xid;

  IntroducedClient(RawClient client) {
    this.client = client;
  }

  /** Results from the status on; null if the connection was closed instead. */
  @SafeVarargs
  final byte[] ask(Consumer<XdrWriter>... operations) throws IOException {
    byte[] credential = Wire.xdr(out -> out.int32(0).string("client").int32(0).int32(0).int32(0));
    byte[] call =
        Wire.call(
            ++xid,
            Wire.NFS,
            4,
            1,
            1,
            credential,
            out -> {
              out.int32(0).int32(1).int32(operations.length);
              for (Consumer<XdrWriter> operation : operations) {
                operation.accept(out);
              }
            });
    byte[] reply = client.ask(Wire.record(call));
    return reply == null ? null : java.util.Arrays.copyOfRange(reply, 24, reply.length);
  }

  static Consumer<XdrWriter> exchangeId(String owner, int flags) {
    return out -> out.int32(42).int64(1).string(owner).int32(flags).int32(0).int32(0);
  }

  static Consumer<XdrWriter> sequence() {
    return out -> out.int32(53).fixed(new byte[16]).int32(1).int32(0).int32(0).int32(0);
  }

  static Consumer<XdrWriter> putrootfh() {
    return out -> out.int32(24);
  }

  static Consumer<XdrWriter> lookup(String name) {
    return out -> out.int32(15).string(name);
  }

  static Consumer<XdrWriter> getattr(int bits) {
    return out -> out.int32(9).int32(1).int32(bits);
  }

  static Consumer<XdrWriter> layoutget() {
    return out ->
        out.int32(50)
            .int32(0)
            .int32(1)
            .int32(1)
            .int64(0)
            .int64(-1)
            .int64(0)
            .fixed(new byte[16])
            .int32(9);
  }

  static String text(byte[] results) {
    return new String(results, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
