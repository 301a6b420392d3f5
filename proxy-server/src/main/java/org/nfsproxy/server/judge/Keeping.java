package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.PendingLookups.Answer;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.Parameters;

/** Whether data of a file that is read are kept. */
// By the export that it is in for certain, where that makes a difference; of a file whose place
// the origin does not tell nothing is kept unless of all, and the READ passes.
enum Keeping {
  /** The READ goes through the cache. */
  KEPT,
  /** It passes as it is. */
  PASSING,
  /** The origin must say first where the file is. */
  ASKING;

  /**
   * Finds out, and asks if need be.
   *
   * @param record where the file's handle is
   * @param at its first byte
   */
  static Keeping of(JudgeScratch scratch, ByteBuf record, int at, int length, int nfsVersion) {
    if (scratch.rules.cachesAlike()) {
      return by(scratch.rules.root());
    }
    Export known = scratch.lookups.known(record, at, length, nfsVersion);
    if (known != null) {
      return by(ExportParameters.of(known, scratch.rules));
    }
    @Nullable Answer<Export> answer =
        scratch.lookups.export(Filehandle.copy(record, at, length), nfsVersion);
    if (answer == null) {
      return ASKING;
    }
    Export found = answer.found();
    return by(found == null ? scratch.rules.ofUnseen() : ExportParameters.of(found, scratch.rules));
  }

  private static Keeping by(Parameters parameters) {
    return parameters.cache() == Caching.ON ? KEPT : PASSING;
  }
}
