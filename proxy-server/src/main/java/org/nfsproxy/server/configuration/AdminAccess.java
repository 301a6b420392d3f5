package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.tls.TlsFiles;

/**
 * How the admin pages are protected.
 *
 * @param tls the certificate they are shown with; empty paths for none
 * @param tokenFile who acts must have what is in it; empty for nobody
 * @param tokenForReading whether who reads must have it too
 * @param sessionsMax browsers that have shown it
 * @param sessionMillis for how long they need not show it again
 * @param failuresMax wrong tokens of an address within a minute
 * @param addressesMax addresses of which they are counted
 * @param connectionsMax connections that have a place
 */
public record AdminAccess(
    TlsFiles tls,
    String tokenFile,
    boolean tokenForReading,
    int sessionsMax,
    int sessionMillis,
    int failuresMax,
    int addressesMax,
    int connectionsMax) {
  /** Whoever reaches the pages may read them, without TLS. */
  public static final AdminAccess OPEN =
      new AdminAccess(
          new TlsFiles(AdminAccessKeys.TLS, "", "", ""), "", false, 64, 28_800_000, 10, 1024, 32);

  static AdminAccess read(Section admin) {
    Section tls = admin.section("tls");
    Section login = admin.section("login");
    AdminAccess access =
        new AdminAccess(
            new TlsFiles(
                AdminAccessKeys.TLS,
                AdminAccessKeys.CERTIFICATE.in(tls),
                AdminAccessKeys.KEY.in(tls),
                ""),
            AdminAccessKeys.TOKEN_FILE.in(admin),
            AdminAccessKeys.TOKEN_FOR_READING.in(admin),
            AdminAccessKeys.SESSIONS_MAX.in(login),
            AdminAccessKeys.SESSION_MILLIS.in(login),
            AdminAccessKeys.FAILURES_MAX.in(login),
            AdminAccessKeys.ADDRESSES_MAX.in(login),
            AdminAccessKeys.CONNECTIONS_MAX.in(admin));
    access.check(admin, tls);
    return access;
  }

  private void check(Section admin, Section section) {
    if (tls.certificate().isEmpty() && !tls.key().isEmpty()) {
      section.report(
          AdminAccessKeys.CERTIFICATE.name(),
          "nothing, beside admin.tls.key",
          "the path of the certificate in PEM");
    }
    if (tls.key().isEmpty() && !tls.certificate().isEmpty()) {
      section.report(
          AdminAccessKeys.KEY.name(),
          "nothing, beside admin.tls.certificate",
          "the path of its key in PEM");
    }
    if (tokenForReading && !hasToken()) {
      admin.report(
          AdminAccessKeys.TOKEN_FILE.name(),
          "nothing, while admin.tokenForReading is true",
          "the path of a file with the token; without one nobody could read");
    }
  }

  /** Whether there is TLS. */
  public boolean isEncrypted() {
    return !tls.certificate().isEmpty();
  }

  /** Whether there is a token. */
  public boolean hasToken() {
    return !tokenFile.isEmpty();
  }
}
