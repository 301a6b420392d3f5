package org.nfsproxy.nfs;

import static org.nfsproxy.nfs.Layout.WORD;
import static org.nfsproxy.nfs.Layout.array;
import static org.nfsproxy.nfs.Layout.struct;

/** What the arguments of NFS_ACL are made of. */
// The protocol has no RFC; it came with Solaris. Linux takes at most 1024 entries
// (NFS_ACL_MAX_ENTRIES).
final class NfsAclItems {
  /** Type, id and permissions of an entry, counted twice: as a number and as an array. */
  private static final Layout ACL = struct(WORD, array(1024, WORD, WORD, WORD));

  /** A mask, the access ACL, the default ACL. */
  static final Layout ACLS = struct(WORD, ACL, ACL);

  private NfsAclItems() {}
}
