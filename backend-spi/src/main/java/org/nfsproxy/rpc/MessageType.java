package org.nfsproxy.rpc;

/** The second word of an RPC message, RFC 5531 section 9. */
public final class MessageType {
  /** A call. */
  public static final int CALL = 0;

  /** A reply. */
  public static final int REPLY = 1;

  private MessageType() {}
}
