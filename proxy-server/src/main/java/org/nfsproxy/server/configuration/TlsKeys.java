package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.choice;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.text;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.tls.ClientCertificates;
import org.nfsproxy.server.tls.TlsFiles;

/** The keys of {@code listen.tls}. */
final class TlsKeys {
  private static final TextForm PATH = TextForm.ABSOLUTE_PATH.orEmpty();

  static final Key<TlsMode> MODE =
      choice(
          "listen.tls.mode",
          TlsMode.OFF,
          "Whether clients have TLS, on the same ports, if they ask for it (RFC 9289; Linux:"
              + " `xprtsec=tls` or `mtls`): never, if they ask, or always: then NFS without it is"
              + " refused. MOUNT, the portmapper and NLM stay in the clear: docs/guide/tls.md.",
          "It needs a certificate, which only the administrator can have made.");

  static final Key<String> CERTIFICATE =
      text(
          TlsFiles.CERTIFICATE_KEY,
          "",
          PATH,
          "The proxy's certificate, and behind it those that lead to its CA, in PEM. It must have the"
              + " name or address that clients mount. Looked at every `reload.scanMillis`; what has"
              + " changed holds for new connections.",
          "Without one there is no TLS.");

  static final Key<String> KEY =
      text(
          TlsFiles.KEY_KEY,
          "",
          PATH,
          "The key of that certificate, in PEM (PKCS#8, not encrypted).",
          "Without one there is no TLS.");

  static final Key<String> CLIENT_CA =
      text(
          TlsFiles.CLIENT_CA_KEY,
          "",
          PATH,
          "The certificates, in PEM, of those who sign clients' certificates.",
          "Nobody's word is taken for who a client is, unless it is named.");

  static final Key<ClientCertificates> CLIENTS =
      choice(
          "listen.tls.clients",
          ClientCertificates.NONE,
          "Whether clients are asked for a certificate: not at all, asked (who shows a wrong one is"
              + " refused, who shows none is not), or required. What a certificate allows, is for"
              + " `exports.parameters.transport` and `certificates` to say.",
          "It needs `listen.tls.clientCa`.");

  static final Key<Integer> HANDSHAKE_MILLIS =
      int32(
          "listen.tls.handshakeMillis",
          10_000,
          100,
          60_000,
          "How long a handshake may take; then its connection is closed.",
          "As long as a Linux client waits for its own part of it.");

  static final Key<Integer> HANDSHAKES_MAX =
      int32(
          "listen.tls.handshakesMax",
          512,
          1,
          1_000_000,
          "Handshakes that may be under way at once. One more waits, unanswered, until there is room.",
          "A bound of memory: of each, 1 MiB at most is kept until it ends (not measured: estimated a tenth of that as usual).");

  static final Key<Integer> HANDSHAKES_PER_CLIENT_MAX =
      int32(
          "listen.tls.handshakesPerClientMax",
          64,
          1,
          1_000_000,
          "Those of one client's address. Where all clients come with one address, from a balancer or"
              + " NAT, make it as large as `listen.tls.handshakesMax`.",
          "Four mounts with `nconnect=16` at once; an eighth of all, so that one client leaves room.");

  static final List<Key<?>> ALL =
      List.of(
          MODE,
          CERTIFICATE,
          KEY,
          CLIENT_CA,
          CLIENTS,
          HANDSHAKE_MILLIS,
          HANDSHAKES_MAX,
          HANDSHAKES_PER_CLIENT_MAX);

  private TlsKeys() {}
}
