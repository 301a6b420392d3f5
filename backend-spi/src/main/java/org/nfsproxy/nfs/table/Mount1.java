package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.HandlesOut.PATHS;
import static org.nfsproxy.nfs.table.HandlesOut.ROOT;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.MountItems.DUMP_RES;
import static org.nfsproxy.nfs.table.MountItems.EXPORT_RES;
import static org.nfsproxy.nfs.table.MountItems.MNT1_RES;
import static org.nfsproxy.nfs.table.MountItems.PATH;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;
import static org.nfsproxy.nfs.table.OnFailure.STATUS;

/** The procedures of MOUNT version 1, RFC 1094 appendix A. The ordinal is the number. */
public enum Mount1 implements Procedure {
  // spotless:off
  //        effect  handles out  on failure  results     arguments
  NULL     (READS,  NOTHING,     NO_STATUS,  VOID),
  MNT      (STATE,  ROOT,        STATUS,     MNT1_RES,   PATH),
  DUMP     (READS,  PATHS,       NO_STATUS,  DUMP_RES),
  UMNT     (STATE,  NOTHING,     NO_STATUS,  VOID,       PATH),
  UMNTALL  (STATE,  NOTHING,     NO_STATUS,  VOID),
  EXPORT   (READS,  PATHS,       NO_STATUS,  EXPORT_RES),
  EXPORTALL(READS,  PATHS,       NO_STATUS,  EXPORT_RES); // as Sun and Linux have it, not in the RFC
  // spotless:on

  private final Row row;

  Mount1(
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    row = Row.of("mount1", name(), ordinal(), effect, handlesOut, onFailure, results, arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
