package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * Replies that need no backend: each is a whole record, marker included, with an AUTH_NONE
 * verifier. RFC 5531 section 9.
 */
public final class Replies {
  private static final int MSG_ACCEPTED = 0;
  private static final int MSG_DENIED = 1;
  private static final int RPC_MISMATCH = 0;
  private static final int AUTH_ERROR = 1;
  private static final int RPC_VERSION = 2;

  private static final byte[] START_TLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);

  /** What stands before the results: xid, type, status, verifier, accept status. */
  private static final int ACCEPTED_BYTES = 24;

  /** Room for results of which nothing is known. */
  private static final int RESULTS_BYTES = 232;

  private Replies() {}

  /**
   * An accepted call, with room for results.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param status what the call came to
   * @param words the results, or what the status asks for, as 32-bit words
   * @return the record; the caller's to release
   */
  public static ByteBuf accepted(
      ByteBufAllocator alloc, int xid, AcceptStatus status, int... words) {
    ByteBuf record = begin(alloc, ACCEPTED_BYTES + 4 * words.length, xid, MSG_ACCEPTED);
    record.writeLong(0L);
    record.writeInt(status.ordinal());
    for (int word : words) {
      record.writeInt(word);
    }
    return finish(record);
  }

  /**
   * A probe for TLS that is granted: success, and a verifier of AUTH_NONE that says STARTTLS. RFC
   * 9289 section 4.1.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @return the record; the caller's to release
   */
  public static ByteBuf startTls(ByteBufAllocator alloc, int xid) {
    ByteBuf record = begin(alloc, ACCEPTED_BYTES + START_TLS.length, xid, MSG_ACCEPTED);
    record.writeInt(AuthFlavor.AUTH_NONE).writeInt(START_TLS.length).writeBytes(START_TLS);
    return finish(record.writeInt(AcceptStatus.SUCCESS.ordinal()));
  }

  /**
   * The beginning of a successful reply; results are written behind it and {@link #finish} ends it.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @return the record, open at its end
   */
  public static ByteBuf beginSuccess(ByteBufAllocator alloc, int xid) {
    return beginSuccess(alloc, xid, RESULTS_BYTES);
  }

  /**
   * The same, with room made for the results.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param resultsBytes how long they may become; if they become longer, they are copied
   * @return the record, open at its end
   */
  public static ByteBuf beginSuccess(ByteBufAllocator alloc, int xid, int resultsBytes) {
    return begin(alloc, ACCEPTED_BYTES + resultsBytes, xid, MSG_ACCEPTED)
        .writeLong(0L)
        .writeInt(AcceptStatus.SUCCESS.ordinal());
  }

  /**
   * Sets the record marker of a record that was begun here.
   *
   * @param record what {@link #beginSuccess} gave, with the results behind it
   * @return the same record
   */
  public static ByteBuf finish(ByteBuf record) {
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    return record.setInt(record.readerIndex(), RecordMarking.lastFragment(length));
  }

  /**
   * A call of an RPC version that is not 2.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @return the record
   */
  public static ByteBuf rpcMismatch(ByteBufAllocator alloc, int xid) {
    ByteBuf record = begin(alloc, 24, xid, MSG_DENIED);
    record.writeInt(RPC_MISMATCH).writeInt(RPC_VERSION).writeInt(RPC_VERSION);
    return finish(record);
  }

  /**
   * A call denied for its authentication.
   *
   * @param alloc where the record's memory comes from
   * @param xid the call's
   * @param status why
   * @return the record
   */
  public static ByteBuf authError(ByteBufAllocator alloc, int xid, AuthStatus status) {
    ByteBuf record = begin(alloc, 20, xid, MSG_DENIED);
    record.writeInt(AUTH_ERROR).writeInt(status.ordinal());
    return finish(record);
  }

  private static ByteBuf begin(ByteBufAllocator alloc, int length, int xid, int replyStatus) {
    ByteBuf record = alloc.buffer(RecordMarking.MARKER_BYTES + length);
    return record.writeInt(0).writeInt(xid).writeInt(MessageType.REPLY).writeInt(replyStatus);
  }
}
