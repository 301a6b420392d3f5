package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.WRITES;
import static org.nfsproxy.nfs.table.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.table.FlavorCheck.ALWAYS;
import static org.nfsproxy.nfs.table.FlavorCheck.NOT_ON_ROOT;
import static org.nfsproxy.nfs.table.HandlesOut.ENTRIES;
import static org.nfsproxy.nfs.table.HandlesOut.IDENTITY;
import static org.nfsproxy.nfs.table.HandlesOut.NEW_OBJECT;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.HandlesOut.OBJECT;
import static org.nfsproxy.nfs.table.Layout.VOID;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs3Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs3Items.COUNT;
import static org.nfsproxy.nfs.table.Nfs3Items.CREATE_HOW;
import static org.nfsproxy.nfs.table.Nfs3Items.GUARD;
import static org.nfsproxy.nfs.table.Nfs3Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs3Items.MKNOD_WHAT;
import static org.nfsproxy.nfs.table.Nfs3Items.NAME;
import static org.nfsproxy.nfs.table.Nfs3Items.OFFSET;
import static org.nfsproxy.nfs.table.Nfs3Items.PATH;
import static org.nfsproxy.nfs.table.Nfs3Items.RANGE;
import static org.nfsproxy.nfs.table.Nfs3Items.SATTR;
import static org.nfsproxy.nfs.table.Nfs3Items.VERIFIER;
import static org.nfsproxy.nfs.table.Nfs3Items.WRITTEN;
import static org.nfsproxy.nfs.table.Nfs3Results.ACCESS_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.COMMIT_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.CREATE_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.FSINFO_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.FSSTAT_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.GETATTR_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.LINK_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.LOOKUP_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.PATHCONF_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.READDIRPLUS_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.READDIR_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.READLINK_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.READ_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.RENAME_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.WCC_RES;
import static org.nfsproxy.nfs.table.Nfs3Results.WRITE_RES;
import static org.nfsproxy.nfs.table.OnFailure.ATTR;
import static org.nfsproxy.nfs.table.OnFailure.ATTR_WCC;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;
import static org.nfsproxy.nfs.table.OnFailure.STATUS;
import static org.nfsproxy.nfs.table.OnFailure.WCC;
import static org.nfsproxy.nfs.table.OnFailure.WCC_WCC;

/** The procedures of NFS version 3, RFC 1813 section 3.3. The ordinal is the number. */
public enum Nfs3 implements Procedure {
  // spotless:off
  //           effect       handles out  on failure  flavor       results          arguments
  NULL        (READS,       NOTHING,     NO_STATUS,  ALWAYS,      VOID),
  GETATTR     (READS,       IDENTITY,    STATUS,     NOT_ON_ROOT, GETATTR_RES,     HANDLE),
  SETATTR     (WRITES_ONCE, NOTHING,     WCC,        ALWAYS,      WCC_RES,         HANDLE, SATTR, GUARD),
  LOOKUP      (READS,       OBJECT,      ATTR,       ALWAYS,      LOOKUP_RES,      HANDLE, NAME),
  ACCESS      (READS,       NOTHING,     ATTR,       ALWAYS,      ACCESS_RES,      HANDLE, WORD),
  READLINK    (READS,       NOTHING,     ATTR,       ALWAYS,      READLINK_RES,    HANDLE),
  READ        (READS,       NOTHING,     ATTR,       ALWAYS,      READ_RES,        HANDLE, RANGE),
  WRITE       (WRITES_ONCE, NOTHING,     WCC,        ALWAYS,      WRITE_RES,       HANDLE, OFFSET, COUNT, WORD, WRITTEN),
  CREATE      (WRITES_ONCE, NEW_OBJECT,  WCC,        ALWAYS,      CREATE_RES,      HANDLE, NAME, CREATE_HOW),
  MKDIR       (WRITES_ONCE, NEW_OBJECT,  WCC,        ALWAYS,      CREATE_RES,      HANDLE, NAME, SATTR),
  SYMLINK     (WRITES_ONCE, NEW_OBJECT,  WCC,        ALWAYS,      CREATE_RES,      HANDLE, NAME, SATTR, PATH),
  MKNOD       (WRITES_ONCE, NEW_OBJECT,  WCC,        ALWAYS,      CREATE_RES,      HANDLE, NAME, MKNOD_WHAT),
  REMOVE      (WRITES_ONCE, NOTHING,     WCC,        ALWAYS,      WCC_RES,         HANDLE, NAME),
  RMDIR       (WRITES_ONCE, NOTHING,     WCC,        ALWAYS,      WCC_RES,         HANDLE, NAME),
  RENAME      (WRITES_ONCE, NOTHING,     WCC_WCC,    ALWAYS,      RENAME_RES,      HANDLE, NAME, HANDLE, NAME),
  LINK        (WRITES_ONCE, NOTHING,     ATTR_WCC,   ALWAYS,      LINK_RES,        HANDLE, HANDLE, NAME),
  READDIR     (READS,       NOTHING,     ATTR,       ALWAYS,      READDIR_RES,     HANDLE, COOKIE, VERIFIER, COUNT),
  READDIRPLUS (READS,       ENTRIES,     ATTR,       ALWAYS,      READDIRPLUS_RES, HANDLE, COOKIE, VERIFIER, COUNT, COUNT),
  FSSTAT      (READS,       NOTHING,     ATTR,       ALWAYS,      FSSTAT_RES,      HANDLE),
  FSINFO      (READS,       NOTHING,     ATTR,       NOT_ON_ROOT, FSINFO_RES,      HANDLE),
  PATHCONF    (READS,       NOTHING,     ATTR,       ALWAYS,      PATHCONF_RES,    HANDLE),
  COMMIT      (WRITES,      NOTHING,     WCC,        ALWAYS,      COMMIT_RES,      HANDLE, OFFSET, COUNT);
  // spotless:on

  private final Row row;

  Nfs3(
      Effect effect,
      HandlesOut handlesOut,
      OnFailure onFailure,
      FlavorCheck flavorCheck,
      Layout results,
      Layout... arguments) {
    row =
        Row.of("nfs3", name(), ordinal(), effect, handlesOut, onFailure, results, arguments)
            .with(flavorCheck);
  }

  @Override
  public Row row() {
    return row;
  }
}
