package org.nfsproxy.server.metrics;

import io.netty.buffer.ByteBuf;

/**
 * What the beginning of a reply says of how its call went.
 *
 * <pre>
 *  0    4        8         12      16    20        24       28          32    of the message
 *  xid  REPLY=1  accepted  flavor  0     success   status   tag length  tag, count
 *                          verifier                results: of a COMPOUND
 * </pre>
 */
// Read from 36 bytes, which is enough where there is neither verifier nor tag; of a reply that is
// there whole, from all of it. The status of a COMPOUND is its last result's, and the count tells
// which operation that was, so nothing else of it is read.
final class ReplyStatus {
  /** As much of a message as is needed, where a client sends no tags. */
  static final int MESSAGE_BYTES = 36;

  static final int RESULTS_UNKNOWN = -1;

  /** The longest tag that is passed over. */
  static final int TAG_BYTES_MAX = 1024;

  private static final int ACCEPTED = 0;
  private static final int MISMATCH = 0;
  private static final int VERIFIER_BYTES_MAX = 400;

  private int status;
  private int results;

  /** The status: a number of StatusNames. */
  int status() {
    return status;
  }

  /** Results of a COMPOUND; {@link #RESULTS_UNKNOWN} if that could not be read. */
  int results() {
    return results;
  }

  /**
   * Reads a reply's beginning.
   *
   * @param bytes where it is
   * @param from index of the message's first byte
   * @param length how much of it is there
   * @param hasStatus whether the results begin with a status
   */
  void read(ByteBuf bytes, int from, int length, boolean hasStatus) {
    status = StatusNames.OK;
    results = RESULTS_UNKNOWN;
    if (length < 16) {
      status = StatusNames.OTHER;
    } else if (bytes.getInt(from + 8) != ACCEPTED) {
      status =
          bytes.getInt(from + 12) == MISMATCH ? StatusNames.RPC_MISMATCH : StatusNames.AUTH_ERROR;
    } else {
      long verifier = padded(bytes, from + 16, length - 16, VERIFIER_BYTES_MAX);
      if (verifier >= 0) {
        readAccepted(bytes, from, length, 20 + (int) verifier, hasStatus);
      }
    }
  }

  private void readAccepted(ByteBuf bytes, int from, int length, int at, boolean hasStatus) {
    if (at + 4 > length) {
      return;
    }
    int accept = bytes.getInt(from + at);
    if (accept != 0) {
      status = StatusNames.ofAccept(accept);
      return;
    }
    if (!hasStatus || at + 8 > length) {
      return;
    }
    status = StatusNames.of(bytes.getInt(from + at + 4));
    long tag = padded(bytes, from + at + 8, length - at - 8, TAG_BYTES_MAX);
    if (tag >= 0 && at + 16 + tag <= length) {
      results = Math.max(RESULTS_UNKNOWN, bytes.getInt(from + at + 12 + (int) tag));
    }
  }

  /** The length of an opaque, with its padding; -1 if nobody can say. */
  private static long padded(ByteBuf bytes, int at, int there, int max) {
    if (there < 4) {
      return -1;
    }
    long opaque = bytes.getUnsignedInt(at);
    return opaque > max ? -1 : opaque + 3 & ~3L;
  }
}
