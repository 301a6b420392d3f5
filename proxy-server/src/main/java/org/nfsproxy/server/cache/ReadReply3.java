package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.VersionedRead;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.nfs.walk.ReplyWalk;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.xdr.XdrException;

/** READ's reply in NFSv3, which has the file's attributes with the data. */
// RFC 1813 section 2.6: post_op_attr are those after the operation. An origin may leave them out,
// and then nothing is known of the version.
final class ReadReply3 extends ReadReply {
  private static final int COUNT = -12;

  private final Procedure procedure;
  private final Reply header = new Reply();
  private final ReplyWalk walk = new ReplyWalk();

  /** Of the procedure that reads. */
  ReadReply3(Procedure procedure) {
    this.procedure = procedure;
  }

  @Override
  void read(ByteBuf record, @Nullable VersionedRead call) {
    status = NfsStatus.OK;
    dataAt = -1;
    dataLength = 0;
    version = null;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS) {
      return;
    }
    if (walk.walk(procedure, record, header.resultsAt(), header.end()) != Outcome.WHOLE) {
      throw new XdrException("the reply to a READ is no such reply");
    }
    status = walk.status();
    Parts parts = walk.parts();
    int attributes = parts.find(Part.FIRST_ATTRIBUTES);
    int data = parts.find(Part.PAYLOAD);
    if (status == NfsStatus.OK && data >= 0) {
      dataAt = parts.at(data);
      dataLength = parts.length(data);
      version = attributes < 0 ? null : FileVersion.ofNfs3(record, parts.at(attributes));
    }
  }

  @Override
  void strip(ByteBuf record) {}

  @Override
  void count(ByteBuf head, int dataAt, int count) {
    head.setInt(dataAt + COUNT, count);
  }
}
