package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.entries;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;
import static org.nfsproxy.nfs.table.Nfs2Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs2Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs2Items.NAME;
import static org.nfsproxy.nfs.table.Nfs2Items.PATH;
import static org.nfsproxy.nfs.table.Nfs2Items.PAYLOAD;

/**
 * What the results of NFSv2 are made of, each from its status on, RFC 1094 sections 2.2 and 2.3.
 */
final class Nfs2Results {
  private static Layout ok(Layout... items) {
    return unionOrVoid(arm(0, items));
  }

  /** fattr. */
  private static final Layout FATTR = fixed(ServerAttributes.NFS2.bytes());

  static final Layout FIRST = part(Part.FIRST_ATTRIBUTES, FATTR);

  /** stat. */
  static final Layout STATUS_RES = WORD;

  /** attrstat. */
  static final Layout ATTR_RES = ok(FIRST);

  /** diropres. */
  static final Layout HANDLE_RES = ok(HANDLE, part(Part.ATTRIBUTES, FATTR));

  static final Layout READLINK_RES = ok(PATH);
  static final Layout READ_RES = ok(FIRST, PAYLOAD);
  static final Layout READDIR_RES = ok(entries(WORD, NAME, COOKIE), WORD);
  static final Layout STATFS_RES = ok(fixed(5 * 4));

  private Nfs2Results() {}
}
