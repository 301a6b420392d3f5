package org.nfsproxy.server.nlm;

import static org.nfsproxy.server.nlm.NlmItem.BOOL;
import static org.nfsproxy.server.nlm.NlmItem.HYPER;
import static org.nfsproxy.server.nlm.NlmItem.INT;
import static org.nfsproxy.server.nlm.NlmItem.NAME;
import static org.nfsproxy.server.nlm.NlmItem.NETOBJ;

import java.util.List;
import java.util.stream.Stream;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * The procedures of the network lock manager, version 4 (RFC 1813 appendix II, which changes the
 * X/Open version 3 that it builds on), with what a server says that grants no lock.
 *
 * <pre>
 *  arguments  what a call carries, item by item; where there is a cookie it is the first
 *  reply      what follows the cookie of the reply; NO_RESULTS: not even a cookie
 *  asks       whether the caller wants a lock or a share, so that somebody should hear why not
 * </pre>
 */
// The *_MSG procedures are one-way: their result would be a call of ours, *_RES, to the client's
// own
// lock manager. None is made: whoever uses them gets no lock, which is what a refusal means. The
// RPC
// reply to each is still owed; both the Linux server and its client expect it. Of the results in
// *_RES only the beginning is named: nobody here asked, so what follows the status is not read.
enum NlmProcedure {
  // spotless:off
  //           no  arguments         reply              asks
  NULL        ( 0, Shape.VOID,       Shape.NO_RESULTS,  false),
  TEST        ( 1, Shape.TEST,       Shape.RES,         true),
  LOCK        ( 2, Shape.LOCK,       Shape.RES,         true),
  CANCEL      ( 3, Shape.CANCEL,     Shape.RES,         false),
  UNLOCK      ( 4, Shape.UNLOCK,     Shape.RES,         false),
  GRANTED     ( 5, Shape.TEST,       Shape.RES,         false),
  TEST_MSG    ( 6, Shape.TEST,       Shape.NO_RESULTS,  true),
  LOCK_MSG    ( 7, Shape.LOCK,       Shape.NO_RESULTS,  true),
  CANCEL_MSG  ( 8, Shape.CANCEL,     Shape.NO_RESULTS,  false),
  UNLOCK_MSG  ( 9, Shape.UNLOCK,     Shape.NO_RESULTS,  false),
  GRANTED_MSG (10, Shape.TEST,       Shape.NO_RESULTS,  false),
  TEST_RES    (11, Shape.RESULT,     Shape.NO_RESULTS,  false),
  LOCK_RES    (12, Shape.RESULT,     Shape.NO_RESULTS,  false),
  CANCEL_RES  (13, Shape.RESULT,     Shape.NO_RESULTS,  false),
  UNLOCK_RES  (14, Shape.RESULT,     Shape.NO_RESULTS,  false),
  GRANTED_RES (15, Shape.RESULT,     Shape.NO_RESULTS,  false),
  SHARE       (20, Shape.SHARE,      Shape.SHARERES,    true),
  UNSHARE     (21, Shape.SHARE,      Shape.SHARERES,    false),
  NM_LOCK     (22, Shape.LOCK,       Shape.RES,         true),
  FREE_ALL    (23, Shape.NOTIFY,     Shape.NO_RESULTS,  false);
  // spotless:on

  /** What the rows are made of: structures of RFC 1813 appendix II and what answers them. */
  private static final class Shape {
    /** nlm4_stats: the server has no resources for the lock. A client reports ENOLCK. */
    static final int LCK_DENIED_NOLOCKS = 2;

    static final List<NlmItem> VOID = List.of();
    static final List<NlmItem> ALOCK = List.of(NAME, NETOBJ, NETOBJ, INT, HYPER, HYPER);
    static final List<NlmItem> TEST = join(List.of(NETOBJ, BOOL), ALOCK);
    static final List<NlmItem> CANCEL = join(List.of(NETOBJ, BOOL, BOOL), ALOCK);
    static final List<NlmItem> LOCK = join(CANCEL, List.of(BOOL, INT));
    static final List<NlmItem> UNLOCK = join(List.of(NETOBJ), ALOCK);
    static final List<NlmItem> SHARE = List.of(NETOBJ, NAME, NETOBJ, NETOBJ, INT, INT, BOOL);
    static final List<NlmItem> RESULT = List.of(NETOBJ, INT);
    static final List<NlmItem> NOTIFY = List.of(NAME, INT);

    static final int[] NO_RESULTS = null;

    /** nlm4_res, and nlm4_testres, whose holder follows LCK_DENIED only. */
    static final int[] RES = {LCK_DENIED_NOLOCKS};

    /** nlm4_shareres: status and sequence. */
    static final int[] SHARERES = {LCK_DENIED_NOLOCKS, 0};

    private static List<NlmItem> join(List<NlmItem> first, List<NlmItem> second) {
      return Stream.concat(first.stream(), second.stream()).toList();
    }
  }

  private static final NlmProcedure[] BY_NUMBER = new NlmProcedure[24];

  static {
    for (NlmProcedure row : values()) {
      BY_NUMBER[row.number] = row;
    }
  }

  private final int number;
  private final List<NlmItem> arguments;
  private final int[] reply;
  private final boolean asks;

  NlmProcedure(int number, List<NlmItem> arguments, int[] reply, boolean asks) {
    this.number = number;
    this.arguments = arguments;
    this.reply = reply;
    this.asks = asks;
  }

  /** The row of a number, or null where version 4 has no such procedure (16 to 19 among them). */
  static NlmProcedure of(int number) {
    return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  int number() {
    return number;
  }

  boolean asks() {
    return asks;
  }

  /** Whether the results are a cookie, the caller's own, and {@link #reply} behind it. */
  boolean hasResults() {
    return reply != null;
  }

  /** The words behind the cookie. */
  int[] reply() {
    return reply;
  }

  /**
   * Reads the arguments to their end.
   *
   * @throws XdrException if they are not what the row says
   */
  void walk(XdrReader in) {
    for (NlmItem item : arguments) {
      item.skip(in);
    }
  }
}
