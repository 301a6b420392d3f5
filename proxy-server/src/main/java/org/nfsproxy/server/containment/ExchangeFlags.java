package org.nfsproxy.server.containment;

/**
 * EXCHANGE_ID's flags as the other side may see them: RFC 8881 sections 18.35 and 13.1. The proxy
 * has no part in pNFS, and its clients do not move elsewhere.
 */
// A server must claim one of the roles, and NON_PNFS may not stand beside MDS. So the result claims
// NON_PNFS alone; a call that asks for a role asks for that one, and a call that asks for none
// still asks for none.
final class ExchangeFlags {
  static final int SUPP_MOVED_REFER = 0x0000_0001;
  static final int SUPP_MOVED_MIGR = 0x0000_0002;
  static final int USE_NON_PNFS = 0x0001_0000;
  static final int USE_PNFS_MDS = 0x0002_0000;
  static final int USE_PNFS_DS = 0x0004_0000;

  private static final int MOVES = SUPP_MOVED_REFER | SUPP_MOVED_MIGR;
  private static final int PNFS = USE_PNFS_MDS | USE_PNFS_DS;

  private ExchangeFlags() {}

  static int ofCall(int flags) {
    int role = (flags & PNFS) == 0 ? 0 : USE_NON_PNFS;
    return flags & ~(MOVES | PNFS) | role;
  }

  static int ofReply(int flags) {
    return flags & ~(MOVES | PNFS) | USE_NON_PNFS;
  }
}
