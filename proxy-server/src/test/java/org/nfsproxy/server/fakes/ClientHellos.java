package org.nfsproxy.server.fakes;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** First messages of TLS clients, RFC 8446 section 4.1.2. */
public final class ClientHellos {
  private static final int RECORD_HEADER = 5;

  /** Behind the header of record and handshake: version, random. */
  private static final int SESSION_ID = RECORD_HEADER + 4 + 2 + 32;

  private ClientHellos() {}

  /** One as Java sends it, in its record. */
  public static byte[] of(SSLContext context) throws SSLException {
    SSLEngine engine = context.createSSLEngine("127.0.0.1", 2049);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /**
   * The same with one more extension in front.
   *
   * @param type of the extension
   * @param body of the extension
   */
  public static byte[] with(byte[] hello, int type, byte[] body) {
    int at = SESSION_ID;
    at += 1 + (hello[at] & 0xff);
    at += 2 + int16(hello, at); // cipher suites
    at += 1 + (hello[at] & 0xff); // compression
    int extensions = at;
    byte[] own =
        Wire.concat(
            new byte[] {(byte) (type >> 8), (byte) type},
            new byte[] {(byte) (body.length >> 8), (byte) body.length},
            body);
    byte[] longer =
        Wire.concat(
            Arrays.copyOf(hello, extensions + 2),
            own,
            Arrays.copyOfRange(hello, extensions + 2, hello.length));
    add(longer, extensions, own.length);
    add(longer, RECORD_HEADER + 2, own.length); // the lower bytes of three
    add(longer, 3, own.length);
    return longer;
  }

  private static int int16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static void add(byte[] bytes, int at, int more) {
    int sum = int16(bytes, at) + more;
    bytes[at] = (byte) (sum >> 8);
    bytes[at + 1] = (byte) sum;
  }
}
