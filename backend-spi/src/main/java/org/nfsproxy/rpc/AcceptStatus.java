package org.nfsproxy.rpc;

/** What an accepted call came to, RFC 5531 section 9 ({@code accept_stat}). */
public enum AcceptStatus {
  /** Executed; the procedure's results follow. */
  SUCCESS,
  /** Nobody here serves this program. */
  PROG_UNAVAIL,
  /** The program is served in other versions; the lowest and the highest follow. */
  PROG_MISMATCH,
  /** The version has no such procedure. */
  PROC_UNAVAIL,
  /** The arguments cannot be decoded. */
  GARBAGE_ARGS,
  /** Anything else, memory for one. */
  SYSTEM_ERR
}
