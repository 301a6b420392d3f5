package org.nfsproxy.server.portmap;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.nfsproxy.xdr.XdrWriter;

/** Calls to the portmapper, as bytes without record marker. */
final class CallBytes {
  static final int XID = 0x1234_5678;

  private CallBytes() {}

  /** A call with AUTH_NONE. */
  static byte[] call(int version, int procedure, Consumer<XdrWriter> arguments) {
    return call(100000, version, procedure, arguments);
  }

  static byte[] call(int program, int version, int procedure, Consumer<XdrWriter> arguments) {
    return bytes(
        out -> {
          out.int32(XID).int32(0).int32(2).int32(program).int32(version).int32(procedure);
          out.int32(0).int32(0).int32(0).int32(0);
          arguments.accept(out);
        });
  }

  static byte[] getPort(int program, int version, int protocol) {
    return call(2, 3, out -> out.int32(program).int32(version).int32(protocol).int32(0));
  }

  /** GETADDR (3), GETVERSADDR (9) or GETADDRLIST (11). */
  static byte[] rpcb(int rpcbVersion, int procedure, int program, int version, String netid) {
    return call(
        rpcbVersion,
        procedure,
        out -> out.int32(program).int32(version).string(netid).string("").string(""));
  }

  static byte[] bytes(Consumer<XdrWriter> writing) {
    ByteBuf buffer = Unpooled.buffer();
    writing.accept(new XdrWriter(buffer));
    return ByteBufUtil.getBytes(buffer);
  }

  /** An accepted reply with these results. */
  static byte[] success(Consumer<XdrWriter> results) {
    return accepted(0, results);
  }

  static byte[] accepted(int status, Consumer<XdrWriter> rest) {
    return bytes(
        out -> {
          out.int32(XID).int32(1).int32(0).int32(0).int32(0).int32(status);
          rest.accept(out);
        });
  }
}
