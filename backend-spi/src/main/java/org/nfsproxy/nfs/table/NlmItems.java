package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.handle;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;

import org.nfsproxy.nfs.Filehandle;

/** What the arguments of NLM version 4 (RFC 1813 section 6.1) and NSM version 1 are made of. */
final class NlmItems {
  /** MAXNETOBJ_SZ. */
  static final Layout COOKIE = opaque(1024);

  /** LM_MAXSTRLEN. */
  private static final Layout CALLER = opaque(1024);

  private static final Layout OWNER = opaque(1024);

  /** Version 4 goes with NFSv3 only, so its handles are NFSv3's. */
  private static final Layout HANDLE = handle(Filehandle.NFS3_BYTES_MAX);

  /** nlm4_lock: caller, handle, owner, svid, offset, length. */
  private static final Layout LOCK = struct(CALLER, HANDLE, OWNER, WORD, HYPER, HYPER);

  /** Also GRANTED's: cookie, exclusive, lock. */
  static final Layout TEST_ARGUMENTS = struct(COOKIE, WORD, LOCK);

  /** Cookie, block, exclusive, lock, reclaim, state. */
  static final Layout LOCK_ARGUMENTS = struct(COOKIE, WORD, WORD, LOCK, WORD, WORD);

  /** Cookie, block, exclusive, lock. */
  static final Layout CANCEL_ARGUMENTS = struct(COOKIE, WORD, WORD, LOCK);

  static final Layout UNLOCK_ARGUMENTS = struct(COOKIE, LOCK);

  /** nlm4_res: cookie and status. */
  static final Layout RESULT = struct(COOKIE, WORD);

  /** nlm4_testres: NLM4_DENIED tells of the holder. */
  static final Layout TEST_RESULT =
      struct(COOKIE, unionOrVoid(arm(1, WORD, WORD, OWNER, HYPER, HYPER)));

  /** Cookie, caller, handle, owner, mode, access, reclaim. */
  static final Layout SHARE_ARGUMENTS = struct(COOKIE, CALLER, HANDLE, OWNER, WORD, WORD, WORD);

  /** nlm_sm_status, between a host's own daemons: name, state, 16 private bytes. */
  static final Layout SM_STATUS = struct(CALLER, WORD, fixed(16));

  /** nlm4_notify: name (LM_MAXNAMELEN) and state. */
  static final Layout NOTIFY = struct(opaque(1025), WORD);

  /** NSM's sm_name: SM_MAXSTRLEN. */
  static final Layout STAT_NAME = opaque(1024);

  /** NSM's sm_stat_res: whether it would watch that host, and its own state. */
  static final Layout STAT_RESULT = struct(WORD, WORD);

  /** NSM's stat_chge: whose state, and what it is now. */
  static final Layout STATE_OF_NAME = struct(opaque(1024), WORD);

  private NlmItems() {}
}
