package org.nfsproxy.server.probe;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.OriginHandshake;
import org.nfsproxy.backend.nfs.tls.TlsLook;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.tls.CertificateFacts;

/** What TLS of an origin means for a proxy. */
final class TlsFinding {
  /** From here on somebody should have renewed it. */
  private static final int DAYS_FEW = 30;

  private static final int CHARS_MAX = 300;

  private TlsFinding() {}

  static Finding of(TlsLook.Seen seen) {
    return Finding.of(
        "TLS",
        Severity.NOTE,
        "offered (RFC 9289)" + certificate(seen.certificate()) + ", " + trust(seen),
        isUsable(seen.outcome())
            ? "without backend.origin.tls calls travel to it in the clear, and an export with"
                + " `xprtsec=tls` or `mtls` alone refuses them"
            : "with backend.origin.tls.mode \"require\" the proxy would take it for an origin that is"
                + " away",
        isUsable(seen.outcome())
            ? "set backend.origin.tls.mode to \"require\"" + renew(seen.certificate())
            : cure(seen.outcome()));
  }

  /** Of a server that denies what comes outside TLS. */
  static Finding ofRequired(TlsLook.Seen seen) {
    return Finding.of(
        "TLS",
        Severity.STOP,
        "required: calls outside it are denied (AUTH_TOOWEAK)"
            + certificate(seen.certificate())
            + ", "
            + trust(seen),
        "nothing of it can be re-exported without backend.origin.tls, nor seen here without --tls",
        "ask again with --tls, and set backend.origin.tls.mode to \"require\""
            + (isUsable(seen.outcome()) ? "" : ". Before that, " + cure(seen.outcome())));
  }

  /** Where all was to be asked inside TLS, and there was none. */
  static Finding ofFailure(ProbeFacts facts, OriginHandshake outcome) {
    TlsLook.Seen seen = facts.tlsSeen;
    return Finding.of(
        "TLS",
        Severity.STOP,
        facts.unreached + (seen == null ? "" : certificate(seen.certificate())),
        "with backend.origin.tls.mode \"require\" the proxy would take it for an origin that is away",
        cure(outcome));
  }

  // In the words of this command line first.
  private static String cure(OriginHandshake outcome) {
    return switch (outcome) {
      case NOT_OFFERED -> outcome.cure() + ". Without --tls it is asked in the clear";
      case UNTRUSTED ->
          "give the CA that has signed it: --ca FILE here, backend.origin.tls.ca in the configuration";
      case WRONG_NAME ->
          "ask by a name that stands in it (an address counts only as an IP address of the"
              + " certificate), or give one: --name NAME here, backend.origin.tls.name in the"
              + " configuration";
      case NO_CERTIFICATE ->
          "give one that is signed by a CA that it knows: --certificate FILE --key FILE here,"
              + " backend.origin.tls.certificate and key in the configuration";
      default -> outcome.cure();
    };
  }

  // One that wants a certificate has shown its own, and that was taken.
  private static boolean isUsable(OriginHandshake outcome) {
    return outcome == OriginHandshake.OK || isTrusted(outcome);
  }

  /** Whether the certificate held, whatever came then. */
  static boolean isTrusted(OriginHandshake outcome) {
    return switch (outcome) {
      case OK, NO_CERTIFICATE, REFUSED_BY_ORIGIN -> true;
      default -> false;
    };
  }

  private static String trust(TlsLook.Seen seen) {
    return switch (seen.outcome()) {
      case OK -> "trusted";
      case NO_CERTIFICATE -> "trusted; it wants a certificate of the proxy";
      default -> seen.outcome().words() + " (" + Printable.text(seen.detail(), CHARS_MAX) + ")";
    };
  }

  private static String certificate(@Nullable CertificateFacts shown) {
    if (shown == null) {
      return "";
    }
    String names = shown.names().isEmpty() ? "no name" : String.join(", ", shown.names());
    String text =
        ": certificate %s for %s, signed by %s, %d days left"
            .formatted(shown.subject(), names, shown.issuer(), shown.daysLeft(Instant.now()));
    return Printable.text(text, CHARS_MAX);
  }

  private static String renew(@Nullable CertificateFacts shown) {
    return shown != null && shown.daysLeft(Instant.now()) < DAYS_FEW
        ? "; before it expires, a new certificate is wanted at the server: with an old one the proxy"
            + " would take it for an origin that is away"
        : "";
  }
}
