package org.nfsproxy.server.portmap;

import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrWriter;

/**
 * The procedures that are served, of portmap version 2 and rpcbind versions 3 and 4 (RFC 1833
 * sections 2.1 and 3.1).
 *
 * <pre>
 *  versions   from, to
 *  datagrams  whether UDP may ask. A datagram's sender is whoever it says it is, so no procedure
 *             whose reply is a list may: a forged call of 40 bytes would send the list to its victim
 * </pre>
 */
// What is not here is answered PROC_UNAVAIL. CALLIT (BCAST) and INDIRECT let a stranger call
// programs through us, under our address; UADDR2TADDR and TADDR2UADDR carry the memory layout of
// the server's C structures; GETSTAT counts what nobody here counts.
enum PortmapProcedure {
  // spotless:off
  //           no   versions  datagrams  answer
  NULL        ( 0,  2, 4,     true,      PortmapAnswers::nothing),
  SET         ( 1,  2, 4,     true,      PortmapAnswers::refused),
  UNSET       ( 2,  2, 4,     true,      PortmapAnswers::refused),
  GETPORT     ( 3,  2, 2,     true,      PortmapAnswers::getPort),
  GETADDR     ( 3,  3, 4,     true,      RpcbindAnswers::getAddr),
  DUMP        ( 4,  2, 2,     false,     PortmapAnswers::dump),
  RPCB_DUMP   ( 4,  3, 4,     false,     RpcbindAnswers::dump),
  GETTIME     ( 6,  3, 4,     true,      RpcbindAnswers::getTime),
  GETVERSADDR ( 9,  4, 4,     true,      RpcbindAnswers::getVersAddr),
  GETADDRLIST (11,  4, 4,     false,     RpcbindAnswers::getAddrList);
  // spotless:on

  /** Reads arguments and writes results; an XdrException says that the arguments are garbage. */
  interface Answer {
    void write(PortmapCall call, XdrWriter results);
  }

  private final int number;
  private final int low;
  private final int high;
  private final boolean datagrams;
  private final Answer answer;

  PortmapProcedure(int number, int low, int high, boolean datagrams, Answer answer) {
    this.number = number;
    this.low = low;
    this.high = high;
    this.datagrams = datagrams;
    this.answer = answer;
  }

  /** The row for a call, or null if it is not served. */
  static @Nullable PortmapProcedure find(int version, int number, Transport transport) {
    for (PortmapProcedure row : values()) {
      boolean reachable = row.datagrams || transport == Transport.TCP;
      if (row.number == number && row.low <= version && version <= row.high && reachable) {
        return row;
      }
    }
    return null;
  }

  Answer answer() {
    return answer;
  }
}
