package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Nsm1;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.listen.LockCalls;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/** What is answered while no instance has the lock address. Used on one event loop. */
// A Linux client asks again in five seconds for what is denied in a grace period, and gives a lock
// up that is refused for want of locks; so a lock is put off. One that is reclaimed would be given
// up for that too. All else gets no reply and comes again: a client that is told anything about an
// unlock forgets the lock.
final class OwnerAway implements LockCalls {
  private final LockCounts counts;

  OwnerAway(LockCounts counts) {
    this.counts = counts;
  }

  @Override
  public boolean call(LockCaller caller, ByteBuf record, Consumer<byte[]> reply) {
    Call call = new Call();
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    Call.Form form = call.read(record, from, record.writerIndex());
    if (form == Call.Form.CALL) {
      try {
        byte[] answer = answer(call, record);
        if (answer != null) {
          reply.accept(answer);
        }
      } catch (XdrException garbage) {
        reply.accept(LockReplies.accepted(call, AcceptStatus.GARBAGE_ARGS));
      }
    }
    return form != Call.Form.REPLY && form != Call.Form.NOT_RPC;
  }

  private byte @Nullable [] answer(Call call, ByteBuf record) {
    Lookup row = Programs.find(call.program(), call.version(), call.procedure());
    if (!(row instanceof Lookup.Found found)) {
      return null;
    }
    if (found.procedure() == Nlm4.NULL || found.procedure() == Nsm1.NULL) {
      return LockReplies.accepted(call, AcceptStatus.SUCCESS);
    }
    LockProcedure procedure = found.procedure() instanceof Nlm4 nlm ? LockProcedure.of(nlm) : null;
    if (procedure != null && procedure.isJudged() && procedure.resultsAs() == null) {
      XdrReader in = new XdrReader().reset(record, call.argumentsAt(), call.end());
      LockRequest request = LockRequest.read(procedure, in);
      if (!request.reclaim()) {
        counts.count(LockEvent.REFUSED_NO_OWNER);
        LockResults later = LockResults.of(NlmStatus.DENIED_GRACE_PERIOD);
        return LockReplies.success(call, out -> request.answer(out, later));
      }
    }
    counts.count(LockEvent.UNANSWERED_NO_OWNER);
    return null;
  }
}
