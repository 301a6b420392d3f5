package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.NfsStatus;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Part;
import org.nfsproxy.nfs.Parts;
import org.nfsproxy.nfs.Procedure;
import org.nfsproxy.nfs.ReplyWalk;
import org.nfsproxy.nfs.ServerAttributes;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.listen.ReplyOpener;

/**
 * Learns from a reply of NFSv2 or NFSv3 which filesystems the handles in it, and the one that was
 * asked about, are of. The reply passes as it is.
 */
final class ProcedureLesson implements ReplyOpener {
  private final Exports exports;
  private final Procedure procedure;
  private final int nfsVersion;
  private final Filehandle asked;

  /**
   * A lesson.
   *
   * @param exports who learns
   * @param procedure the call's row
   * @param nfsVersion 2 or 3
   * @param asked the first handle in the call; null if it has none
   */
  ProcedureLesson(Exports exports, Procedure procedure, int nfsVersion, Filehandle asked) {
    this.exports = exports;
    this.procedure = procedure;
    this.nfsVersion = nfsVersion;
    this.asked = asked;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    ReplyBench bench = ReplyBench.mine();
    Reply header = bench.header;
    ReplyWalk walk = bench.procedure;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) == Reply.Form.RESULTS) {
      Outcome outcome = walk.walk(procedure, record, header.resultsAt(), header.end());
      if (outcome == Outcome.WHOLE && walk.status() == NfsStatus.OK) {
        learn(record, walk.parts());
      }
    }
    return record;
  }

  // An object's attributes stand behind its handle, or in READDIRPLUS before it, in one entry.
  private void learn(ByteBuf record, Parts parts) {
    int handle = -1;
    int attributes = -1;
    for (int i = 0; i < parts.count(); i++) {
      Part part = parts.part(i);
      if (part == Part.ENTRY) {
        handle = -1;
        attributes = -1;
      } else if (part == Part.HANDLE) {
        handle = i;
      } else if (part == Part.ATTRIBUTES) {
        attributes = i;
      } else if (part == Part.FIRST_ATTRIBUTES && asked != null) {
        ByteBuf bytes = Unpooled.wrappedBuffer(asked.bytes());
        tell(bytes, 0, asked.length(), record, parts.at(i));
      }
      if (handle >= 0 && attributes >= 0) {
        tell(record, parts.at(handle), parts.length(handle), record, parts.at(attributes));
        handle = -1;
        attributes = -1;
      }
    }
  }

  private void tell(ByteBuf bytes, int at, int length, ByteBuf record, int attributesAt) {
    ServerAttributes shape = nfsVersion == 2 ? ServerAttributes.NFS2 : ServerAttributes.NFS3;
    exports.learn(
        bytes,
        at,
        length,
        nfsVersion,
        shape.fsid(record, attributesAt),
        0,
        shape.type(record, attributesAt));
  }
}
