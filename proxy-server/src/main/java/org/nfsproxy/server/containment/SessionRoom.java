package org.nfsproxy.server.containment;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.edit.VerifiedCall;
import org.nfsproxy.nfs.edit.VersionedRead;

/**
 * Room in the COMPOUNDs of a session for the operations that the proxy puts into them: a client
 * asks the origin for a session that is a little larger, and sees one that is as much smaller.
 *
 * <pre>
 *  channel_attrs4, RFC 8881 section 18.36.1:
 *  | header padding | request bytes | reply bytes | cached reply bytes | operations | requests |
 * </pre>
 *
 * @param operations how many operations there is room for
 * @param requestBytes how many bytes more of a call
 * @param replyBytes how many bytes more of a reply
 */
// Nothing need be remembered of a session. One that was made without room (under RPCSEC_GSS, say,
// where nobody can change the call) has its own to spare: Linux asks for eight operations and uses
// six or seven. Where it has none, the origin refuses the COMPOUND, and nothing of it executes.
public record SessionRoom(int operations, int requestBytes, int replyBytes) {
  /** Operations that a session must have, SEQUENCE and another one. */
  private static final int OPERATIONS_MIN = 2;

  private static final int REQUEST_BYTES = 4;
  private static final int REPLY_BYTES = 8;
  private static final int CACHED_BYTES = 12;
  private static final int OPERATIONS = 16;

  /** No room. */
  public static final SessionRoom NONE = of(0, false);

  /**
   * Room for what the proxy may put into one COMPOUND.
   *
   * @param verifies how many operations that check where a step led
   * @param asksVersion whether a READ may be asked for its file's version
   */
  public static SessionRoom of(int verifies, boolean asksVersion) {
    int asked = asksVersion ? 1 : 0;
    return new SessionRoom(
        verifies + asked,
        verifies * VerifiedCall.CALL_BYTES + asked * VersionedRead.CALL_BYTES,
        verifies * VerifiedCall.REPLY_BYTES + asked * VersionedRead.REPLY_BYTES);
  }

  void askForMore(Splice splice, ByteBuf call, int channelAt) {
    change(splice, call, channelAt, 1);
  }

  void showLess(Splice splice, ByteBuf reply, int channelAt) {
    change(splice, reply, channelAt, -1);
  }

  private void change(Splice splice, ByteBuf record, int at, int sign) {
    long request = (long) sign * requestBytes;
    long reply = (long) sign * replyBytes;
    word(splice, record, at + REQUEST_BYTES, request, 0);
    word(splice, record, at + REPLY_BYTES, reply, 0);
    word(splice, record, at + CACHED_BYTES, reply, 0);
    word(splice, record, at + OPERATIONS, (long) sign * operations, OPERATIONS_MIN);
  }

  // What is there may be any number that a client or an origin makes up.
  private static void word(Splice splice, ByteBuf record, int at, long more, int least) {
    long before = record.getUnsignedInt(at);
    long changed = Math.max(Math.min(before, least), before + more);
    splice.word(at, (int) Math.min(0xffff_ffffL, changed));
  }
}
