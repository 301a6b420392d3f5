package org.nfsproxy.server.probe;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.text.Printable;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * COMPOUNDs in one minor version: as they are in 4.0, and else in a session, of which the server's
 * introduction and its limits are kept. One at a time.
 */
// The proxy's own session (OwnSession of backend-nfs) asks for little, to hold little. This one
// asks for as much as anybody might, to see what is granted, and is destroyed at the end, with
// the client that was made for it. Besides these nothing is made at the server.
final class ProbeCompounds implements AutoCloseable {
  /** As a Linux client does, which lets the server say how it stands with pNFS. */
  private static final int NO_FLAGS = 0;

  private static final int SP4_NONE = 0;
  private static final int PERSIST = 1;
  private static final int CONN_BACK_CHAN = 2;

  /** More than any server takes: 16 MiB, and the most slots a Linux client uses. */
  private static final int BYTES = 16 << 20;

  /** What a Linux client wants kept of a reply, about. */
  private static final int CACHED_BYTES = 4096;

  private static final int OPERATIONS = 1024;
  private static final int SLOTS = 1024;
  private static final int BACK_BYTES = 4096;
  private static final int CALLBACK_PROGRAM = 0x4000_0000;
  private static final int SESSION_ID_BYTES = 16;
  private static final int SEQUENCE_BYTES = SESSION_ID_BYTES + 5 * 4;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int TAG_BYTES_MAX = 1024;

  /** Longest name of a server that is printed whole. */
  private static final int NAME_CHARS_MAX = 100;

  private final ProbeConnection connection;
  private final int minorVersion;
  private final CallCredential root;
  private @Nullable Introduction introduction;
  private @Nullable SessionGrant grant;
  private byte @Nullable [] session;
  private int sequence = 1;

  private ProbeCompounds(ProbeConnection connection, int minorVersion, CallCredential root) {
    this.connection = connection;
    this.minorVersion = minorVersion;
    this.root = root;
  }

  /**
   * Begins.
   *
   * @param minorVersion one that the server has
   * @param root as whom to introduce ourselves
   * @return closed by the caller
   * @throws NoAnswerException if there is no session
   */
  static ProbeCompounds open(ProbeConnection connection, int minorVersion, CallCredential root)
      throws NoAnswerException {
    ProbeCompounds compounds = new ProbeCompounds(connection, minorVersion, root);
    if (minorVersion > 0) {
      Introduction introduction = compounds.exchangeId();
      compounds.introduction = introduction;
      compounds.createSession(introduction);
    }
    return compounds;
  }

  int minorVersion() {
    return minorVersion;
  }

  /** Null in 4.0. */
  @Nullable Introduction introduction() {
    return introduction;
  }

  /** Null in 4.0. */
  @Nullable SessionGrant grant() {
    return grant;
  }

  /**
   * Asks.
   *
   * @param reading reads their results, each by {@link #expect}
   * @throws NoAnswerException if there is none
   */
  <T> T ask(CallCredential as, OperationList operations, Reading<T> reading)
      throws NoAnswerException {
    byte[] within = session;
    if (within == null) {
      return compound(as, operations.size(), operations::write, reading);
    }
    return compound(
        as,
        operations.size() + 1,
        out -> {
          out.int32(Nfs4.SEQUENCE.number()).fixed(within).int32(sequence);
          out.int32(0).int32(0).bool(false);
          operations.write(out);
        },
        in -> {
          expect(in, Nfs4.SEQUENCE);
          in.skip(SEQUENCE_BYTES);
          sequence++;
          return reading.read(in);
        });
  }

  private <T> T compound(
      CallCredential as, int operations, Consumer<XdrWriter> writing, Reading<T> reading)
      throws NoAnswerException {
    return connection.ask(
        Programs.NFS,
        4,
        1,
        as,
        out -> writing.accept(out.string("").int32(minorVersion).int32(operations)),
        in -> {
          int status = in.int32();
          in.skipOpaque(TAG_BYTES_MAX);
          if (in.int32() == 0 && status != 0) {
            throw NoAnswerException.status(status);
          }
          return reading.read(in);
        });
  }

