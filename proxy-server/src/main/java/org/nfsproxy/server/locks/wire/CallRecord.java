package org.nfsproxy.server.locks.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.xdr.XdrWriter;

/** Makes calls of NLM as whole records, so that they can be sent again as they are. */
public final class CallRecord {
  private static final int CALL = 0;
  private static final int RPC_VERSION = 2;

  /** The version that goes with NFSv3. */
  public static final int NLM_VERSION = 4;

  private CallRecord() {}

  /**
   * A call.
   *
   * @return the record, marker included
   */
  public static byte[] of(
      int xid, Nlm4 procedure, CallCredential credential, Consumer<XdrWriter> arguments) {
    ByteBuf record = Unpooled.buffer();
    XdrWriter out = new XdrWriter(record).int32(0).int32(xid).int32(CALL).int32(RPC_VERSION);
    out.int32(Programs.NLM).int32(NLM_VERSION).int32(procedure.number());
    credential.write(out);
    CallCredential.NONE.write(out);
    arguments.accept(out);
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    record.setInt(0, RecordMarking.lastFragment(length));
    return ByteBufUtil.getBytes(record);
  }
}
