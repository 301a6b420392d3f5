package org.nfsproxy.nfs.edit;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.nfsproxy.nfs.table.Effect;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.NfsStatus;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.xdr.XdrException;

/**
 * The reply to a {@linkplain VerifiedCall verified} COMPOUND as the client may see it: without the
 * results of operations that it did not send. Reusable; not for several threads at once.
 *
 * <pre>
 *  | marker | header | NOT_SAME | tag | 3 | PUTFH, 0 | LOOKUP, 0     | VERIFY, NOT_SAME |
 *  | marker'| header | DELAY    | tag | 2 | PUTFH, 0 | LOOKUP, DELAY |
 * </pre>
 */
// A step that led elsewhere has failed as far as the client is concerned: DELAY, since it was
// judged for a filesystem that it did not enter, and the next try will be judged for the one it
// enters. A step that changed something (OPEN) did succeed, so that what is behind it fails, if
// there is anything.
//
// Any other failure of a VERIFY is one that the client's own next operation would have met: the
// filesystem is not for it, or the object has gone.
//
// Where a reply is not that of the call (a slot's reply is replayed to a call with other
// operations, say), no result may be taken for another: it is refused as a whole.
public final class VerifiedReply {
  private static final int OPERATIONS_MAX = 2048;

  private final Reply header = new Reply();
  private final CompoundReplyWalk walk = new CompoundReplyWalk();
  private List<VerifiedStep> steps = List.of();
  private int passed;
  private int elsewhere;

  /**
   * Takes the results out.
   *
   * @param record the origin's whole record, marker included, as a single fragment; no longer the
   *     caller's unless this throws
   * @param steps those of the call, in their order
   * @return the record for the client, marker included; the caller's
   * @throws XdrException if the results are not those of such a call
   */
  public ByteBuf strip(ByteBuf record, List<VerifiedStep> steps) {
    this.steps = steps;
    passed = 0;
    elsewhere = -1;
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    if (header.read(record, from, record.writerIndex()) != Reply.Form.RESULTS) {
      return record;
    }
    Outcome outcome = walk.walk(record, header.resultsAt(), header.end(), OPERATIONS_MAX);
    if (outcome != Outcome.WHOLE) {
      throw new XdrException("the reply to a verified COMPOUND: " + outcome);
    }
    countPassed();
    return isNext(walk.count() - 1, passed) && walk.status() != NfsStatus.OK
        ? failed(record)
        : stripped(record);
  }

  /**
   * Which step of the last reply led into another filesystem.
   *
   * @return its place among the steps; -1 if none did
   */
  public int elsewhere() {
    return elsewhere;
  }

  /** Where the result of a step's VERIFY stands. */
  private int resultOf(int step) {
    return steps.get(step).operation() + step + 1;
  }

  private boolean isNext(int result, int step) {
    return step < steps.size() && result == resultOf(step);
  }

  private void countPassed() {
    for (int step = 0; step < steps.size() && resultOf(step) < walk.count(); step++) {
      int result = resultOf(step);
      if (walk.operation(result) != Nfs4.VERIFY) {
        throw new XdrException("no VERIFY where one was sent: " + walk.operation(result).label());
      }
      if (walk.status(result) == NfsStatus.OK) {
        passed++;
      }
    }
  }

  private ByteBuf stripped(ByteBuf record) {
    if (passed == 0) {
      return record;
    }
    Splice splice = new Splice(record).word(walk.countAt(), walk.count() - passed);
    cutPassed(splice);
    return splice.end();
  }

  private void cutPassed(Splice splice) {
    for (int step = 0; step < passed; step++) {
      int at = walk.at(resultOf(step));
      splice.cut(at, walk.end(resultOf(step)) - at);
    }
  }

  private ByteBuf failed(ByteBuf record) {
    VerifiedStep step = steps.get(passed);
    int verify = resultOf(passed);
    int status = walk.status(verify);
    if (status == NfsStatus.NOT_SAME) {
      elsewhere = passed;
      status = NfsStatus.DELAY;
    }
    Nfs4 next = step.next();
    boolean isUndone = next == null || step.row().effect() == Effect.READS;
    int failing = isUndone ? verify - 1 : verify;
    Nfs4 row = next == null || isUndone ? step.row() : next;
    int results = failing + 1 - passed;
    Splice splice = new Splice(record).word(walk.statusAt(), status).word(walk.countAt(), results);
    cutPassed(splice);
    int at = walk.at(failing);
    return splice.cut(at, record.writerIndex() - at).append(RefusedReply.result(row, status)).end();
  }
}
