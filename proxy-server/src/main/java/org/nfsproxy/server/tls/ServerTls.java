package org.nfsproxy.server.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import org.nfsproxy.configuration.FileMistakes;
import org.nfsproxy.tls.ExpiryNotice;
import org.nfsproxy.tls.HandshakeThreads;
import org.nfsproxy.tls.TlsFilesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the server's end of TLS for connections, by the certificate of the moment: TLS 1.3 alone,
 * and one application protocol, {@code sunrpc} for clients (RFC 9289 sections 5 and 8.2). For any
 * thread.
 */
// A client that names application protocols, and not this one, has come to the wrong port, or was
// brought there, and is refused; Linux's tlshd names none.
public final class ServerTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);
  private static final String SUNRPC = "sunrpc";
  private static final String HTTP = "http/1.1";

  /** A client that comes back within it need not show its certificate anew. */
  private static final int SESSION_SECONDS = 3600;

  /** A client that does not read is not waited for longer, with the end of the session. */
  private static final int GOODBYE_MILLIS = 1_000;

  private record Current(TlsMaterial material, SslContext context) {}

  private final TlsFiles files;
  private final ClientCertificates clients;
  private final int handshakeMillis;
  private final String applicationProtocol;
  private final ExpiryNotice expiry;
  private final FileMistakes mistakes = new FileMistakes();
  private final HandshakeThreads threads;
  private volatile Current current;

  private ServerTls(
      TlsFiles files,
      ClientCertificates clients,
      int handshakeMillis,
      String applicationProtocol,
      String consequence,
      HandshakeThreads threads)
      throws TlsFilesException, SSLException {
    this.files = files;
    this.applicationProtocol = applicationProtocol;
    this.expiry = new ExpiryNotice(files.section(), consequence);
    this.clients = clients;
    this.handshakeMillis = handshakeMillis;
    this.threads = threads;
    TlsMaterial material = files.read();
    this.current = new Current(material, context(material, clients, applicationProtocol));
  }

  /**
   * Reads the files. Blocks for as long as the disk takes.
   *
   * @param handshakeMillis how long a handshake may take
   * @throws TlsFilesException if they cannot be used
   * @throws SSLException if Java makes nothing of them
   */
  public static ServerTls start(TlsFiles files, ClientCertificates clients, int handshakeMillis)
      throws TlsFilesException, SSLException {
    return start(files, clients, handshakeMillis, HandshakeThreads.start("tls-handshakes"));
  }

  /**
   * The same with threads that are there.
   *
   * @param handshakeMillis how long a handshake may take
   * @param threads end with this
   * @throws TlsFilesException if they cannot be used
   * @throws SSLException if Java makes nothing of them
   */
  public static ServerTls start(
      TlsFiles files, ClientCertificates clients, int handshakeMillis, HandshakeThreads threads)
      throws TlsFilesException, SSLException {
    return new ServerTls(
        files, clients, handshakeMillis, SUNRPC, "clients refuse it, and cannot mount", threads);
  }

  /**
   * The same for pages, which show themselves to whoever comes, and have one thread for their
   * handshakes.
   *
   * @param handshakeMillis how long a handshake may take
   * @throws TlsFilesException if they cannot be used
   * @throws SSLException if Java makes nothing of them
   */
  public static ServerTls ofPages(TlsFiles files, int handshakeMillis)
      throws TlsFilesException, SSLException {
    return ofPages(files, handshakeMillis, HandshakeThreads.start("admin-handshakes", 1));
  }

  /**
   * The same with threads that are there.
   *
   * @param handshakeMillis how long a handshake may take
   * @param threads end with this
   * @throws TlsFilesException if they cannot be used
   * @throws SSLException if Java makes nothing of them
   */
  public static ServerTls ofPages(TlsFiles files, int handshakeMillis, HandshakeThreads threads)
      throws TlsFilesException, SSLException {
    return new ServerTls(
        files,
        ClientCertificates.NONE,
        handshakeMillis,
        HTTP,
        "browsers refuse it, and so do `top` and Prometheus",
        threads);
  }

  private static SslContext context(
      TlsMaterial material, ClientCertificates clients, String applicationProtocol)
      throws SSLException {
    SslContextBuilder builder =
        SslContextBuilder.forServer(
                material.own().key(), material.own().chain().toArray(X509Certificate[]::new))
            .sslProvider(SslProvider.JDK)
            .protocols("TLSv1.3")
            .sessionTimeout(SESSION_SECONDS)
            .clientAuth(
                switch (clients) {
                  case NONE -> ClientAuth.NONE;
                  case ASK -> ClientAuth.OPTIONAL;
                  case REQUIRE -> ClientAuth.REQUIRE;
                })
            .applicationProtocolConfig(
                new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.FATAL_ALERT,
                    SelectedListenerFailureBehavior.ACCEPT,
                    applicationProtocol));
    if (!material.clientCa().isEmpty()) {
      builder.trustManager(material.clientCa());
    }
    return builder.build();
  }

  /** The server's end for one connection. */
  public SslHandler newHandler(ByteBufAllocator alloc) {
    SslContext context = current.context;
    SslHandler handler = threads.newHandler(executor -> context.newHandler(alloc, executor));
    handler.setHandshakeTimeoutMillis(handshakeMillis);
    handler.setCloseNotifyFlushTimeoutMillis(GOODBYE_MILLIS);
    return handler;
  }

  /** What new connections are shown. */
  public TlsMaterial material() {
    return current.material;
  }

  /** Whether clients are asked for a certificate. */
  public ClientCertificates clients() {
    return clients;
  }

  /**
   * Looks whether the files have changed, and when what is in them expires. Blocks for as long as
   * the disk takes; one caller at a time.
   *
   * @param nowMillis the time, of the epoch
   */
  public void look(long nowMillis) {
    try {
      TlsMaterial now = files.read();
      if (!now.equals(current.material)) {
        current = new Current(now, context(now, clients, applicationProtocol));
        log.info(
            "the certificate of {} is another one now, valid until {}; connections go on",
            files.section(),
            now.expires());
      }
      mistakes.none();
    } catch (TlsFilesException | SSLException unusable) {
      String mistake = String.valueOf(unusable.getMessage());
      if (mistakes.isToBeTold(mistake)) {
        log.warn("{}. The certificate read before stays in force", mistake);
      }
    }
    String notice = expiry.at(nowMillis, current.material.own());
    if (notice != null) {
      log.warn(notice);
    }
  }

  /** Whether it makes no more handlers. */
  public boolean isClosed() {
    return threads.isClosed();
  }

  /** Ends its threads; handshakes that are under way fail. */
  @Override
  public void close() {
    threads.close();
  }
}
