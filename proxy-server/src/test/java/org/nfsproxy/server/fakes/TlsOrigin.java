package org.nfsproxy.server.fakes;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An origin's side of RPC-with-TLS, RFC 9289, for one connection. */
public final class TlsOrigin {
  private TlsOrigin() {}

  /**
   * Answers the question for TLS, begins it, and answers the call by which the proxy looks whether
   * it holds.
   *
   * @return the same connection, inside TLS
   */
  public static FakeOriginConnection secured(FakeOriginConnection plain, SSLContext context)
      throws IOException {
    return confirmed(begun(plain, context, none -> {}));
  }

  /** The same, for an origin that wants the proxy's certificate. */
  public static FakeOriginConnection mutual(FakeOriginConnection plain, SSLContext context)
      throws IOException {
    return confirmed(begun(plain, context, socket -> socket.setNeedClientAuth(true)));
  }

  /** Answers the question for TLS. */
  public static void grant(FakeOriginConnection plain) throws IOException {
    plain.send(Wire.record(TlsClients.granted(Wire.word(call(plain), 0))));
  }

  /** Begins TLS, as whatever sets the socket wants it. */
  public static FakeOriginConnection begun(
      FakeOriginConnection plain, SSLContext context, Consumer<SSLSocket> settings)
      throws IOException {
    grant(plain);
    return shake(plain, context, settings);
  }

  /** Begins TLS where it was granted. */
  public static FakeOriginConnection shake(
      FakeOriginConnection plain, SSLContext context, Consumer<SSLSocket> settings)
      throws IOException {
    Socket socket = plain.socket();
    SSLSocket secured =
        (SSLSocket)
            context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.setEnabledProtocols(new String[] {"TLSv1.3"});
    settings.accept(secured);
    secured.startHandshake();
    return new FakeOriginConnection(secured, plain.number());
  }

  /** Answers the call by which the proxy looks whether TLS holds. */
  public static FakeOriginConnection confirmed(FakeOriginConnection inside) throws IOException {
    inside.send(Wire.reply(Wire.word(call(inside), 0)));
    return inside;
  }

  private static byte[] call(FakeOriginConnection connection) throws IOException {
    byte[] call = connection.receive();
    if (call == null) {
      throw new EOFException();
    }
    return call;
  }
}
