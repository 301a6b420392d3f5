package org.nfsproxy.rpc;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A call was answered, but not executed: RFC 5531 section 9. Carries no stack trace. */
public final class RpcException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int ABSENT = -1;

  private final @Nullable AcceptStatus acceptStatus;
  private final int authStatus;
  private final int low;
  private final int high;

  private RpcException(
      String message, @Nullable AcceptStatus acceptStatus, int authStatus, int low, int high) {
    super(message, null, false, false);
    this.acceptStatus = acceptStatus;
    this.authStatus = authStatus;
    this.low = low;
    this.high = high;
  }

  /**
   * An accepted call that came to nothing.
   *
   * @param status what it came to: not SUCCESS, nor PROG_MISMATCH, which says more
   * @return the exception
   */
  public static RpcException accepted(AcceptStatus status) {
    return new RpcException(status.name(), status, ABSENT, ABSENT, ABSENT);
  }

  static RpcException progMismatch(int low, int high) {
    AcceptStatus status = AcceptStatus.PROG_MISMATCH;
    return new RpcException(range(status.name(), low, high), status, ABSENT, low, high);
  }

  static RpcException rpcMismatch(int low, int high) {
    return new RpcException(range("RPC_MISMATCH", low, high), null, ABSENT, low, high);
  }

  static RpcException authError(int status) {
    return new RpcException("AUTH_ERROR " + status, null, status, ABSENT, ABSENT);
  }

  private static String range(String name, int low, int high) {
    return name
        + " ("
        + Integer.toUnsignedString(low)
        + " to "
        + Integer.toUnsignedString(high)
        + ")";
  }

  /**
   * What an accepted call came to.
   *
   * @return never SUCCESS; empty if the call was denied
   */
  public Optional<AcceptStatus> acceptStatus() {
    return Optional.ofNullable(acceptStatus);
  }

  /**
   * Why a call was denied for its authentication.
   *
   * @return the number on the wire, see {@link AuthStatus}; RPCSEC_GSS has further ones (RFC 2203
   *     section 5.1). Empty if that was not the reason
   */
  public OptionalInt authStatus() {
    return authStatus == ABSENT ? OptionalInt.empty() : OptionalInt.of(authStatus);
  }

  /**
   * The lowest version served: of the program for PROG_MISMATCH, of RPC itself for a call denied
   * with RPC_MISMATCH.
   *
   * @return the version, or -1 where the answer names none
   */
  public int low() {
    return low;
  }

  /**
   * The highest version served, see {@link #low}.
   *
   * @return the version, or -1 where the answer names none
   */
  public int high() {
    return high;
  }
}
