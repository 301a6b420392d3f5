package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.table.FlavorCheck.ALWAYS;
import static org.nfsproxy.nfs.table.FlavorCheck.NOT_ON_ROOT;
import static org.nfsproxy.nfs.table.HandlesOut.IDENTITY;
import static org.nfsproxy.nfs.table.HandlesOut.NEW_OBJECT;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.HandlesOut.OBJECT;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs2Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs2Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs2Items.NAME;
import static org.nfsproxy.nfs.table.Nfs2Items.PATH;
import static org.nfsproxy.nfs.table.Nfs2Items.PAYLOAD;
import static org.nfsproxy.nfs.table.Nfs2Items.SATTR;
import static org.nfsproxy.nfs.table.Nfs2Results.ATTR_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.HANDLE_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.READDIR_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.READLINK_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.READ_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.STATFS_RES;
import static org.nfsproxy.nfs.table.Nfs2Results.STATUS_RES;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;
import static org.nfsproxy.nfs.table.OnFailure.STATUS;

/** The procedures of NFS version 2, RFC 1094 section 2.2. The ordinal is the number. */
public enum Nfs2 implements Procedure {
  // spotless:off
  //          effect       handles out  on failure  flavor       results       arguments
  NULL       (READS,       NOTHING,     NO_STATUS,  ALWAYS,      VOID),
  GETATTR    (READS,       IDENTITY,    STATUS,     NOT_ON_ROOT, ATTR_RES,     HANDLE),
  SETATTR    (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      ATTR_RES,     HANDLE, SATTR),
  ROOT       (READS,       NOTHING,     NO_STATUS,  ALWAYS,      VOID), // obsolete since MOUNT
  LOOKUP     (READS,       OBJECT,      STATUS,     ALWAYS,      HANDLE_RES,   HANDLE, NAME),
  READLINK   (READS,       NOTHING,     STATUS,     ALWAYS,      READLINK_RES, HANDLE),
  READ       (READS,       NOTHING,     STATUS,     ALWAYS,      READ_RES,     HANDLE, WORD, WORD, WORD),
  WRITECACHE (READS,       NOTHING,     NO_STATUS,  ALWAYS,      VOID), // never came to be
  WRITE      (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      ATTR_RES,     HANDLE, WORD, WORD, WORD, PAYLOAD),
  CREATE     (WRITES_ONCE, NEW_OBJECT,  STATUS,     ALWAYS,      HANDLE_RES,   HANDLE, NAME, SATTR),
  REMOVE     (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      STATUS_RES,   HANDLE, NAME),
  RENAME     (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      STATUS_RES,   HANDLE, NAME, HANDLE, NAME),
  LINK       (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      STATUS_RES,   HANDLE, HANDLE, NAME),
  SYMLINK    (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      STATUS_RES,   HANDLE, NAME, PATH, SATTR),
  MKDIR      (WRITES_ONCE, NEW_OBJECT,  STATUS,     ALWAYS,      HANDLE_RES,   HANDLE, NAME, SATTR),
  RMDIR      (WRITES_ONCE, NOTHING,     STATUS,     ALWAYS,      STATUS_RES,   HANDLE, NAME),
  READDIR    (READS,       NOTHING,     STATUS,     ALWAYS,      READDIR_RES,  HANDLE, COOKIE, WORD),
  STATFS     (READS,       NOTHING,     STATUS,     NOT_ON_ROOT, STATFS_RES,   HANDLE);
  // spotless:on

  private final Row row;

  Nfs2(
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      FlavorCheck flavorCheck,
      Layout results,
      Layout... arguments) {
    row =
        Row.of("nfs2", name(), ordinal(), effect, handlesOut, onFailure, results, arguments)
            .with(flavorCheck);
  }

  @Override
  public Row row() {
    return row;
  }
}
