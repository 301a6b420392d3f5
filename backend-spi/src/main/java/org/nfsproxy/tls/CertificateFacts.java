package org.nfsproxy.tls;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What people want to know of a certificate.
 *
 * @param subject whose it is
 * @param names host names, addresses and URIs that it is for
 * @param issuer who signed it
 * @param begins from when on it is valid
 * @param expires until when it is
 */
public record CertificateFacts(
    String subject, List<String> names, String issuer, Instant begins, Instant expires) {
  private static final int NAMES_MAX = 32;

  /** GeneralName of RFC 5280 section 4.2.1.6: DNS name, URI, IP address. */
  private static final List<Integer> KINDS = List.of(2, 6, 7);

  /**
   * Of a certificate.
   *
   * @param certificate any
   * @return as it stands there; strangers may have written it
   */
  public static CertificateFacts of(X509Certificate certificate) {
    return new CertificateFacts(
        certificate.getSubjectX500Principal().getName(),
        names(certificate),
        certificate.getIssuerX500Principal().getName(),
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant());
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> all = certificate.getSubjectAlternativeNames();
      if (all == null) {
        return List.of();
      }
      for (List<?> each : all) {
        if (KINDS.contains(each.get(0)) && names.size() < NAMES_MAX) {
          names.add(String.valueOf(each.get(1)));
        }
      }
    } catch (CertificateParsingException unreadable) {
      return List.of();
    }
    return List.copyOf(names);
  }

  /**
   * How long it is valid from a moment on.
   *
   * @param now the moment
   * @return whole days; negative once it has expired
   */
  public long daysLeft(Instant now) {
    return Math.floorDiv(Duration.between(now, expires).toSeconds(), 86_400L);
  }
}
