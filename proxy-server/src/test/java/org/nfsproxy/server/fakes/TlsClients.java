package org.nfsproxy.server.fakes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Clients that ask for TLS, RFC 9289. */
public final class TlsClients {
  private static final int AUTH_TLS = 7;

  private TlsClients() {}

  /** The call that asks. */
  public static byte[] probe(int xid) {
    return Wire.record(Wire.call(xid, Wire.NFS, 4, 0, AUTH_TLS, new byte[0], none -> {}));
  }

  /** What grants it: an accepted call, with STARTTLS in the verifier. */
  public static byte[] granted(int xid) {
    byte[] message =
        Wire.concat(
            Wire.words(xid, 1, 0, 0, 8),
            "STARTTLS".getBytes(StandardCharsets.US_ASCII),
            Wire.words(0));
    return message;
  }

  /**
   * Asks on a connection that has sent nothing, and begins TLS.
   *
   * @return the same connection, inside TLS
   */
  public static RawClient secure(RawClient plain, SSLContext context) throws IOException {
    assertArrayEquals(granted(99), plain.ask(probe(99)), () -> "not granted");
    return shake(plain, context);
  }

  /** Begins TLS on a connection where it was granted. */
  public static RawClient shake(RawClient plain, SSLContext context) throws IOException {
    Socket socket = plain.socket();
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    secured.setEnabledProtocols(new String[] {"TLSv1.3"});
    secured.startHandshake();
    return RawClient.over(secured);
  }
}
