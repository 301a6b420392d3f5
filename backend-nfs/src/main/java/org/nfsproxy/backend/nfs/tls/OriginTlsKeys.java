package org.nfsproxy.backend.nfs.tls;

import java.util.List;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;

/** The keys of {@code backend.origin.tls}. */
public final class OriginTlsKeys {
  private static final TextForm PATH = TextForm.ABSOLUTE_PATH.orEmpty();

  static final Key<OriginTlsMode> MODE =
      Key.choice(
          "backend.origin.tls.mode",
          OriginTlsMode.OFF,
          "Whether the connections to the origin's NFS port have TLS (RFC 9289; Linux: exports with"
              + " `xprtsec=tls` or `mtls`): none, all (an origin without it, or with a certificate"
              + " that does not hold, is as one that is away), or where the origin offers it: then"
              + " whoever sits between can make it look as if it did not. MOUNT, the portmapper and"
              + " NLM stay in the clear: docs/guide/tls.md.",
          "Not every origin has it.");

  static final Key<String> CA =
      Key.text(
          "backend.origin.tls.ca",
          "",
          PATH,
          "The certificates, in PEM, of those who may have signed the origin's certificate. Looked at"
              + " every `backend.origin.tls.scanMillis`; what has changed holds for new connections.",
          "Empty: those that Java trusts, which are the public ones.");

  static final Key<String> NAME =
      Key.text(
          "backend.origin.tls.name",
          "",
          Hosts.HOST.orEmpty(),
          "The name, or IP address, that the origin's certificate must have, and those of its"
              + " equivalents. It is also the one that the origin is asked for (SNI).",
          "Empty: `backend.origin.host`, and of an equivalent its own host.");

  static final Key<String> CERTIFICATE =
      Key.text(
          "backend.origin.tls.certificate",
          "",
          PATH,
          "The proxy's certificate, and behind it those that lead to its CA, in PEM, for an origin"
              + " that asks for one (`xprtsec=mtls`).",
          "Empty: none is shown.");

  static final Key<String> KEY =
      Key.text(
          "backend.origin.tls.key",
          "",
          PATH,
          "The key of that certificate, in PEM (PKCS#8, not encrypted).",
          "It goes with `backend.origin.tls.certificate`.");

  static final Key<Integer> HANDSHAKE_MILLIS =
      Key.int32(
          "backend.origin.tls.handshakeMillis",
          10_000,
          100,
          60_000,
          "How long it may take until a connection has TLS: the question for it, the handshake, and"
              + " one call inside.",
          "As long as Linux's own client waits for a handshake; shorter than"
              + " `backend.origin.waitMillis`, so that there is time for another attempt.");

  static final Key<Integer> HANDSHAKES_MAX =
      Key.int32(
          "backend.origin.tls.handshakesMax",
          32,
          1,
          1_000_000,
          "Handshakes with the origin that are under way at once; clients' connections beyond it wait"
              + " their turn.",
          "After a restart all clients come at once. A Linux origin starts a process for each"
              + " handshake, and one that takes too long is begun anew.");

  static final Key<Integer> SCAN_MILLIS =
      Key.int32(
          "backend.origin.tls.scanMillis",
          5_000,
          0,
          86_400_000,
          "Between two looks at the files of certificates. 0: never.",
          "As often as the configuration is looked at, by default.");

  /** All of them. */
  public static final List<Key<?>> ALL =
      List.of(MODE, CA, NAME, CERTIFICATE, KEY, HANDSHAKE_MILLIS, HANDSHAKES_MAX, SCAN_MILLIS);

  private OriginTlsKeys() {}
}
