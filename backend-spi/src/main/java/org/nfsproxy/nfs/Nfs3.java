package org.nfsproxy.nfs;

import static org.nfsproxy.nfs.Effect.READS;
import static org.nfsproxy.nfs.Effect.WRITES;
import static org.nfsproxy.nfs.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.HandlesOut.ENTRIES;
import static org.nfsproxy.nfs.HandlesOut.NEW_OBJECT;
import static org.nfsproxy.nfs.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.HandlesOut.OBJECT;
import static org.nfsproxy.nfs.Layout.WORD;
import static org.nfsproxy.nfs.Nfs3Items.COOKIE;
import static org.nfsproxy.nfs.Nfs3Items.COUNT;
import static org.nfsproxy.nfs.Nfs3Items.CREATE_HOW;
import static org.nfsproxy.nfs.Nfs3Items.GUARD;
import static org.nfsproxy.nfs.Nfs3Items.HANDLE;
import static org.nfsproxy.nfs.Nfs3Items.MKNOD_WHAT;
import static org.nfsproxy.nfs.Nfs3Items.NAME;
import static org.nfsproxy.nfs.Nfs3Items.OFFSET;
import static org.nfsproxy.nfs.Nfs3Items.PATH;
import static org.nfsproxy.nfs.Nfs3Items.PAYLOAD;
import static org.nfsproxy.nfs.Nfs3Items.SATTR;
import static org.nfsproxy.nfs.Nfs3Items.VERIFIER;
import static org.nfsproxy.nfs.OnFailure.ATTR;
import static org.nfsproxy.nfs.OnFailure.ATTR_WCC;
import static org.nfsproxy.nfs.OnFailure.NO_STATUS;
import static org.nfsproxy.nfs.OnFailure.STATUS;
import static org.nfsproxy.nfs.OnFailure.WCC;
import static org.nfsproxy.nfs.OnFailure.WCC_WCC;

/** The procedures of NFS version 3, RFC 1813 section 3.3. The ordinal is the number. */
public enum Nfs3 implements Procedure {
  // spotless:off
  //           effect       handles out  on failure  arguments
  NULL        (READS,       NOTHING,     NO_STATUS),
  GETATTR     (READS,       NOTHING,     STATUS,     HANDLE),
  SETATTR     (WRITES_ONCE, NOTHING,     WCC,        HANDLE, SATTR, GUARD),
  LOOKUP      (READS,       OBJECT,      ATTR,       HANDLE, NAME),
  ACCESS      (READS,       NOTHING,     ATTR,       HANDLE, WORD),
  READLINK    (READS,       NOTHING,     ATTR,       HANDLE),
  READ        (READS,       NOTHING,     ATTR,       HANDLE, OFFSET, COUNT),
  WRITE       (WRITES_ONCE, NOTHING,     WCC,        HANDLE, OFFSET, COUNT, WORD, PAYLOAD),
  CREATE      (WRITES_ONCE, NEW_OBJECT,  WCC,        HANDLE, NAME, CREATE_HOW),
  MKDIR       (WRITES_ONCE, NEW_OBJECT,  WCC,        HANDLE, NAME, SATTR),
  SYMLINK     (WRITES_ONCE, NEW_OBJECT,  WCC,        HANDLE, NAME, SATTR, PATH),
  MKNOD       (WRITES_ONCE, NEW_OBJECT,  WCC,        HANDLE, NAME, MKNOD_WHAT),
  REMOVE      (WRITES_ONCE, NOTHING,     WCC,        HANDLE, NAME),
  RMDIR       (WRITES_ONCE, NOTHING,     WCC,        HANDLE, NAME),
  RENAME      (WRITES_ONCE, NOTHING,     WCC_WCC,    HANDLE, NAME, HANDLE, NAME),
  LINK        (WRITES_ONCE, NOTHING,     ATTR_WCC,   HANDLE, HANDLE, NAME),
  READDIR     (READS,       NOTHING,     ATTR,       HANDLE, COOKIE, VERIFIER, COUNT),
  READDIRPLUS (READS,       ENTRIES,     ATTR,       HANDLE, COOKIE, VERIFIER, COUNT, COUNT),
  FSSTAT      (READS,       NOTHING,     ATTR,       HANDLE),
  FSINFO      (READS,       NOTHING,     ATTR,       HANDLE),
  PATHCONF    (READS,       NOTHING,     ATTR,       HANDLE),
  COMMIT      (WRITES,      NOTHING,     WCC,        HANDLE, OFFSET, COUNT);
  // spotless:on

  private final Row row;

  Nfs3(Effect effect, HandlesOut handlesOut, OnFailure onFailure, Layout... arguments) {
    row = Row.of("nfs3", name(), ordinal(), effect, handlesOut, onFailure, arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
