package org.nfsproxy.backend.nfs.tls;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.MessageType;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * What a server answers to NULL with the flavor AUTH_TLS, RFC 9289 section 4.1.
 *
 * @param xid of the call that it answers
 * @param offersTls whether its verifier says STARTTLS
 * @param versionMax the highest version of the program, where the one asked for is not served; else
 *     0
 * @param said the answer in words
 */
record ProbeReply(int xid, boolean offersTls, int versionMax, String said) {
  private static final byte[] STARTTLS = "STARTTLS".getBytes(StandardCharsets.US_ASCII);
  private static final int ACCEPTED = 0;
  private static final int AUTH_ERROR = 1;

  /**
   * Reads a reply.
   *
   * @param record with its marker
   * @return null if it is none
   */
  static @Nullable ProbeReply read(ByteBuf record) {
    XdrReader in = new XdrReader().reset(record, record.readerIndex(), record.writerIndex());
    try {
      in.skip(RecordMarking.MARKER_BYTES);
      int xid = in.int32();
      if (in.int32() != MessageType.REPLY) {
        return null;
      }
      return in.int32() == ACCEPTED ? accepted(xid, in) : denied(xid, in);
    } catch (XdrException tooShort) {
      return null;
    }
  }

  private static ProbeReply accepted(int xid, XdrReader in) {
    boolean isNone = in.int32() == AuthFlavor.AUTH_NONE;
    boolean says = Arrays.equals(STARTTLS, in.opaque(AuthFlavor.BODY_BYTES_MAX));
    int status = in.int32();
    int versionMax = 0;
    if (status == AcceptStatus.PROG_MISMATCH.ordinal()) {
      in.int32();
      versionMax = in.int32();
    }
    String verifier = says ? "STARTTLS" : "a verifier without STARTTLS";
    return new ProbeReply(
        xid, isNone && says, versionMax, "accept status " + status + ", " + verifier);
  }

  private static ProbeReply denied(int xid, XdrReader in) {
    String said = in.int32() == AUTH_ERROR ? "denied, AUTH_ERROR " + in.int32() : "denied";
    return new ProbeReply(xid, false, 0, said);
  }
}
