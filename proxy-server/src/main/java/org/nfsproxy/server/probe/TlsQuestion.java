package org.nfsproxy.server.probe;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.xdr.XdrReader;

/** Whether a server offers TLS: NULL with flavor AUTH_TLS, RFC 9289 section 4.1. */
// The answer is in the verifier, which nobody else looks at. After it the server waits for a
// handshake, so the connection is used for nothing else.
final class TlsQuestion {
  private static final byte[] STARTTLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);
  private static final CallCredential AUTH_TLS =
      CallCredential.of(AuthFlavor.AUTH_TLS, new byte[0]);

  /** Behind xid, type and reply status. */
  private static final int VERIFIER_AT = 12;

  private TlsQuestion() {}

  /**
   * Asks.
   *
   * @param connection of its own; closed
   * @param version of NFS, one that is served
   * @return what the server says
   */
  static ProbeFacts.Tls ask(ProbeConnection connection, int version) {
    try (connection) {
      return connection.ask(
          Programs.NFS, version, 0, AUTH_TLS, out -> {}, TlsQuestion::readVerifier);
    } catch (NoAnswerException none) {
      return none.isRefusal() ? ProbeFacts.Tls.NOT_OFFERED : ProbeFacts.Tls.UNKNOWN;
    }
  }

  private static ProbeFacts.Tls readVerifier(XdrReader results) {
    XdrReader in = new XdrReader().reset(results.buffer(), 0, results.buffer().writerIndex());
    in.position(VERIFIER_AT);
    in.int32();
    boolean offers = Arrays.equals(STARTTLS, in.opaque(AuthFlavor.BODY_BYTES_MAX));
    return offers ? ProbeFacts.Tls.OFFERED : ProbeFacts.Tls.NOT_OFFERED;
  }
}
