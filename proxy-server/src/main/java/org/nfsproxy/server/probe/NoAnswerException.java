package org.nfsproxy.server.probe;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.nfs.tls.OriginHandshake;
import org.nfsproxy.backend.nfs.tls.OriginTlsException;
import org.nfsproxy.rpc.RpcException;

/** A question that brought no results: why, and whose fault that is. Carries no stack trace. */
final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why there are no results. */
  enum Kind {
    /** No connection could be made. */
    UNREACHED,
    /** A connection was made, and did not come to have TLS. */
    NO_TLS,
    /** Nothing came in time. */
    SILENT,
    /** The connection ended. */
    LOST,
    /** What came is not what the protocol has there. */
    GARBAGE,
    /** RPC itself refused the call. */
    DENIED,
    /** The operation said no. */
    STATUS
  }

  private final Kind kind;
  private final int status;
  private final String message;
  private final transient @Nullable RpcException denial;
  private final @Nullable OriginHandshake handshake;

  private NoAnswerException(Kind kind, int status, @Nullable RpcException denial, String message) {
    this(kind, status, denial, null, message);
  }

  private NoAnswerException(
      Kind kind,
      int status,
      @Nullable RpcException denial,
      @Nullable OriginHandshake handshake,
      String message) {
    super(message, null, false, false);
    this.handshake = handshake;
    this.kind = kind;
    this.status = status;
    this.message = message;
    this.denial = denial;
  }

  static NoAnswerException because(Kind kind, String message) {
    return new NoAnswerException(kind, 0, null, message);
  }

  static NoAnswerException status(int status) {
    return new NoAnswerException(Kind.STATUS, status, null, StatusName.of(status));
  }

  static NoAnswerException denied(RpcException denial) {
    return new NoAnswerException(Kind.DENIED, 0, denial, DenialName.of(denial));
  }

  static NoAnswerException noTls(OriginTlsException why) {
    return new NoAnswerException(
        Kind.NO_TLS, 0, null, why.outcome(), String.valueOf(why.getMessage()));
  }

  // Never null, as that of others may be: it goes into reports as it is.
  @Override
  public String getMessage() {
    return message;
  }

  Kind kind() {
    return kind;
  }

  /** The status of NFS or MOUNT; 0 if that is not why. */
  int status() {
    return status;
  }

  /** What RPC said; null if that is not why. */
  @Nullable RpcException denial() {
    return denial;
  }

  /** What became of the attempt to have TLS; null if that is not why. */
  @Nullable OriginHandshake handshake() {
    return handshake;
  }

  /** Whether the server is there, and said no. */
  boolean isRefusal() {
    return kind == Kind.DENIED || kind == Kind.STATUS;
  }
}
