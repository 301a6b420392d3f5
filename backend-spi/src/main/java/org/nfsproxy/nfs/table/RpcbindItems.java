package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.struct;

/** What the arguments of portmap and rpcbind are made of, RFC 1833 sections 2.1 and 3.1. */
final class RpcbindItems {
  static final Layout TEXT = opaque(UNBOUNDED);

  /** Portmap's mapping: program, version, protocol, port. */
  static final Layout MAPPING = fixed(4 * 4);

  /** Rpcbind's rpcb: program, version, netid, address, owner. */
  static final Layout RPCB = struct(WORD, WORD, TEXT, TEXT, TEXT);

  /** Program, version, procedure and the arguments of another call. */
  static final Layout REMOTE_CALL = struct(WORD, WORD, WORD, opaque(UNBOUNDED));

  /** Netbuf: the longest length, and the bytes. */
  static final Layout NETBUF = struct(WORD, opaque(UNBOUNDED));

  private RpcbindItems() {}
}
