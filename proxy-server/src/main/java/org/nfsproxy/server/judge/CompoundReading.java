package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Registers;
import org.nfsproxy.nfs.walk.AttributeWalk;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.HandleFrom;

/** Reads COMPOUNDs' replies for a {@link CompoundReplyLearner}, one after the other. */
// In a reply the registers move as in the call, so what stands between two moves is about one
// object: its handle, if GETFH gave it, and its attributes, if GETATTR asked for the right ones.
//
// A walk over a COMPOUND's reply has 2 KiB of columns: with differing exports that would be 2 KiB
// for every LOOKUP.
final class CompoundReading {
  private static final int NFS_VERSION = 4;
  private static final int OPERATIONS_MAX = 64;

  private final Reply header = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();
  private final AttributeWalk attributes = new AttributeWalk();

  private boolean atOnce;
  private int handleAt;
  private int handleLength;
  private boolean isPut;
  private boolean hasIdentity;
  private long major;
  private long minor;
  private int type;

  /**
   * Reads one.
   *
   * @param atOnce without waiting for anybody: see {@link Exports#learnAtOnce}
   * @return whether all there was to learn is known now; always, unless it has to be so at once
   */
  boolean read(CompoundReplyLearner learner, ByteBuf record, int from, int to, boolean atOnce) {
    this.atOnce = atOnce;
    int messageAt = from + RecordMarking.MARKER_BYTES;
    if (header.read(record, messageAt, to) != Reply.Form.RESULTS) {
      return true;
    }
    return !isReadable(learner, record) || learn(learner, record);
  }

  private boolean isReadable(CompoundReplyLearner learner, ByteBuf record) {
    int at = header.resultsAt();
    return learner.mayBeReplayed()
        ? walk.walkUnambiguous(record, at, header.end(), OPERATIONS_MAX)
        : walk.walk(record, at, header.end(), OPERATIONS_MAX) == Outcome.WHOLE;
  }

  private boolean learn(CompoundReplyLearner learner, ByteBuf record) {
    boolean first = true;
    moveTo(false);
    for (int i = 0; i < walk.count() && walk.status(i) == NfsStatus.OK; i++) {
      Nfs4 operation = walk.operation(i);
      Registers registers = operation.registers();
      if (registers == Registers.TO_ARGUMENT) {
        moveTo(first && learner.put() != null);
        first = false;
      } else if (registers.changesCurrent()) {
        moveTo(false);
      }
      if (!learnFrom(learner, record, i)) {
        return false;
      }
    }
    return true;
  }

  private boolean learnFrom(CompoundReplyLearner learner, ByteBuf record, int i) {
    int handle = walk.find(i, Part.HANDLE);
    if (handle >= 0) {
      handleAt = walk.parts().at(handle);
      handleLength = walk.parts().length(handle);
      isPut = false;
    }
    int fattr = walk.find(i, Part.FATTR4);
    boolean isOfCurrent = fattr >= 0 && walk.find(i, Part.ENTRY) < 0;
    if (isOfCurrent) {
      readIdentity(record, walk.parts().at(fattr), walk.parts().length(fattr));
    }
    return handle < 0 && !isOfCurrent || tell(learner, record);
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

  private boolean tell(CompoundReplyLearner learner, ByteBuf record) {
    if (!hasIdentity) {
      return true;
    }
    if (handleLength > 0) {
      return tell(learner, HandleFrom.REPLY, record, handleAt, handleLength);
    }
    Filehandle put = learner.put();
    return !isPut
        || put == null
        || tell(learner, HandleFrom.CALL, Unpooled.wrappedBuffer(put.bytes()), 0, put.length());
  }

  private boolean tell(
      CompoundReplyLearner learner, HandleFrom from, ByteBuf bytes, int at, int length) {
    Exports exports = learner.exports();
    if (atOnce) {
      return exports.learnAtOnce(from, bytes, at, length, NFS_VERSION, major, minor, type);
    }
    exports.learn(from, bytes, at, length, NFS_VERSION, major, minor, type);
    return true;
  }
}
