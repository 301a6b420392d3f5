package org.nfsproxy.nfs;

import static org.nfsproxy.nfs.Layout.REST;
import static org.nfsproxy.nfs.Layout.WORD;
import static org.nfsproxy.nfs.Layout.opaque;

/** The procedures of NFS version 4, RFC 8881 section 16. The ordinal is the number. */
// COMPOUND's own arguments are opened by a CompoundWalk. Its status is the last operation's.
public enum Nfs4Procedure implements Procedure {
  /** Does nothing; with RPCSEC_GSS it sets up a context. */
  NULL(Effect.READS, OnFailure.NO_STATUS),

  /** Operations one after the other, until one fails. */
  COMPOUND(Effect.AS_ASKED, OnFailure.STATUS, opaque(CompoundWalk.TAG_BYTES_MAX), WORD, WORD, REST);

  private final Row row;

  Nfs4Procedure(Effect effect, OnFailure onFailure, Layout... arguments) {
    row = Row.of("nfs4", name(), ordinal(), effect, HandlesOut.NOTHING, onFailure, REST, arguments);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public boolean isCompound() {
    return this == COMPOUND;
  }
}
