package org.nfsproxy.server.probe;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.RpcException;

/** A question that brought no results: why, and whose fault that is. Carries no stack trace. */
final class NoAnswerException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why there are no results. */
  enum Kind {
    /** No connection could be made. */
    UNREACHED,
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

  private NoAnswerException(Kind kind, int status, @Nullable RpcException denial, String message) {
    super(message, null, false, false);
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

  /** Whether the server is there, and said no. */
  boolean isRefusal() {
    return kind == Kind.DENIED || kind == Kind.STATUS;
  }
}
