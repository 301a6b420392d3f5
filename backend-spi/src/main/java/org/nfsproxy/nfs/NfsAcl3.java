package org.nfsproxy.nfs;

import static org.nfsproxy.nfs.Effect.READS;
import static org.nfsproxy.nfs.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.Layout.VOID;
import static org.nfsproxy.nfs.Layout.WORD;
import static org.nfsproxy.nfs.Nfs3Items.HANDLE;
import static org.nfsproxy.nfs.NfsAclItems.ACLS;
import static org.nfsproxy.nfs.NfsAclItems.GETACL3_RES;
import static org.nfsproxy.nfs.NfsAclItems.SETACL3_RES;
import static org.nfsproxy.nfs.OnFailure.ATTR;
import static org.nfsproxy.nfs.OnFailure.NO_STATUS;

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
