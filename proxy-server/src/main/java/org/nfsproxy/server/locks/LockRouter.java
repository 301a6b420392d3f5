package org.nfsproxy.server.locks;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.locks.forward.OwnerLink;
import org.nfsproxy.server.locks.listen.LockCaller;
import org.nfsproxy.server.locks.listen.LockCalls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a client's call to the owner of locks: here, at another instance, or nowhere now. */
// What one client can have under way towards the owner is bounded here as it is there: a client
// must not fill the one connection that all have.
final class LockRouter implements LockCalls {
  private static final Logger log = LoggerFactory.getLogger(LockRouter.class);

  private final CallsUnderWay underWay;
  private final LockCalls away;
  private final LockCounts counts;
  private @Nullable OwnerLink link;
  private @Nullable LockCalls here;
  private volatile long forwarded;

  LockRouter(LockBounds bounds, LockCounts counts) {
    this.underWay = new CallsUnderWay(bounds.callsPerClientMax(), bounds.callBytesMax());
    this.away = new OwnerAway(counts);
    this.counts = counts;
  }

  /** Where calls go that are not answered here. */
  void forwardTo(OwnerLink toOwner) {
    link = toOwner;
  }

  /**
   * Who answers here.
   *
   * @param calls null while this instance is not the owner
   */
  void serve(@Nullable LockCalls calls) {
    here = calls;
  }

  /** Calls that were forwarded; from any thread. */
  long forwarded() {
    return forwarded;
  }

  @Override
  public boolean call(LockCaller caller, ByteBuf record, Consumer<byte[]> reply) {
    LockCalls own = here;
    if (own != null) {
      return own.call(caller, record, reply);
    }
    OwnerLink toOwner = link;
    return toOwner != null && toOwner.isConnected()
        ? forward(toOwner, caller, record, reply)
        : away.call(caller, record, reply);
  }

  private boolean forward(
      OwnerLink toOwner, LockCaller caller, ByteBuf record, Consumer<byte[]> reply) {
    Call.Form form =
        new Call()
            .read(record, record.readerIndex() + RecordMarking.MARKER_BYTES, record.writerIndex());
    if (form == Call.Form.REPLY || form == Call.Form.NOT_RPC) {
      return false;
    }
    int bytes = record.readableBytes();
    if (!underWay.begin(caller, bytes)) {
      counts.count(LockEvent.UNANSWERED_CALLS);
      return true;
    }
    forwarded = forwarded + 1;
    toOwner
        .forward(caller, record)
        .onSuccess(reply::accept)
        .onFailure(none -> log.debug("no reply to {}: {}", caller.address(), none.getMessage()))
        .onComplete(done -> underWay.end(caller, bytes));
    return true;
  }
}
