package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.nfsproxy.nfs.Attribute4;
import org.nfsproxy.nfs.AttributeWalk;
import org.nfsproxy.nfs.CompoundReplyWalk;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.Nfs4;
import org.nfsproxy.nfs.NfsStatus;
import org.nfsproxy.nfs.Outcome;
import org.nfsproxy.nfs.Part;
import org.nfsproxy.nfs.Registers;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.listen.ReplyOpener;

/**
 * Learns from a COMPOUND's reply which filesystems the handles in it are of: a GETATTR beside a
 * GETFH, or behind the handle that the call began with. The reply passes as it is.
 */
// In a reply the registers move as in the call, so what stands between two moves is about one
// object: its handle, if GETFH gave it, and its attributes, if GETATTR asked for the right ones.
final class CompoundLesson implements ReplyOpener {
  private static final int NFS_VERSION = 4;
  private static final int OPERATIONS_MAX = 64;

  private final Exports exports;
  private final Filehandle put;

  private CompoundReplyWalk walk;
  private AttributeWalk attributes;
  private int handleAt;
  private int handleLength;
  private boolean isPut;
  private boolean hasIdentity;
  private long major;
  private long minor;
  private int type;

  /**
   * A lesson.
   *
   * @param exports who learns
   * @param put the first handle in the call; null if it has none
   */
  CompoundLesson(Exports exports, Filehandle put) {
    this.exports = exports;
    this.put = put;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    ReplyBench bench = ReplyBench.mine();
    Reply header = bench.header;
    walk = bench.compound;
    attributes = bench.attributes;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) == Reply.Form.RESULTS) {
      Outcome outcome = walk.walk(record, header.resultsAt(), header.end(), OPERATIONS_MAX);
      if (outcome == Outcome.WHOLE) {
        learn(record);
      }
    }
    return record;
  }

  private void learn(ByteBuf record) {
    boolean first = true;
    moveTo(false);
    for (int i = 0; i < walk.count() && walk.status(i) == NfsStatus.OK; i++) {
      Nfs4 operation = walk.operation(i);
      Registers registers = operation.registers();
      if (registers == Registers.TO_ARGUMENT) {
        moveTo(first && put != null);
        first = false;
      } else if (registers.changesCurrent()) {
        moveTo(false);
      }
      int handle = walk.find(i, Part.HANDLE);
      if (handle >= 0) {
        handleAt = walk.parts().at(handle);
        handleLength = walk.parts().length(handle);
        isPut = false;
        tell(record);
      }
      int fattr = walk.find(i, Part.FATTR4);
      if (fattr >= 0 && walk.find(i, Part.ENTRY) < 0) {
        readIdentity(record, walk.parts().at(fattr), walk.parts().length(fattr));
        tell(record);
      }
    }
  }

  private void moveTo(boolean known) {
    isPut = known;
    handleLength = 0;
    hasIdentity = false;
  }

  private void readIdentity(ByteBuf record, int at, int length) {
    attributes.walk(record, at, at + length);
    if (attributes.has(Attribute4.FSID) && attributes.has(Attribute4.TYPE)) {
      major = record.getLong(attributes.at(Attribute4.FSID));
      minor = record.getLong(attributes.at(Attribute4.FSID) + 8);
      type = record.getInt(attributes.at(Attribute4.TYPE));
      hasIdentity = true;
    }
  }

  private void tell(ByteBuf record) {
    if (!hasIdentity) {
      return;
    }
    if (handleLength > 0) {
      exports.learn(record, handleAt, handleLength, NFS_VERSION, major, minor, type);
    } else if (isPut) {
      ByteBuf bytes = Unpooled.wrappedBuffer(put.bytes());
      exports.learn(bytes, 0, put.length(), NFS_VERSION, major, minor, type);
    }
  }
}
