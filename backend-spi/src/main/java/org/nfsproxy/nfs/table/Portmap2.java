package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.RpcbindItems.MAPPING;
import static org.nfsproxy.nfs.table.RpcbindItems.REMOTE_CALL;

/** The procedures of the portmapper, RFC 1833 section 3. The ordinal is the number. */
// No procedure has a status: SET and UNSET answer a boolean, the others an empty or zero result.
public enum Portmap2 implements Procedure {
  // spotless:off
  //       effect  arguments
  NULL    (READS),
  SET     (STATE,  MAPPING),
  UNSET   (STATE,  MAPPING),
  GETPORT (READS,  MAPPING),
  DUMP    (READS),
  CALLIT  (STATE,  REMOTE_CALL);
  // spotless:on

  private final Row row;

  Portmap2(Effect effect, Layout... arguments) {
    row =
        Row.of(
            "portmap2",
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
