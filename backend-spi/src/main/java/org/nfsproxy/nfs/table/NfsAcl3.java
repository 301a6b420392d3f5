package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs3Items.HANDLE;
import static org.nfsproxy.nfs.table.NfsAclItems.ACLS;
import static org.nfsproxy.nfs.table.NfsAclItems.GETACL3_RES;
import static org.nfsproxy.nfs.table.NfsAclItems.SETACL3_RES;
import static org.nfsproxy.nfs.table.OnFailure.ATTR;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;

/** The procedures of NFS_ACL version 3, the POSIX ACLs beside NFS version 3. */
public enum NfsAcl3 implements Procedure {
  // spotless:off
  //       effect       handles out  on failure  results      arguments
  NULL    (READS,       NOTHING,     NO_STATUS,  VOID),
  GETACL  (READS,       NOTHING,     ATTR,       GETACL3_RES, HANDLE, WORD),
  SETACL  (WRITES_ONCE, NOTHING,     ATTR,       SETACL3_RES, HANDLE, ACLS);
  // spotless:on

  private final Row row;

  NfsAcl3(
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    row = Row.of("nfs_acl3", name(), ordinal(), effect, handlesOut, onFailure, results, arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
