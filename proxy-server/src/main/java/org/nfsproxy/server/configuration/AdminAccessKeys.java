package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.text;

import java.util.List;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;
import org.nfsproxy.server.access.TokenFile;

/** The keys of {@code admin} that say who may come. */
final class AdminAccessKeys {
  /** Where the certificate of the pages is. */
  static final String TLS = "admin.tls";

  private static final TextForm PATH = TextForm.ABSOLUTE_PATH.orEmpty();

  static final Key<String> CERTIFICATE =
      text(
          "admin.tls.certificate",
          "",
          PATH,
          "The certificate of these pages, and behind it those that lead to its CA, in PEM. With it they"
              + " are served by HTTPS alone (TLS 1.3). Looked at every `reload.scanMillis`; what has"
              + " changed holds for new connections. It may be that of `listen.tls`.",
          "Only the administrator can have one made. Without one they are served by HTTP.");

  static final Key<String> KEY =
      text(
          "admin.tls.key",
          "",
          PATH,
          "The key of that certificate, in PEM (PKCS#8, not encrypted).",
          "It goes with the certificate.");

  static final Key<String> TOKEN_FILE =
      text(
          TokenFile.KEY,
          "",
          PATH,
          "A file with a token of 32 to 512 characters, as `openssl rand -hex 32` makes one, which not"
              + " everybody on the machine may read. Every `POST` needs it then, as `Authorization:"
              + " Bearer TOKEN`, beside an address of `admin.actionsFrom`. Looked at every"
              + " `reload.scanMillis`. From another machine it is taken by HTTPS only.",
          "Without one an address is enough, which by default is the machine itself.");

  static final Key<Boolean> TOKEN_FOR_READING =
      bool(
          "admin.tokenForReading",
          false,
          "Whether reading needs the token too, but for `/health/live`, `/health/ready` and"
              + " `/health/accepting`. A browser shows it once, in a form.",
          "Most who watch watch from inside; and Prometheus has to be told of it.");

  static final Key<Integer> SESSIONS_MAX =
      int32(
          "admin.login.sessionsMax",
          64,
          1,
          10_000,
          "Browsers that have shown the token. One more ends the oldest.",
          "More than administrators have; a hundred bytes each.");

  static final Key<Integer> SESSION_MILLIS =
      int32(
          "admin.login.sessionMillis",
          28_800_000,
          60_000,
          604_800_000,
          "How long after it has shown the token a browser need not show it again. A token that is"
              + " changed ends all.",
          "A working day, 8 hours.");

  static final Key<Integer> FAILURES_MAX =
      int32(
          "admin.login.failuresMax",
          10,
          1,
          1_000_000,
          "Wrong tokens of one address within a minute; until the minute is over each further one is"
              + " answered after a second. The right one is taken all the same. An IPv6 network of 64"
              + " bits is one address. Behind a reverse proxy all have its address.",
          "Whoever mistypes has tries enough; who guesses has one in a second on each of"
              + " `admin.connectionsMax`, against 32 characters.");

  static final Key<Integer> ADDRESSES_MAX =
      int32(
          "admin.login.addressesMax",
          1024,
          1,
          1_000_000,
          "Addresses of which wrong tokens are counted; one more, and the oldest is forgotten.",
          "A bound of memory, some hundred bytes each.");

  static final Key<Integer> CONNECTIONS_MAX =
      int32(
          "admin.connectionsMax",
          32,
          20,
          4096,
          "Connections to these pages that are open at a time, those who watch among them. Who comes"
              + " when all are taken gets the place of the oldest that waits for no answer, of the"
              + " address that has the most; nobody on another machine keeps this one's own out."
              + " While four times as many are open or about to be closed, none is accepted.",
          "A balancer's checks, an administrator or two and all who may watch; each may hold an answer"
              + " of some megabytes, and descriptors are what clients of NFS need.");

  static final List<Key<?>> ALL =
      List.of(
          CONNECTIONS_MAX,
          CERTIFICATE,
          KEY,
          TOKEN_FILE,
          TOKEN_FOR_READING,
          SESSIONS_MAX,
          SESSION_MILLIS,
          FAILURES_MAX,
          ADDRESSES_MAX);

  private AdminAccessKeys() {}
}
