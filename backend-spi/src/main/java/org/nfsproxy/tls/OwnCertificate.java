package org.nfsproxy.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.nfsproxy.configuration.Problem;

/**
 * A certificate of this proxy, and its key.
 *
 * @param chain the certificate first, then those that lead to its CA
 * @param key of the first
 */
public record OwnCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] SIGNED = "nfs-proxy".getBytes(StandardCharsets.US_ASCII);

  /**
   * Reads both. Blocks for as long as the disk takes.
   *
   * @param certificateKey of the configuration, for messages
   * @param certificatePath a file in PEM
   * @param keyKey likewise
   * @param keyPath a file in PEM, PKCS#8 that is not encrypted
   * @return what is in them, which belongs together
   * @throws TlsFilesException if they cannot be used
   */
  public static OwnCertificate read(
      String certificateKey, String certificatePath, String keyKey, String keyPath)
      throws TlsFilesException {
    PemFile chainFile = PemFile.read(certificateKey, certificatePath);
    PemFile keyFile = PemFile.read(keyKey, keyPath);
    List<X509Certificate> chain = chainFile.certificates();
    OwnCertificate read =
        new OwnCertificate(chain, keyFile.privateKey(chain.get(0).getPublicKey().getAlgorithm()));
    if (!read.belongTogether()) {
      throw new TlsFilesException(
          new Problem(
              keyKey,
              '"' + keyPath + "\", which is not the key of the certificate in " + certificatePath,
              "the key with which that certificate was asked for; "
                  + "`openssl x509 -pubkey -noout -in` the one and `openssl pkey -pubout -in` the"
                  + " other print the same then"));
    }
    return read;
  }

  /**
   * The certificate itself.
   *
   * @return the first of the chain
   */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /**
   * Whose it is.
   *
   * @return its subject
   */
  public String subject() {
    return certificate().getSubjectX500Principal().getName();
  }

  /**
   * From when on nobody takes it.
   *
   * @return when the first of the chain expires
   */
  public Instant expires() {
    return chain.stream()
        .map(each -> each.getNotAfter().toInstant())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  /** Whether the key is the certificate's: what it signs, that verifies. */
  private boolean belongTogether() {
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
