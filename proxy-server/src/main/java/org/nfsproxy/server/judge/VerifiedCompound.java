package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.nfsproxy.nfs.VerifiedStep;
import org.nfsproxy.server.judge.Crossings.Way;
import org.nfsproxy.server.listen.ReplyOpener;

/**
 * The reply to a COMPOUND in which the origin checked where steps led: without what the client did
 * not send. A step that led elsewhere will be asked about when the client comes again.
 *
 * @param crossings remembers those
 * @param steps what was checked
 * @param ways how each was reached; null where nobody can say
 * @param next what opens the reply then; null for nothing
 */
record VerifiedCompound(
    Crossings crossings, List<VerifiedStep> steps, List<Way> ways, ReplyOpener next)
    implements ReplyOpener {

  @Override
  public ByteBuf open(ByteBuf record) {
    ReplyBench bench = ReplyBench.mine();
    ByteBuf stripped = bench.verified.strip(record, steps);
    int elsewhere = bench.verified.elsewhere();
    if (elsewhere >= 0 && ways.get(elsewhere) != null) {
      crossings.ledElsewhere(ways.get(elsewhere));
    }
    return next == null ? stripped : next.open(stripped);
  }
}
