package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.REST;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.opaque;

/** The procedures of the callback program, RFC 8881 section 20. The ordinal is the number. */
// COMPOUND's own arguments are opened by a CompoundWalk. Its status is the last operation's.
public enum Nfs4CallbackProcedure implements Procedure {
  /** Does nothing; with RPCSEC_GSS it sets up a context. */
  CB_NULL(Effect.READS, OnFailure.NO_STATUS),

  /** Operations one after the other, until one fails. */
  CB_COMPOUND(
      Effect.AS_ASKED,
      OnFailure.STATUS,
      opaque(Nfs4Procedure.TAG_BYTES_MAX),
      WORD,
      WORD,
      WORD,
      REST);

  private final Row row;

  Nfs4CallbackProcedure(Effect effect, OnFailure onFailure, Layout... arguments) {
    row = Row.of("nfs4", name(), ordinal(), effect, HandlesOut.NOTHING, onFailure, REST, arguments);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public boolean isCompound() {
    return this == CB_COMPOUND;
  }
}
