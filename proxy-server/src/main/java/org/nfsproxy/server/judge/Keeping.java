package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.PendingLookups.Answer;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;

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
      return scratch.rules.root().cache() == Caching.ON ? KEPT : PASSING;
    }
    Export known = scratch.lookups.known(record, at, length, nfsVersion);
    if (known != null) {
      return by(known, scratch.rules);
    }
    @Nullable Answer<Export> answer =
        scratch.lookups.export(Filehandle.copy(record, at, length), nfsVersion);
    if (answer == null) {
      return ASKING;
    }
    return by(answer.found(), scratch.rules);
  }

  private static Keeping by(@Nullable Export export, Rules rules) {
    return isOn(export, rules) ? KEPT : PASSING;
  }

  /**
   * Whether data of an export's files are kept.
   *
   * @param export null if nobody can tell which it is
   */
  static boolean isOn(@Nullable Export export, Rules rules) {
    Parameters parameters = export == null ? rules.ofUnseen() : ExportParameters.of(export, rules);
    return parameters.cache() == Caching.ON;
  }
}
