package org.nfsproxy.rpc;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** Reads a reply down to its results, RFC 5531 section 9. */
public final class ReplyReader {
  private static final int MSG_ACCEPTED = 0;
  private static final int MSG_DENIED = 1;
  private static final int RPC_MISMATCH = 0;
  private static final int AUTH_ERROR = 1;

  private ReplyReader() {}

  /**
   * The results of a reply.
   *
   * @param record the whole reply, without marker
   * @return at the first byte of the results
   * @throws RpcException if there are none
   * @throws XdrException if it is garbage
   */
  public static XdrReader results(ByteBuf record) throws RpcException {
    XdrReader in = new XdrReader().reset(record);
    in.skip(8);
    int replyStatus = in.int32();
    if (replyStatus == MSG_DENIED) {
      throw denied(in);
    }
    if (replyStatus != MSG_ACCEPTED) {
      throw new XdrException("reply status " + Integer.toUnsignedString(replyStatus));
    }
    in.int32();
    in.skipOpaque(AuthFlavor.BODY_BYTES_MAX);
    AcceptStatus status = acceptStatus(in.int32());
    if (status == AcceptStatus.PROG_MISMATCH) {
      throw RpcException.progMismatch(in.int32(), in.int32());
    }
    if (status != AcceptStatus.SUCCESS) {
      throw RpcException.accepted(status);
    }
    return in;
  }

  private static AcceptStatus acceptStatus(int number) {
    AcceptStatus[] all = AcceptStatus.values();
    if (number < 0 || number >= all.length) {
      throw new XdrException("accept status " + Integer.toUnsignedString(number));
    }
    return all[number];
  }

  private static RpcException denied(XdrReader in) {
    int rejectStatus = in.int32();
    return switch (rejectStatus) {
      case RPC_MISMATCH -> RpcException.rpcMismatch(in.int32(), in.int32());
      case AUTH_ERROR -> RpcException.authError(in.int32());
      default -> throw new XdrException("reject status " + Integer.toUnsignedString(rejectStatus));
    };
  }
}
