package org.nfsproxy.server.tls;

import java.util.List;
import org.nfsproxy.tls.OwnCertificate;
import org.nfsproxy.tls.PemFile;
import org.nfsproxy.tls.TlsFilesException;

/**
 * The files that TLS needs, all PEM.
 *
 * @param section of the configuration, which names them
 * @param certificate of the proxy, and behind it those that lead to its CA
 * @param key of that certificate, unencrypted PKCS#8
 * @param clientCa those who sign clients' certificates; empty for none
 */
public record TlsFiles(String section, String certificate, String key, String clientCa) {
  private static final String OF_CLIENTS = "listen.tls";

  /** Where {@link #certificate} of clients stands. */
  public static final String CERTIFICATE_KEY = "listen.tls.certificate";

  /** Where {@link #key} of clients stands. */
  public static final String KEY_KEY = "listen.tls.key";

  /** Where {@link #clientCa} stands. */
  public static final String CLIENT_CA_KEY = "listen.tls.clientCa";

  /** Those of {@code listen.tls}. */
  public TlsFiles(String certificate, String key, String clientCa) {
    this(OF_CLIENTS, certificate, key, clientCa);
  }

  /** Where {@link #certificate} stands. */
  public String certificateKey() {
    return section + ".certificate";
  }

  /** Where {@link #key} stands. */
  public String keyKey() {
    return section + ".key";
  }

  /**
   * Reads them. Blocks for as long as the disk takes.
   *
   * @return what is in them
   * @throws TlsFilesException if they cannot be used
   */
  public TlsMaterial read() throws TlsFilesException {
    OwnCertificate own = OwnCertificate.read(certificateKey(), certificate, keyKey(), key);
    return new TlsMaterial(
        own, clientCa.isEmpty() ? List.of() : PemFile.read(CLIENT_CA_KEY, clientCa).certificates());
  }
}
