package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.unionOr;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;

/** What the arguments and results of NFS_ACL are made of. */
// The protocol has no RFC; it came with Solaris. Linux takes at most 1024 entries
// (NFS_ACL_MAX_ENTRIES).
final class NfsAclItems {
  /** Type, id and permissions of an entry, counted twice: as a number and as an array. */
  private static final Layout ACL = struct(WORD, array(1024, WORD, WORD, WORD));

  /** A mask, the access ACL, the default ACL. */
  static final Layout ACLS = struct(WORD, ACL, ACL);

  static final Layout GETACL2_RES = unionOrVoid(arm(0, Nfs2Results.FIRST, ACLS));
  static final Layout ACCESS2_RES =
      unionOrVoid(arm(0, Nfs2Results.FIRST, part(Part.GRANTED, WORD)));

  static final Layout GETACL3_RES = unionOr(Nfs3Results.FIRST, arm(0, Nfs3Results.FIRST, ACLS));

  static final Layout SETACL3_RES = struct(WORD, Nfs3Results.FIRST);

  private NfsAclItems() {}
}
