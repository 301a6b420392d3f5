package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.edit.VerifiedStep;
import org.nfsproxy.server.call.ReplyOpener;

/**
 * The reply to a COMPOUND in which the origin checked where steps led: without what the client did
 * not send. A step that led elsewhere will be asked about when the client comes again.
 *
 * @param ways how each was reached; null where nobody can say
 * @param changes what else is changed in it, which waits for nobody; null for nothing
 * @param learner who learns from it; null if nobody does
 */
// Handles and fsids in a reply are the same with the results of a VERIFY between them and without,
// so whoever learns may do so before, where a short reply lies.
record VerifiedCompound(
    Crossings crossings,
    List<VerifiedStep> steps,
    List<Way> ways,
    @Nullable ReplyOpener changes,
    @Nullable ReplyOpener learner)
    implements ReplyOpener {

  @Override
  public @Nullable ByteBuf openAtOnce(ByteBuf record) {
    boolean isLearnt =
        learner == null
            || learner.readsInPassing(record, record.readerIndex(), record.writerIndex());
    return isLearnt ? changed(record) : null;
  }

  @Override
  public ByteBuf open(ByteBuf record) {
    return changed(learner == null ? record : learner.open(record));
  }

  private ByteBuf changed(ByteBuf record) {
    ReplyScratch scratch = ReplyScratch.mine();
    ByteBuf stripped = scratch.verified.strip(record, steps);
    int elsewhere = scratch.verified.elsewhere();
    if (elsewhere >= 0 && ways.get(elsewhere) != null) {
      crossings.ledElsewhere(ways.get(elsewhere));
    }
    return changes == null ? stripped : changes.open(stripped);
  }
}
