package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.entries;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.list;
import static org.nfsproxy.nfs.table.Layout.name;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;

/** What the arguments and results of MOUNT are made of, RFC 1813 sections 5.1 and 5.2. */
final class MountItems {
  /** MNTPATHLEN. */
  static final Layout PATH = name(1024);

  /** MNTNAMLEN. */
  private static final Layout HOST = opaque(255);

  /** fhstatus of version 1. */
  static final Layout MNT1_RES = unionOrVoid(arm(0, Nfs2Items.HANDLE));

  /** mountres3: the root's handle, and the flavors it may be used with. */
  static final Layout MNT3_RES =
      unionOrVoid(arm(0, Nfs3Items.HANDLE, part(Part.FLAVORS, array(UNBOUNDED, WORD))));

  /** mountlist: who has mounted what. */
  static final Layout DUMP_RES = entries(HOST, PATH);

  /** exports: a path and the groups that may mount it. */
  static final Layout EXPORT_RES = entries(PATH, list(HOST));

  /** ppathcnf: 8 limits and a mask of two, without a status; each is a word, whatever its type. */
  static final Layout PATHCONF_RES = fixed(40);

  private MountItems() {}
}
