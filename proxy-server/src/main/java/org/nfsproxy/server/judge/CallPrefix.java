package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.rpc.AuthFlavor;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.StreamedCall;

/**
 * The beginning of a long call, made into a call that can be judged: the one that ends with the
 * payload.
 *
 * <pre>
 *  COMPOUND   | header | tag | minor | 4 | SEQUENCE | PUTFH | WRITE, length  payload      | GETATTR |
 *  of which   |................. there ..................................|      blank ...           |
 *  judged     | header | tag | minor | 3 | SEQUENCE | PUTFH | WRITE, length  blank        |
 * </pre>
 */
// If that call would be forwarded, all of the real one up to the payload may leave. What stands
// behind the payload is judged when it is there, before the last bytes leave (StreamedCall). The
// arguments must come out as they went in: a call that is cut, voided or contained needs to be
// whole. The credential may change, and with it the place of all that follows.
//
// Under RPCSEC_GSS nobody looks behind the header, so all of the rest is payload.
final class CallPrefix {
  private static final int COUNT_IN_PLACE = -1;

  private final JudgeScratch scratch;
  private final int i;
  private final Call call;
  private final ByteBuf record;
  private final int recordEnd;
  private final int argumentsAt;
  private final int payloadAt;
  private final int payloadEnd;
  private byte[] arguments = {};
  private int countAt = COUNT_IN_PLACE;
  private int announced;
  private int operations;
  private int callEnd;

  private CallPrefix(JudgeScratch scratch, int i, int payloadAt, int payloadEnd) {
    this.scratch = scratch;
    this.i = i;
    this.call = scratch.batch.call(i);
    this.record = scratch.batch.record(i);
    this.recordEnd = record.writerIndex();
    this.callEnd = recordEnd;
    this.argumentsAt = call.argumentsAt();
    this.payloadAt = payloadAt;
    this.payloadEnd = payloadEnd;
  }

  /**
   * Finds the payload of a record that has begun.
   *
   * @return null if none is found that goes beyond what is there
   */
  static @Nullable CallPrefix find(JudgeScratch scratch, int i, int operationsMax) {
    Call call = scratch.batch.call(i);
    ByteBuf record = scratch.batch.record(i);
    if (call.form() != Call.Form.CALL) {
      return null;
    }
    CallPrefix found = null;
    if (call.flavor() == AuthFlavor.RPCSEC_GSS) {
      found = new CallPrefix(scratch, i, call.argumentsAt(), record.writerIndex());
    } else if (Programs.find(call.program(), call.version(), call.procedure())
        instanceof Lookup.Found row) {
      found =
          row.procedure().isCompound()
              ? inCompound(scratch, i, operationsMax)
              : inProcedure(scratch, i, row.procedure());
    }
    int there = scratch.batch.beginningBytes();
    return found == null || found.payloadAt > there || found.payloadEnd <= there ? null : found;
  }

  private static @Nullable CallPrefix inProcedure(
      JudgeScratch scratch, int i, Procedure procedure) {
    Call call = scratch.batch.call(i);
    ArgumentsWalk walk = scratch.arguments;
    walk.walk(procedure, scratch.batch.record(i), call.argumentsAt(), call.end());
    int at = walk.payloadAt();
    return at < 0 ? null : new CallPrefix(scratch, i, at, at + walk.payloadLength());
  }

  // The walk ends in the blank behind the payload, where no operation has such a number.
  private static @Nullable CallPrefix inCompound(JudgeScratch scratch, int i, int operationsMax) {
    Call call = scratch.batch.call(i);
    CompoundWalk<Nfs4> walk = scratch.compound;
    walk.walk(scratch.batch.record(i), call.argumentsAt(), call.end(), operationsMax);
    int last = walk.count() - 1;
    int payload = last < 0 ? -1 : walk.find(last, Part.PAYLOAD);
    if (payload < 0) {
      return null;
    }
    int at = walk.parts().at(payload);
    CallPrefix found = new CallPrefix(scratch, i, at, at + walk.parts().length(payload));
    found.countAt = walk.countAt();
    found.announced = walk.announced();
    found.operations = walk.count();
    found.callEnd = walk.end();
    return found;
  }

  /** The call that ends with the payload, in the place of the beginning. */
  ByteBuf closed() {
    if (countAt != COUNT_IN_PLACE) {
      record.setInt(countAt, operations);
      record.setInt(record.readerIndex(), marker(callEnd));
      record.writerIndex(callEnd);
      call.read(record, record.readerIndex() + RecordMarking.MARKER_BYTES, callEnd);
    }
    arguments = ByteBufUtil.getBytes(record, argumentsAt, payloadAt - argumentsAt);
    return record;
  }

  /** Makes the verdict about that call one about the beginning. */
  void settle() {
    ByteBuf judged = scratch.batch.record(i);
    int from = judged.readerIndex() + RecordMarking.MARKER_BYTES;
    if (scratch.batch.verdict(i) != Verdict.FORWARD
        || call.read(judged, from, judged.writerIndex()) != Call.Form.CALL
        || !hasOurArguments(judged)) {
      scratch.batch.decide(i, Verdict.WHOLE);
      return;
    }
    int headerBytes = call.argumentsAt() - judged.readerIndex();
    int headBytes = headerBytes + arguments.length;
    int bytes = headerBytes + recordEnd - argumentsAt;
    ByteBuf head = judged.alloc().buffer(headBytes);
    head.writeBytes(judged, judged.readerIndex(), headBytes).setInt(0, marker(bytes));
    if (countAt != COUNT_IN_PLACE) {
      head.setInt(headerBytes + countAt - argumentsAt, announced);
    }
    call.read(head, RecordMarking.MARKER_BYTES, bytes);
    // Four bytes at least are kept for the end.
    int kept = Math.min(payloadEnd, recordEnd - 4);
    scratch.batch.begin(i, new StreamedCall(head, bytes, payloadAt, kept));
  }

  private boolean hasOurArguments(ByteBuf judged) {
    int at = call.argumentsAt();
    return judged.writerIndex() - at == callEnd - argumentsAt
        && Arrays.equals(ByteBufUtil.getBytes(judged, at, arguments.length), arguments);
  }

  private static int marker(int recordBytes) {
    return RecordMarking.lastFragment(recordBytes - RecordMarking.MARKER_BYTES);
  }
}
