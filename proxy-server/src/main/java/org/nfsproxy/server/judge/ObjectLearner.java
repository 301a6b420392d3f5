package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.ServerAttributes;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.nfs.walk.Parts;
import org.nfsproxy.nfs.walk.ReplyWalk;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.HandleFrom;

/**
 * Learns from a reply of NFSv2 or NFSv3 which filesystem the handle in it is of, where no rule
 * depends on it: so that calls about that handle are counted for their export.
 */
// One object serves all calls of a procedure, so a call costs none. What cannot be learnt at once
// is not learnt.
final class ObjectLearner implements ReplyOpener {
  private final Exports exports;
  private final Procedure procedure;
  private final int nfsVersion;

  ObjectLearner(Exports exports, Procedure procedure, int nfsVersion) {
    this.exports = exports;
    this.procedure = procedure;
    this.nfsVersion = nfsVersion;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    readsInPassing(record, record.readerIndex(), record.writerIndex());
    return record;
  }

  @Override
  public ByteBuf openAtOnce(ByteBuf record) {
    return open(record);
  }

  @Override
  public boolean readsInPassing(ByteBuf bytes, int from, int to) {
    ReplyScratch scratch = ReplyScratch.mine();
    Reply header = scratch.header;
    ReplyWalk walk = scratch.procedure;
    int messageAt = from + RecordMarking.MARKER_BYTES;
    boolean isRead =
        header.read(bytes, messageAt, to) == Reply.Form.RESULTS
            && walk.walk(procedure, bytes, header.resultsAt(), header.end()) == Outcome.WHOLE
            && walk.status() == NfsStatus.OK;
    if (isRead) {
      learn(bytes, walk.parts());
    }
    return true;
  }

  private void learn(ByteBuf bytes, Parts parts) {
    int handle = parts.find(Part.HANDLE);
    int attributes = parts.find(Part.ATTRIBUTES);
    if (handle >= 0 && attributes >= 0) {
      ServerAttributes shape = nfsVersion == 2 ? ServerAttributes.NFS2 : ServerAttributes.NFS3;
      int at = parts.at(attributes);
      exports.learnAtOnce(
          HandleFrom.REPLY,
          bytes,
          parts.at(handle),
          parts.length(handle),
          nfsVersion,
          shape.fsid(bytes, at),
          0,
          shape.type(bytes, at));
    }
  }
}
