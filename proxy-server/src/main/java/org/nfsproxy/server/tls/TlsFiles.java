package org.nfsproxy.server.tls;

import java.util.List;
import org.nfsproxy.configuration.Problem;

/**
 * The files that TLS needs, all PEM.
 *
 * @param certificate of the proxy, and behind it those that lead to its CA
 * @param key of that certificate, unencrypted PKCS#8
 * @param clientCa those who sign clients' certificates; empty for none
 */
public record TlsFiles(String certificate, String key, String clientCa) {
  /** Where {@link #certificate} stands. */
  public static final String CERTIFICATE_KEY = "listen.tls.certificate";

  /** Where {@link #key} stands. */
  public static final String KEY_KEY = "listen.tls.key";

  /** Where {@link #clientCa} stands. */
  public static final String CLIENT_CA_KEY = "listen.tls.clientCa";

  /**
   * Reads them. Blocks for as long as the disk takes.
   *
   * @return what is in them
   * @throws TlsFilesException if they cannot be used
   */
  public TlsMaterial read() throws TlsFilesException {
    PemFile chain = PemFile.read(CERTIFICATE_KEY, certificate);
    PemFile keyFile = PemFile.read(KEY_KEY, key);
    PemFile authorities = clientCa.isEmpty() ? null : PemFile.read(CLIENT_CA_KEY, clientCa);
    TlsMaterial material =
        new TlsMaterial(
            chain.certificates(),
            keyFile.privateKey(chain.certificates().get(0).getPublicKey().getAlgorithm()),
            authorities == null ? List.of() : authorities.certificates());
    if (!material.belongTogether()) {
      throw new TlsFilesException(
          new Problem(
              KEY_KEY,
              '"' + key + "\", which is not the key of the certificate in " + certificate,
              "the key with which that certificate was asked for; "
                  + "`openssl x509 -pubkey -noout -in` the one and `openssl pkey -pubout -in` the"
                  + " other print the same then"));
    }
    return material;
  }
}
