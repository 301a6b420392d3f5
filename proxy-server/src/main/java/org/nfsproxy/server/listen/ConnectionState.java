package org.nfsproxy.server.listen;

/**
 * How far a client connection is on the way to its end.
 *
 * <pre>
 *  OPEN ──▶ DRAINING ──▶ DRAINED ───┐
 *    │         │                    ├──▶ CLOSED, which each of them may become at once
 *    └─────────┴─▶ CLIENT_ENDED ──▶ ANSWERED
 * </pre>
 */
enum ConnectionState {
  /** Its calls are read and carried. */
  OPEN,
  /** It takes no further call; when those in flight have their replies, it ends. */
  DRAINING,
  /** The client sends nothing any more, and gets the replies that it waits for. */
  CLIENT_ENDED,
  /** It was drained: all is written, our side is ended, and the client's end is awaited. */
  DRAINED,
  /** The client had ended its side, and all it waited for is written. */
  ANSWERED,
  /** Over: everything is given back. */
  CLOSED;

  /** Whether what it owes is still carried: what arrives is used, and calls are judged. */
  boolean isServing() {
    return this == OPEN || this == DRAINING || this == CLIENT_ENDED;
  }

  /** Whether the client has said that nothing more comes from it. */
  boolean isClientAtItsEnd() {
    return this == CLIENT_ENDED || this == ANSWERED;
  }

  boolean mayBecome(ConnectionState next) {
    return switch (this) {
      case OPEN -> next == DRAINING || next == CLIENT_ENDED || next == CLOSED;
      case DRAINING -> next == CLIENT_ENDED || next == DRAINED || next == CLOSED;
      case CLIENT_ENDED -> next == ANSWERED || next == CLOSED;
      case DRAINED, ANSWERED -> next == CLOSED;
      case CLOSED -> false;
    };
  }

  /**
   * Goes on to another state.
   *
   * @throws IllegalStateException if no connection goes that way
   */
  ConnectionState become(ConnectionState next) {
    if (!mayBecome(next)) {
      throw new IllegalStateException(this + " does not become " + next);
    }
    return next;
  }
}
