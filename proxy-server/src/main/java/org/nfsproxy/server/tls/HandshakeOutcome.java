package org.nfsproxy.server.tls;

import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.Causes;

/** What became of a handshake, as far as this side can tell. */
public enum HandshakeOutcome {
  /** The connection has TLS. */
  OK("succeeded", ""),
  /** {@code listen.tls.clients} requires a certificate, and the client has none. */
  NO_CERTIFICATE(
      "the client shows no certificate",
      "mount with `xprtsec=mtls`, with a certificate in the client's /etc/tlshd.conf"),
  /** The client's certificate is not one that is taken. */
  BAD_CERTIFICATE(
      "the client's certificate is refused",
      "one that `listen.tls.clientCa` has signed, that is valid now, and that is for clients"),
  /** The client has said no, with an alert. */
  REFUSED_BY_CLIENT(
      "the client refuses it",
      "the client's tlshd says why: does it know the CA, and is the name that it mounts in the"
          + " certificate?"),
  /** The client has gone. A Linux client that dislikes the certificate does so, without a word. */
  ENDED_BY_CLIENT(
      "the client ends the connection",
      "the client's tlshd says why: does it know the CA, and is the name that it mounts in the"
          + " certificate?"),
  /** It did not end in time. */
  TIMED_OUT(
      "it did not end in listen.tls.handshakeMillis",
      "is the client's tlshd running, and is there CPU for it?"),
  /** What comes is no TLS, not TLS 1.3, or for another application. */
  PROTOCOL("what comes is not TLS 1.3 for ONC RPC", "a client that speaks RFC 9289");

  private final String words;
  private final String cure;

  HandshakeOutcome(String words, String cure) {
    this.words = words;
    this.cure = cure;
  }

  /** For log lines. */
  public String words() {
    return words;
  }

  /** What to look at. */
  public String cure() {
    return cure;
  }

  /**
   * What a failure of the TLS engine means. Java's have no types of their own, so their words
   * count.
   */
  public static HandshakeOutcome of(Throwable failure) {
    HandshakeOutcome outcome = Causes.first(failure, HandshakeOutcome::ofOne);
    return outcome == null ? PROTOCOL : outcome;
  }

  private static @Nullable HandshakeOutcome ofOne(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof SslHandshakeTimeoutException) {
      return TIMED_OUT;
    } else if (cause instanceof ClosedChannelException) {
      return ENDED_BY_CLIENT;
    } else if (message.contains("Empty client certificate chain")) {
      return NO_CERTIFICATE;
    } else if (message.contains("Received fatal alert")) {
      return REFUSED_BY_CLIENT;
    } else if (cause instanceof CertificateException) {
      return BAD_CERTIFICATE;
    } else if (cause instanceof SSLException && message.contains("closing inbound")) {
      return ENDED_BY_CLIENT;
    }
    return null;
  }
}
