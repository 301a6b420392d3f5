package org.nfsproxy.backend.nfs.tls;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.tls.OwnCertificate;
import org.nfsproxy.tls.OwnCertificateDoubts;
import org.nfsproxy.tls.PemFile;
import org.nfsproxy.tls.TlsFilesException;

/**
 * The files that TLS towards the origin needs, all PEM; each may be empty.
 *
 * @param ca those who may have signed the origin's certificate; empty for those that Java trusts
 * @param certificate of the proxy
 * @param key of that certificate
 */
public record OriginTlsFiles(String ca, String certificate, String key) {
  /**
   * Reads them. Blocks for as long as the disk takes.
   *
   * @throws TlsFilesException if they cannot be used
   */
  OriginTlsMaterial read() throws TlsFilesException {
    return new OriginTlsMaterial(
        ca.isEmpty() ? List.of() : PemFile.read(OriginTlsKeys.CA.path(), ca).certificates(),
        certificate.isEmpty()
            ? null
            : OwnCertificate.read(
                OriginTlsKeys.CERTIFICATE.path(), certificate, OriginTlsKeys.KEY.path(), key));
  }

  /** What is in them, and can hardly be meant. */
  List<Problem> doubts(OriginTlsMaterial material, Instant now) {
    List<Problem> doubts = new ArrayList<>();
    boolean hasNoneValid =
        material.ca().stream().noneMatch(each -> each.getNotAfter().toInstant().isAfter(now));
    if (!material.ca().isEmpty() && hasNoneValid) {
      doubts.add(
          new Problem(
              OriginTlsKeys.CA.path(),
              '"' + ca + "\", in which every certificate has expired",
              "a CA that is valid"));
    }
    if (material.own() != null) {
      doubts.addAll(
          OwnCertificateDoubts.of(
              material.own(),
              OriginTlsKeys.CERTIFICATE.path(),
              certificate,
              OriginTlsKeys.KEY.path(),
              key,
              now));
    }
    return doubts;
  }
}
