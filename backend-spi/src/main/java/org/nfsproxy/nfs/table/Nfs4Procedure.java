package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.REST;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.opaque;

/** The procedures of NFS version 4, RFC 8881 section 16. The ordinal is the number. */
// COMPOUND's own arguments are opened by a CompoundWalk. Its status is the last operation's.
public enum Nfs4Procedure implements Procedure {
  /** Does nothing; with RPCSEC_GSS it sets up a context. */
  NULL(Effect.READS, OnFailure.NO_STATUS),

  /** Operations one after the other, until one fails. */
  COMPOUND(
      Effect.AS_ASKED, OnFailure.STATUS, opaque(Nfs4Procedure.TAG_BYTES_MAX), WORD, WORD, REST);

  /** The longest tag. The RFCs give none a bound; Linux takes 128 bytes, others 1024. */
  public static final int TAG_BYTES_MAX = 1024;

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
