package org.nfsproxy.backend.coordinated.engine;

/** There is no room for a reply. The call has not been executed, and can be offered again. */
public final class NoRoomException extends Exception {
  private static final long serialVersionUID = 1L;

  static final NoRoomException INSTANCE = new NoRoomException();

  private NoRoomException() {
    super("no room for the reply", null, false, false);
  }
}
