package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.NlmItems.CANCEL_ARGUMENTS;
import static org.nfsproxy.nfs.table.NlmItems.LOCK_ARGUMENTS;
import static org.nfsproxy.nfs.table.NlmItems.NOTIFY;
import static org.nfsproxy.nfs.table.NlmItems.RESULT;
import static org.nfsproxy.nfs.table.NlmItems.SHARE_ARGUMENTS;
import static org.nfsproxy.nfs.table.NlmItems.SM_STATUS;
import static org.nfsproxy.nfs.table.NlmItems.TEST_ARGUMENTS;
import static org.nfsproxy.nfs.table.NlmItems.TEST_RESULT;
import static org.nfsproxy.nfs.table.NlmItems.UNLOCK_ARGUMENTS;
import static org.nfsproxy.nfs.table.OnFailure.COOKIE;
import static org.nfsproxy.nfs.table.OnFailure.COOKIE_SEQUENCE;
import static org.nfsproxy.nfs.table.OnFailure.NO_STATUS;

/** The procedures of NLM version 4, RFC 1813 section 6.2. There are none from 17 to 19. */
// A ..._MSG is answered by a call of ..._RES the other way, so neither has results. Its status in
// a refusal is one of nlm4_stats, not of nfsstat3.
public enum Nlm4 implements Procedure {
  // spotless:off
  //           no  effect  on failure       arguments
  NULL        (0,  READS,  NO_STATUS),
  TEST        (1,  READS,  COOKIE,          TEST_ARGUMENTS),
  LOCK        (2,  STATE,  COOKIE,          LOCK_ARGUMENTS),
  CANCEL      (3,  STATE,  COOKIE,          CANCEL_ARGUMENTS),
  UNLOCK      (4,  STATE,  COOKIE,          UNLOCK_ARGUMENTS),
  GRANTED     (5,  STATE,  COOKIE,          TEST_ARGUMENTS),
  TEST_MSG    (6,  READS,  NO_STATUS,       TEST_ARGUMENTS),
  LOCK_MSG    (7,  STATE,  NO_STATUS,       LOCK_ARGUMENTS),
  CANCEL_MSG  (8,  STATE,  NO_STATUS,       CANCEL_ARGUMENTS),
  UNLOCK_MSG  (9,  STATE,  NO_STATUS,       UNLOCK_ARGUMENTS),
  GRANTED_MSG (10, STATE,  NO_STATUS,       TEST_ARGUMENTS),
  TEST_RES    (11, STATE,  NO_STATUS,       TEST_RESULT),
  LOCK_RES    (12, STATE,  NO_STATUS,       RESULT),
  CANCEL_RES  (13, STATE,  NO_STATUS,       RESULT),
  UNLOCK_RES  (14, STATE,  NO_STATUS,       RESULT),
  GRANTED_RES (15, STATE,  NO_STATUS,       RESULT),
  SM_NOTIFY   (16, STATE,  NO_STATUS,       SM_STATUS),
  SHARE       (20, STATE,  COOKIE_SEQUENCE, SHARE_ARGUMENTS),
  UNSHARE     (21, STATE,  COOKIE_SEQUENCE, SHARE_ARGUMENTS),
  NM_LOCK     (22, STATE,  COOKIE,          LOCK_ARGUMENTS),
  FREE_ALL    (23, STATE,  NO_STATUS,       NOTIFY);
  // spotless:on

  private final Row row;

  Nlm4(int number, Effect effect, OnFailure onFailure, Layout... arguments) {
    row =
        Row.of(
            "nlm4", name(), number, effect, HandlesOut.NOTHING, onFailure, Layout.REST, arguments);
  }

  @Override
  public Row row() {
    return row;
  }
}
