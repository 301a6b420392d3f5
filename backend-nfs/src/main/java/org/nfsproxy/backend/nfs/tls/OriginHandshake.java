package org.nfsproxy.backend.nfs.tls;

import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.tls.Causes;

/** What became of an attempt to have TLS with the origin, as far as this side can tell. */
public enum OriginHandshake {
  /** The connection has TLS. */
  OK("it has TLS", ""),
  /** The origin answers the probe, and does not say STARTTLS. */
  NOT_OFFERED(
      "it offers none",
      "is tlshd running there, and does its kernel have RPC-with-TLS? If it does, somebody between"
          + " changes what it says"),
  /** Nobody whom this side trusts has signed its certificate. */
  UNTRUSTED(
      "its certificate is not trusted",
      "the CA that signed it belongs into `backend.origin.tls.ca`; `nfs-proxy probe` shows which one"
          + " that is"),
  /** Its certificate is not valid at this time. */
  EXPIRED("its certificate is not valid now", "a new one at the origin, or the clock of one side"),
  /** Its certificate is somebody else's. */
  WRONG_NAME(
      "its certificate has another name",
      "a certificate with the name or address that `backend.origin.host` has, or that name in"
          + " `backend.origin.tls.name`; an address counts only as an IP address of the certificate"),
  /** It speaks another version of TLS. */
  OLD_VERSION("it does not speak TLS 1.3", "RFC 9289 wants TLS 1.3"),
  /** It wants a certificate, and this side has none. */
  NO_CERTIFICATE(
      "it wants a certificate of this proxy",
      "`backend.origin.tls.certificate` and `key`, signed by a CA that the origin knows"),
  /** It has said no, with an alert. */
  REFUSED_BY_ORIGIN(
      "it refuses",
      "its tlshd says why: does it know the CA of `backend.origin.tls.certificate`, and is that"
          + " certificate valid?"),
  /** It has gone. A Linux server that dislikes the certificate may do so without a word. */
  ENDED_BY_ORIGIN(
      "it ends the connection",
      "its tlshd says why: is it running, does it have a certificate, does it know the CA of"
          + " `backend.origin.tls.certificate`?"),
  /** It did not end in time. */
  TIMED_OUT(
      "there is no end of it in backend.origin.tls.handshakeMillis",
      "is the origin's tlshd running, and is there CPU for it?"),
  /** Something comes in the clear behind the answer to the probe. */
  CLEAR_TEXT(
      "more comes in the clear than the answer to the question for TLS",
      "an origin that speaks RFC 9289; if it does, somebody between puts in what is not its own"),
  /** What comes is no TLS, or no RPC. */
  PROTOCOL("what comes is not TLS with ONC RPC inside", "an origin that speaks RFC 9289");

  private final String words;
  private final String cure;

  OriginHandshake(String words, String cure) {
    this.words = words;
    this.cure = cure;
  }

  /** For log lines, as a sentence about the origin. */
  public String words() {
    return words;
  }

  /** What to look at. */
  public String cure() {
    return cure;
  }

  /**
   * What a failure of the TLS engine means. Java's have no types of their own for the most part, so
   * their words count.
   *
   * @param hasOwn whether this side has a certificate
   */
  static OriginHandshake of(Throwable failure, boolean hasOwn) {
    OriginHandshake outcome = Causes.first(failure, cause -> ofOne(cause, hasOwn));
    return outcome == null ? PROTOCOL : outcome;
  }

  private static @Nullable OriginHandshake ofOne(Throwable cause, boolean hasOwn) {
    String message = String.valueOf(cause.getMessage());
    if (cause instanceof SslHandshakeTimeoutException) {
      return TIMED_OUT;
    } else if (cause instanceof ClosedChannelException) {
      return ENDED_BY_ORIGIN;
    } else if (cause instanceof NotSslRecordException) {
      return PROTOCOL;
    } else if (message.contains("Received fatal alert")) {
      return ofAlert(message, hasOwn);
    } else if (message.contains("closing inbound")
        || message.contains("Connection reset")
        || message.contains("Broken pipe")) {
      return ENDED_BY_ORIGIN;
    } else if (message.contains("protocol version")) {
      return OLD_VERSION;
    }
    return ofCertificate(cause, message);
  }

  private static OriginHandshake ofAlert(String message, boolean hasOwn) {
    if (message.contains("protocol_version")) {
      return OLD_VERSION;
    }
    boolean isAboutCertificate =
        message.contains("certificate_required") || message.contains("bad_certificate");
    return isAboutCertificate && !hasOwn ? NO_CERTIFICATE : REFUSED_BY_ORIGIN;
  }

  // Java's own exceptions wrap the one that says which date it is about.
  private static @Nullable OriginHandshake ofCertificate(Throwable cause, String message) {
    if (isAboutDates(cause)) {
      return EXPIRED;
    } else if (message.contains("No subject alternative") || message.contains("No name matching")) {
      return WRONG_NAME;
    } else if (cause instanceof CertificateException
        || cause instanceof CertPathValidatorException
        || cause instanceof CertPathBuilderException) {
      return UNTRUSTED;
    }
    return null;
  }

  private static boolean isAboutDates(Throwable failure) {
    Boolean found =
        Causes.first(
            failure,
            cause ->
                cause instanceof CertificateExpiredException
                        || cause instanceof CertificateNotYetValidException
                    ? Boolean.TRUE
                    : null);
    return found != null;
  }
}
