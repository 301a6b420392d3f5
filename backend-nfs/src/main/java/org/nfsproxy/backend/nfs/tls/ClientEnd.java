package org.nfsproxy.backend.nfs.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.Executor;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.tls.OwnCertificate;

/**
 * The client's end of TLS for connections: TLS 1.3 alone, and the application protocol {@code
 * sunrpc} offered (RFC 9289 sections 5 and 8.2). Servers that name none are taken: Linux's tlshd
 * does not. For any thread.
 */
// Sessions that a server lets take up again are in the context, so they end with its files.
final class ClientEnd {
  private static final String APPLICATION_PROTOCOL = "sunrpc";

  /** A certificate need not be verified anew within it; its dates are. */
  private static final int SESSION_SECONDS = 3600;

  /** A server that does not read is not waited for longer, with the end of the session. */
  private static final int GOODBYE_MILLIS = 1_000;

  private final SslContext context;

  private ClientEnd(SslContext context) {
    this.context = context;
  }

  /**
   * Makes one.
   *
   * @param own shown to servers that ask; null for none
   */
  static ClientEnd of(X509ExtendedTrustManager trust, @Nullable OwnCertificate own)
      throws SSLException, GeneralSecurityException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3")
            .sessionTimeout(SESSION_SECONDS)
            .trustManager(trust)
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    APPLICATION_PROTOCOL));
    if (own != null) {
      builder.keyManager(new ShownCertificate(own));
    }
    return new ClientEnd(builder.build());
  }

  /**
   * The end for one connection.
   *
   * @param name that the server's certificate must have
   * @param port for sessions that are taken up again: they are of one name and port
   * @param executor computes
   */
  SslHandler newHandler(
      ByteBufAllocator alloc, String name, int port, int handshakeMillis, Executor executor) {
    String bare = bare(name);
    SslHandler handler = context.newHandler(alloc, bare, port, executor);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the rules of RFC 2818 for names
    SNIHostName indication = indication(bare);
    if (indication != null) {
      parameters.setServerNames(List.of(indication));
    }
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
    return handler;
  }

  /** Without the dot at the end of a name, and the zone of an address, which no certificate has. */
  private static String bare(String name) {
    int zone = name.indexOf('%');
    String bare = zone < 0 ? name : name.substring(0, zone);
    return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
  }

  private static @Nullable SNIHostName indication(String name) {
    if (Hosts.isAddress(name)) {
      return null;
    }
    try {
      return new SNIHostName(name);
    } catch (IllegalArgumentException underscore) {
      return null; // a name that this machine knows, and DNS has not
    }
  }
}
