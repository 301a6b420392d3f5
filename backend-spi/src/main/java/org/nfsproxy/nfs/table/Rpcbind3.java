package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.RpcbindItems.NETBUF;
import static org.nfsproxy.nfs.table.RpcbindItems.REMOTE_CALL;
import static org.nfsproxy.nfs.table.RpcbindItems.RPCB;
import static org.nfsproxy.nfs.table.RpcbindItems.TEXT;

/** The procedures of rpcbind version 3, RFC 1833 section 2. The ordinal is the number. */
// No procedure has a status: SET and UNSET answer a boolean, the others an empty or zero result.
public enum Rpcbind3 implements Procedure {
  // spotless:off
  //           effect  arguments
  NULL        (READS),
  SET         (STATE,  RPCB),
  UNSET       (STATE,  RPCB),
  GETADDR     (READS,  RPCB),
  DUMP        (READS),
  CALLIT      (STATE,  REMOTE_CALL),
  GETTIME     (READS),
  UADDR2TADDR (READS,  TEXT),
  TADDR2UADDR (READS,  NETBUF);
  // spotless:on

  private final Row row;

  Rpcbind3(Effect effect, Layout... arguments) {
    row =
        Row.of(
            "rpcbind3",
            name(),
            ordinal(),
            effect,
            HandlesOut.NOTHING,
            OnFailure.NO_STATUS,
            Layout.REST,
            arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
