package org.nfsproxy.server.policy;

import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What a peer's certificate calls it: the subject, and of the subject alternative names those that
 * are DNS names, URIs or IP addresses (RFC 5280 section 4.2.1.6).
 *
 * @param dns in lower case
 * @param addresses each in the one form of {@link ClientAddress}
 */
// Read once, when a handshake has ended; asked for every call where a rule has `certificates`.
public record PeerNames(
    X500Principal subject, Set<String> dns, Set<String> uris, Set<ClientAddress> addresses) {
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  /** A certificate with more names than these is nobody's: they would be looked at in each call. */
  private static final int NAMES_MAX = 100;

  /**
   * The names in a certificate.
   *
   * @throws CertificateParsingException if they cannot be read, or are too many
   */
  public static PeerNames of(X509Certificate certificate) throws CertificateParsingException {
    PeerNames names =
        new PeerNames(
            certificate.getSubjectX500Principal(),
            new HashSet<>(),
            new HashSet<>(),
            new HashSet<>());
    Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
    if (alternatives == null) {
      return names;
    }
    if (alternatives.size() > NAMES_MAX) {
      throw new CertificateParsingException("more than " + NAMES_MAX + " names");
    }
    for (List<?> each : alternatives) {
      names.add((Integer) each.get(0), each.get(1));
    }
    return names;
  }

  private void add(int kind, Object name) {
    if (!(name instanceof String text)) {
      return;
    }
    switch (kind) {
      case DNS -> dns.add(text.toLowerCase(Locale.ROOT));
      case URI -> uris.add(text);
      case IP -> {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text);
        if (address != null) {
          addresses.add(ClientAddress.of(address));
        }
      }
      default -> {}
    }
  }

  /**
   * One name to tell people.
   *
   * @return the first DNS name or URI, else the subject
   */
  public String shown() {
    String first = first(dns);
    String other = first == null ? first(uris) : first;
    return other == null ? subject.getName(X500Principal.RFC2253) : other;
  }

  private static @Nullable String first(Set<String> names) {
    return names.stream().sorted().findFirst().orElse(null);
  }
}
