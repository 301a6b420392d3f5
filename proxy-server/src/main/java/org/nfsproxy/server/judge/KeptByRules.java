package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.KeptFiles;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.Rules;

/**
 * Keeps of what the proxy reads by itself what the judge would have kept of a client's READ by the
 * same handle. For all threads.
 */
public final class KeptByRules implements KeptFiles {
  private final Judge judge;
  private final Exports exports;

  /**
   * By the rules that a judge has.
   *
   * @param exports tells which filesystem a file is in
   */
  public KeptByRules(Judge judge, Exports exports) {
    this.judge = judge;
    this.exports = exports;
  }

  // In this order: whoever adopts rules says first that somebody has to look.
  @Override
  public Future<Boolean> keeps(FileKey file) {
    Rules rules = judge.rules();
    Future<?> looked = judge.looked();
    if (rules.cachesAlike()) {
      return Future.succeededFuture(rules.root().cache() == Caching.ON);
    }
    if (!looked.isComplete()) {
      return looked.transform(done -> keeps(file));
    }
    ByteBuf handle = Unpooled.wrappedBuffer(file.handle().bytes());
    Export known = exports.find(handle, 0, file.handle().length(), file.nfsVersion());
    Future<Export> export =
        PendingLookups.isPlaced(known)
            ? Future.succeededFuture(known)
            : exports.resolve(file.handle(), file.nfsVersion()).otherwiseEmpty();
    return export.map(found -> Keeping.isOn(found, rules));
  }
}
