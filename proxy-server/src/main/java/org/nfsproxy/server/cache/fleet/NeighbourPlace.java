package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Where an instance is asked for data, as instances tell each other, in XDR.
 *
 * <pre>
 *  form 1 | address, 4 or 16 bytes | port | origin
 * </pre>
 *
 * @param origin what is behind it: an instance of another origin has other files
 */
// Anybody who takes part in the cluster can say anything here. It makes us connect there, no more:
// who is there must know the secret.
record NeighbourPlace(String address, int port, String origin) {
  static final String TOPIC = "cache";

  private static final int FORM = 1;
  private static final int ORIGIN_BYTES_MAX = 4096;

  byte[] write() {
    try {
      byte[] bytes = InetAddress.getByName(address).getAddress();
      XdrWriter out = new XdrWriter(Unpooled.buffer());
      out.int32(FORM).opaque(bytes).int32(port).string(origin);
      return ByteBufUtil.getBytes(out.buffer());
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("it is an address", impossible);
    }
  }

  /** What was said; null if it is none of ours. */
  static @Nullable NeighbourPlace read(byte[] said) {
    try {
      XdrReader in = new XdrReader().reset(Unpooled.wrappedBuffer(said));
      if (in.int32() != FORM) {
        return null;
      }
      InetAddress address = InetAddress.getByAddress(in.opaque(16));
      int port = in.count(65535);
      String origin = in.string(ORIGIN_BYTES_MAX);
      return port == 0 ? null : new NeighbourPlace(address.getHostAddress(), port, origin);
    } catch (XdrException | UnknownHostException wrong) {
      return null;
    }
  }
}
