package org.nfsproxy.server.configuration;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.tls.ClientCertificates;
import org.nfsproxy.server.tls.TlsFiles;

/**
 * TLS towards clients.
 *
 * @param handshakeMillis how long one may take
 * @param handshakesMax those under way, in all
 * @param handshakesPerClientMax those of one address
 */
public record ListenTls(
    TlsMode mode,
    TlsFiles files,
    ClientCertificates clients,
    int handshakeMillis,
    int handshakesMax,
    int handshakesPerClientMax) {

  static ListenTls read(Section section) {
    ListenTls tls =
        new ListenTls(
            TlsKeys.MODE.in(section),
            new TlsFiles(
                TlsKeys.CERTIFICATE.in(section),
                TlsKeys.KEY.in(section),
                TlsKeys.CLIENT_CA.in(section)),
            TlsKeys.CLIENTS.in(section),
            TlsKeys.HANDSHAKE_MILLIS.in(section),
            TlsKeys.HANDSHAKES_MAX.in(section),
            TlsKeys.HANDSHAKES_PER_CLIENT_MAX.in(section));
    tls.check(section);
    return tls;
  }

  private void check(Section section) {
    if (!enabled()) {
      if (!files.certificate().isEmpty()) {
        section.warn(
            TlsKeys.MODE.name(),
            "is \"off\", so that listen.tls.certificate is shown to nobody: \"offer\" gives TLS to"
                + " clients that ask for it, \"require\" serves no others");
      }
      return;
    }
    String found =
        "nothing, while listen.tls.mode is \"" + mode.name().toLowerCase(Locale.ROOT) + '"';
    if (files.certificate().isEmpty()) {
      section.report(TlsKeys.CERTIFICATE.name(), found, "the path of a certificate in PEM");
    }
    if (files.key().isEmpty()) {
      section.report(TlsKeys.KEY.name(), found, "the path of its key in PEM");
    }
    if (clients != ClientCertificates.NONE && files.clientCa().isEmpty()) {
      section.report(
          TlsKeys.CLIENT_CA.name(),
          "nothing, while clients are asked for a certificate by listen.tls.clients",
          "the path of the certificates of those who sign them; without, nobody's could be verified");
    }
  }

  /** Whether there is any. */
  public boolean enabled() {
    return mode != TlsMode.OFF;
  }

  /** What a call of NFS may come over. */
  Set<TransportSecurity> possible() {
    Set<TransportSecurity> possible = EnumSet.noneOf(TransportSecurity.class);
    if (mode != TlsMode.REQUIRE) {
      possible.add(TransportSecurity.NONE);
    }
    if (enabled() && clients != ClientCertificates.REQUIRE) {
      possible.add(TransportSecurity.TLS);
    }
    if (enabled() && clients != ClientCertificates.NONE) {
      possible.add(TransportSecurity.MTLS);
    }
    return possible;
  }
}
