package org.nfsproxy.server.listen;

import io.netty.channel.ChannelFuture;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.PeerNames;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.server.tls.HandshakeOutcome;
import org.nfsproxy.server.tls.TlsRecords;

/** TLS of one client's connection, from its handshake on. Used on its event loop. */
final class ConnectionTls {
  private static final int DETAIL_CHARS_MAX = 200;

  private final SslHandler handler;
  private final TlsRecords records;
  private final TlsListening tls;
  private final InetSocketAddress client;
  private boolean hasEnded;

  ConnectionTls(
      SslHandler handler, TlsRecords records, TlsListening tls, InetSocketAddress client) {
    this.handler = handler;
    this.records = records;
    this.tls = tls;
    this.client = client;
  }

  /**
   * Who the handshake says it is; to be asked when that has ended well.
   *
   * @return null if the certificate is one that is not taken, which was counted and told
   */
  @Nullable Peer peer(long second) {
    try {
      Peer peer = Peer.secured(ClientAddress.of(client.getAddress()), names());
      hasEnded = true;
      tls.counts().count(HandshakeOutcome.OK, "", "", second);
      return peer;
    } catch (GeneralSecurityException notTaken) {
      failed(notTaken, second);
      return null;
    }
  }

  // A session that is taken up again had its certificate verified when it began.
  private @Nullable PeerNames names() throws GeneralSecurityException {
    Certificate[] chain;
    try {
      chain = handler.engine().getSession().getPeerCertificates();
    } catch (SSLPeerUnverifiedException none) {
      return null;
    }
    X509Certificate own = (X509Certificate) chain[0];
    own.checkValidity();
    return PeerNames.of(own);
  }

  /** Counts its handshake as one that failed, unless it has ended. */
  void failed(Throwable why, long second) {
    if (hasEnded) {
      return;
    }
    hasEnded = true;
    String message = why.getMessage();
    String detail =
        message == null
            ? why.getClass().getSimpleName()
            : Printable.text(message, DETAIL_CHARS_MAX);
    tls.counts()
        .count(HandshakeOutcome.of(why), client.getAddress().getHostAddress(), detail, second);
  }

  /** What arrives, before it is opened. */
  TlsRecords records() {
    return records;
  }

  /** Whether the handshake is under way. */
  boolean isShakingHands() {
    return !hasEnded;
  }

  /** Says that nothing more comes (close_notify), behind all that was written. */
  ChannelFuture endOutput() {
    return handler.closeOutbound();
  }
}
