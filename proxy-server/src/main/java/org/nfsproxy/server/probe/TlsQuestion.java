package org.nfsproxy.server.probe;

import io.vertx.core.net.SocketAddress;
import org.nfsproxy.backend.nfs.tls.OriginHandshake;
import org.nfsproxy.backend.nfs.tls.TlsLook;
import org.nfsproxy.server.probe.NoAnswerException.Kind;

/**
 * Whether a server offers TLS (RFC 9289 section 4.1), and what it shows then: asked, and begun, as
 * the proxy does it, on a connection of its own.
 */
final class TlsQuestion {
  private TlsQuestion() {}

  /** Asks. */
  static ProbeFacts.Tls ask(
      TimeLeft time, ProbeConnector connector, ProbeSettings asked, ProbeFacts facts) {
    SocketAddress server = SocketAddress.inetSocketAddress(asked.nfsPort(), asked.host());
    try {
      facts.tlsSeen =
          time.await(
              connector
                  .plainly(server)
                  .compose(
                      channel ->
                          TlsLook.at(
                              channel,
                              asked.tls().nameOf(asked.host()),
                              asked.nfsPort(),
                              asked.tls().authorities(),
                              asked.tls().own(),
                              (int) ProbeConnection.QUESTION_MILLIS)),
              2 * ProbeConnection.QUESTION_MILLIS);
    } catch (NoAnswerException none) {
      return none.kind() == Kind.DENIED ? ProbeFacts.Tls.NOT_OFFERED : ProbeFacts.Tls.UNKNOWN;
    }
    if (facts.tlsSeen.isOffered()) {
      return ProbeFacts.Tls.OFFERED;
    }
    return facts.tlsSeen.outcome() == OriginHandshake.NOT_OFFERED
        ? ProbeFacts.Tls.NOT_OFFERED
        : ProbeFacts.Tls.UNKNOWN;
  }
}
