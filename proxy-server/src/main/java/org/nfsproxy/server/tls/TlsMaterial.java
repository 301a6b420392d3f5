package org.nfsproxy.server.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What is in the files of TLS.
 *
 * @param chain the proxy's own certificate first
 * @param clientCa those who sign clients' certificates; empty for nobody
 */
public record TlsMaterial(
    List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCa) {
  private static final byte[] SIGNED = "nfs-proxy".getBytes(StandardCharsets.US_ASCII);

  /** The proxy's own certificate. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** From when on no client takes it: when the first of the chain expires. */
  public Instant expires() {
    return chain.stream()
        .map(each -> each.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether the key is the certificate's: what it signs, that verifies. */
  boolean belongTogether() {
    PublicKey publicKey = certificate().getPublicKey();
    try {
      Signature signature = Signature.getInstance(algorithm(publicKey.getAlgorithm()));
      signature.initSign(key);
      signature.update(SIGNED);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(SIGNED);
      return signature.verify(signed);
    } catch (GeneralSecurityException doNotFit) {
      return false;
    }
  }

  private static String algorithm(String kind) {
    return switch (kind) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      default -> kind; // EdDSA
    };
  }
}
