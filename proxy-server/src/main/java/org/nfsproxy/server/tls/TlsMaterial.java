package org.nfsproxy.server.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.nfsproxy.tls.OwnCertificate;

/**
 * What is in the files of TLS.
 *
 * @param own the proxy's own certificate
 * @param clientCa those who sign clients' certificates; empty for nobody
 */
public record TlsMaterial(OwnCertificate own, List<X509Certificate> clientCa) {
  /** The proxy's own certificate. */
  public X509Certificate certificate() {
    return own.certificate();
  }

  /** From when on no client takes it: when the first of the chain expires. */
  public Instant expires() {
    return own.expires();
  }
}
