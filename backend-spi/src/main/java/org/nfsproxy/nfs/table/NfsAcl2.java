package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs2Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs2Results.ATTR_RES;
import static org.nfsproxy.nfs.table.NfsAclItems.ACCESS2_RES;
import static org.nfsproxy.nfs.table.NfsAclItems.ACLS;
import static org.nfsproxy.nfs.table.NfsAclItems.GETACL2_RES;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;
import static org.nfsproxy.nfs.table.OnFailure.STATUS;

/** The procedures of NFS_ACL version 2, the POSIX ACLs beside NFS version 2. */
public enum NfsAcl2 implements Procedure {
  // spotless:off
  //       effect       handles out  on failure  results      arguments
  NULL    (READS,       NOTHING,     NO_STATUS,  VOID),
  GETACL  (READS,       NOTHING,     STATUS,     GETACL2_RES, HANDLE, WORD),
  SETACL  (WRITES_ONCE, NOTHING,     STATUS,     ATTR_RES,    HANDLE, ACLS),
  GETATTR (READS,       NOTHING,     STATUS,     ATTR_RES,    HANDLE),
  ACCESS  (READS,       NOTHING,     STATUS,     ACCESS2_RES, HANDLE, WORD);
  // spotless:on

  private final Row row;

  NfsAcl2(
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    row = Row.of("nfs_acl2", name(), ordinal(), effect, handlesOut, onFailure, results, arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
