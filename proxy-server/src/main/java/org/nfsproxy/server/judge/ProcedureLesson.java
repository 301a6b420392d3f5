package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.nfsproxy.backend.ObjectIdentity;
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
 * asked about, are of; and from a LOOKUP that led into another filesystem, where that is mounted.
 * The reply passes as it is.
 */
// The last is the only way for an origin without NFSv4: LOOKUP ".." stays below a mount point.
final class ProcedureLesson implements ReplyOpener {
  private final Exports exports;
  private final Procedure procedure;
  private final int nfsVersion;
  private final Filehandle asked;
  private final byte[] name;

  /**
   * A lesson.
   *
   * @param exports who learns
   * @param procedure the call's row
   * @param nfsVersion 2 or 3
   * @param asked the first handle in the call
   * @param name the name that was looked up below it; null if none was
   */
  ProcedureLesson(
      Exports exports, Procedure procedure, int nfsVersion, Filehandle asked, byte[] name) {
    this.exports = exports;
    this.procedure = procedure;
    this.nfsVersion = nfsVersion;
    this.asked = asked;
    this.name = name;
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
        if (name != null) {
          learnPlace(record, walk.parts());
        }
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
      } else if (part == Part.FIRST_ATTRIBUTES) {
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

  private void learnPlace(ByteBuf record, Parts parts) {
    int handle = parts.find(Part.HANDLE);
    int child = parts.find(Part.ATTRIBUTES);
    int directory = parts.find(Part.FIRST_ATTRIBUTES);
    if (handle < 0 || child < 0 || directory < 0) {
      return;
    }
    int childAt = parts.at(child);
    ObjectIdentity identity =
        new ObjectIdentity(
            shape().fsid(record, childAt),
            0,
            shape().fileid(record, childAt),
            shape().type(record, childAt));
    if (identity.fsidMajor() != shape().fsid(record, parts.at(directory))) {
      Filehandle found = Filehandle.copy(record, parts.at(handle), parts.length(handle));
      exports.learnChild(asked, name, found, nfsVersion, identity);
    }
  }

  private ServerAttributes shape() {
    return nfsVersion == 2 ? ServerAttributes.NFS2 : ServerAttributes.NFS3;
  }

  private void tell(ByteBuf bytes, int at, int length, ByteBuf record, int attributesAt) {
    ServerAttributes shape = shape();
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
