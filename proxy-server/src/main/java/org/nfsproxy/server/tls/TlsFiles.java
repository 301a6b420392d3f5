package org.nfsproxy.server.tls;

import java.util.List;
import org.nfsproxy.tls.OwnCertificate;
import org.nfsproxy.tls.PemFile;
import org.nfsproxy.tls.TlsFilesException;

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
    OwnCertificate own = OwnCertificate.read(CERTIFICATE_KEY, certificate, KEY_KEY, key);
    return new TlsMaterial(
        own, clientCa.isEmpty() ? List.of() : PemFile.read(CLIENT_CA_KEY, clientCa).certificates());
  }
}
