package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.entries;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.optional;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.unionOr;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;
import static org.nfsproxy.nfs.table.Nfs3Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs3Items.COUNT;
import static org.nfsproxy.nfs.table.Nfs3Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs3Items.HAS_READ;
import static org.nfsproxy.nfs.table.Nfs3Items.NAME;
import static org.nfsproxy.nfs.table.Nfs3Items.PATH;
import static org.nfsproxy.nfs.table.Nfs3Items.VERIFIER;

/**
 * What the results of NFSv3 are made of, each from its status on, RFC 1813 sections 2.6 and 3.3.
 * Named after the RFC's {@code ...3res}.
 */
// Each set of attributes says whose it is: of the object in the results, or of the one that the
// first or second handle in the arguments names.
final class Nfs3Results {

  /** fattr3. */
  private static final Layout FATTR = fixed(ServerAttributes.NFS3.bytes());

  private static Layout ok(Layout failure, Layout... items) {
    return unionOr(failure, arm(NfsStatus.OK, items));
  }

  private static Layout wcc(Layout after) {
    return struct(optional(fixed(24)), after);
  }

  /** post_op_attr of the object in the results, and of the first and second in the arguments. */
  static final Layout OBJECT = optional(part(Part.ATTRIBUTES, FATTR));

  static final Layout FIRST = optional(part(Part.FIRST_ATTRIBUTES, FATTR));
  static final Layout SECOND = optional(part(Part.SECOND_ATTRIBUTES, FATTR));

  static final Layout FIRST_WCC = wcc(FIRST);
  static final Layout SECOND_WCC = wcc(SECOND);

  /** post_op_fh3. */
  private static final Layout NEW_HANDLE = optional(HANDLE);

  static final Layout GETATTR_RES =
      unionOrVoid(arm(NfsStatus.OK, part(Part.FIRST_ATTRIBUTES, FATTR)));

  /** SETATTR, REMOVE, RMDIR: before and after, whatever the status. */
  static final Layout WCC_RES = struct(WORD, FIRST_WCC);

  static final Layout LOOKUP_RES = ok(FIRST, HANDLE, OBJECT, FIRST);
  static final Layout ACCESS_RES = ok(FIRST, FIRST, part(Part.GRANTED, WORD));
  static final Layout READLINK_RES = ok(FIRST, FIRST, PATH);
  static final Layout READ_RES = ok(FIRST, FIRST, COUNT, WORD, HAS_READ);
  static final Layout WRITE_RES = ok(FIRST_WCC, FIRST_WCC, COUNT, WORD, VERIFIER);

  /** CREATE, MKDIR, SYMLINK, MKNOD. */
  static final Layout CREATE_RES = ok(FIRST_WCC, NEW_HANDLE, OBJECT, FIRST_WCC);

  static final Layout RENAME_RES = struct(WORD, FIRST_WCC, SECOND_WCC);
  static final Layout LINK_RES = struct(WORD, FIRST, SECOND_WCC);

  static final Layout READDIR_RES = ok(FIRST, FIRST, VERIFIER, entries(HYPER, NAME, COOKIE), WORD);

  static final Layout READDIRPLUS_RES =
      ok(FIRST, FIRST, VERIFIER, entries(HYPER, NAME, COOKIE, OBJECT, NEW_HANDLE), WORD);

  static final Layout FSSTAT_RES = ok(FIRST, FIRST, fixed(6 * 8), WORD);
  static final Layout FSINFO_RES = ok(FIRST, FIRST, fixed(7 * 4), HYPER, HYPER, WORD);
  static final Layout PATHCONF_RES = ok(FIRST, FIRST, fixed(6 * 4));
  static final Layout COMMIT_RES = ok(FIRST_WCC, FIRST_WCC, VERIFIER);

  private Nfs3Results() {}
}
