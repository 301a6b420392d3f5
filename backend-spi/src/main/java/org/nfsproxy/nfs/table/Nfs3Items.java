package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.handle;
import static org.nfsproxy.nfs.table.Layout.name;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.optional;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.union;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;

import org.nfsproxy.nfs.Filehandle;

/** What the arguments of NFSv3 are made of, RFC 1813 sections 2.5, 2.6 and 3.3. */
// RFC 1813 bounds neither names nor paths; a server says NFS3ERR_NAMETOOLONG, so they pass here.
final class Nfs3Items {
  static final Layout HANDLE = handle(Filehandle.NFS3_BYTES_MAX);
  static final Layout NAME = name(UNBOUNDED);
  static final Layout PATH = opaque(UNBOUNDED);
  static final Layout WRITTEN = opaque(UNBOUNDED, Part.PAYLOAD);
  static final Layout HAS_READ = opaque(UNBOUNDED, Part.PAYLOAD);
  static final Layout VERIFIER = HYPER;
  static final Layout COOKIE = HYPER;
  static final Layout OFFSET = HYPER;
  static final Layout COUNT = WORD;
  static final Layout RANGE = part(Part.RANGE, OFFSET, COUNT);

  private static final Layout TIME = fixed(8);
  private static final int SET_TO_CLIENT_TIME = 2;
  private static final Layout SET_TIME = unionOrVoid(arm(SET_TO_CLIENT_TIME, TIME));

  static final Layout SATTR =
      struct(optional(WORD), optional(WORD), optional(WORD), optional(HYPER), SET_TIME, SET_TIME);

  static final Layout GUARD = optional(TIME);

  /** UNCHECKED, GUARDED, EXCLUSIVE. */
  static final Layout CREATE_HOW = union(arm(0, SATTR), arm(1, SATTR), arm(2, VERIFIER));

  /** NF3BLK, NF3CHR; NF3SOCK, NF3FIFO. */
  static final Layout MKNOD_WHAT =
      unionOrVoid(arm(3, SATTR, HYPER), arm(4, SATTR, HYPER), arm(6, SATTR), arm(7, SATTR));

  private Nfs3Items() {}
}
