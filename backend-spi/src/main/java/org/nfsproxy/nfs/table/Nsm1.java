package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.NlmItems.STATE_OF_NAME;
import static org.nfsproxy.nfs.table.NlmItems.STAT_NAME;
import static org.nfsproxy.nfs.table.NlmItems.STAT_RESULT;

/**
 * The procedures of NSM version 1 that one host calls at another, X/Open XNFS chapter 11. Those
 * between them, SM_MON and the like, are between a host's own daemons.
 */
public enum Nsm1 implements Procedure {
  // spotless:off
  //           no  effect  results      arguments
  NULL        (0,  READS,  Layout.VOID),
  STAT        (1,  READS,  STAT_RESULT, STAT_NAME),
  NOTIFY      (6,  STATE,  Layout.VOID, STATE_OF_NAME);
  // spotless:on

  private final Row row;

  Nsm1(int number, Effect effect, Layout results, Layout... arguments) {
    row =
        Row.of(
            "nsm1",
            name(),
            number,
            effect,
            HandlesOut.NOTHING,
            OnFailure.NO_STATUS,
            results,
            arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
