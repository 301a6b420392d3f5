package org.nfsproxy.server.probe;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.OriginTlsFiles;
import org.nfsproxy.backend.nfs.tls.OriginTlsMode;
import org.nfsproxy.backend.nfs.tls.OriginTlsSettings;
import org.nfsproxy.tls.OwnCertificate;
import org.nfsproxy.tls.PemFile;
import org.nfsproxy.tls.TlsFilesException;

/**
 * What a probe knows of TLS, as {@code backend.origin.tls} will say it.
 *
 * @param everywhere whether all that is asked at the port of NFS is asked inside TLS
 * @param authorities who may have signed the server's certificate; empty for those that Java trusts
 * @param own shown to a server that asks for one; null for none
 * @param name that the server's certificate must have; empty for its host
 * @param files of all that
 */
public record ProbeTls(
    boolean everywhere,
    List<X509Certificate> authorities,
    @Nullable OwnCertificate own,
    String name,
    OriginTlsFiles files) {
  /** As a proxy without TLS. */
  public static final ProbeTls NONE =
      new ProbeTls(false, List.of(), null, "", new OriginTlsFiles("", "", ""));

  /**
   * Reads the files; those that are empty are none.
   *
   * @throws TlsFilesException if they cannot be used; the message names the option
   */
  public static ProbeTls read(
      boolean everywhere, String ca, String certificate, String key, String name)
      throws TlsFilesException {
    return new ProbeTls(
        everywhere,
        ca.isEmpty() ? List.of() : PemFile.read("--ca", ca).certificates(),
        certificate.isEmpty()
            ? null
            : OwnCertificate.read("--certificate", certificate, "--key", key),
        name,
        new OriginTlsFiles(ca, certificate, key));
  }

  /** The name that the certificate of a server must have. */
  String nameOf(String host) {
    return name.isEmpty() ? host : name;
  }

  /** The same as the proxy's own settings. */
  OriginTlsSettings settings() {
    return new OriginTlsSettings(
        OriginTlsMode.REQUIRE, files, name, (int) ProbeConnection.QUESTION_MILLIS, 1, 0);
  }
}