  /** Reads number and status of an operation's results. */
  static void expect(XdrReader in, Nfs4 operation) throws NoAnswerException {
    int number = in.int32();
    if (number != operation.number()) {
      throw new XdrException("results of operation " + number + " for " + operation);
    }
    int status = in.int32();
    if (status != 0) {
      throw NoAnswerException.status(status);
    }
  }

  /** Reads the statuses of LOOKUPs. */
  static void expectLookUps(XdrReader in, int count) throws NoAnswerException {
    for (int i = 0; i < count; i++) {
      expect(in, Nfs4.LOOKUP);
    }
  }

  private Introduction exchangeId() throws NoAnswerException {
    long verifier = new SecureRandom().nextLong();
    byte[] owner = ("nfs-proxy probe " + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII);
    OperationList exchange =
        new OperationList()
            .add(
                Nfs4.EXCHANGE_ID,
                out -> out.int64(verifier).opaque(owner).int32(NO_FLAGS).int32(SP4_NONE).int32(0));
    return ask(
        root,
        exchange,
        in -> {
          expect(in, Nfs4.EXCHANGE_ID);
          long clientId = in.int64();
          int first = in.int32();
          int flags = in.int32();
          if (in.int32() != SP4_NONE) {
            throw new XdrException("state protection that nobody asked for");
          }
          long minorId = in.int64();
          String major = name(in);
          String scope = name(in);
          return new Introduction(
              clientId, first, flags, minorId, major, scope, implementation(in));
        });
  }

  private static String name(XdrReader in) {
    return Printable.text(in.opaque(NAME_BYTES_MAX), NAME_CHARS_MAX);
  }

  private static String implementation(XdrReader in) {
    if (in.count(1) == 0) {
      return "";
    }
    String domain = name(in);
    return (name(in) + " " + domain).strip();
  }

  private void createSession(Introduction known) throws NoAnswerException {
    OperationList create =
        new OperationList()
            .add(
                Nfs4.CREATE_SESSION,
                out -> {
                  out.int64(known.clientId()).int32(known.sequence());
                  out.int32(CONN_BACK_CHAN);
                  channel(out, BYTES, CACHED_BYTES, OPERATIONS, SLOTS);
                  channel(out, BACK_BYTES, 0, 2, 1);
                  out.int32(CALLBACK_PROGRAM).int32(1).int32(0); // one flavor, AUTH_NONE
                });
    ask(
        root,
        create,
        in -> {
          expect(in, Nfs4.CREATE_SESSION);
          byte[] id = in.fixed(SESSION_ID_BYTES);
          in.int32();
          grant = grant(in.int32(), in);
          session = id;
          return grant;
        });
  }

  private static void channel(XdrWriter out, int bytes, int cached, int operations, int requests) {
    out.int32(0).int32(bytes).int32(bytes).int32(cached);
    out.int32(operations).int32(requests).int32(0); // no RDMA
  }

  private static SessionGrant grant(int flags, XdrReader in) {
    in.int32(); // padding
    long request = in.uint32();
    long reply = in.uint32();
    long cached = in.uint32();
    long operations = in.uint32();
    long slots = in.uint32();
    boolean back = (flags & CONN_BACK_CHAN) != 0;
    boolean persistent = (flags & PERSIST) != 0;
    return new SessionGrant(request, reply, cached, operations, slots, back, persistent);
  }

  /** Destroys session and client; the server would forget them by itself. */
  @Override
  public void close() {
    Introduction known = introduction;
    if (known == null) {
      return;
    }
    byte[] made = session;
    session = null;
    try {
      if (made != null) {
        destroy(Nfs4.DESTROY_SESSION, out -> out.fixed(made));
      }
      destroy(Nfs4.DESTROY_CLIENTID, out -> out.int64(known.clientId()));
    } catch (NoAnswerException | TimeIsOverException forgottenWithItsLease) {
      introduction = null;
    }
  }

  private void destroy(Nfs4 operation, Consumer<XdrWriter> whose) throws NoAnswerException {
    ask(
        root,
        new OperationList().add(operation, whose),
        in -> {
          expect(in, operation);
          return operation;
        });
  }
}
