package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.handle;
import static org.nfsproxy.nfs.table.Layout.name;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.optional;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.union;
import static org.nfsproxy.nfs.table.Layout.unionOr;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;
import static org.nfsproxy.nfs.table.Layout.writesIf;

import org.nfsproxy.nfs.Filehandle;

/**
 * What the arguments of NFSv4's operations are made of: RFC 7531 (4.0), RFC 5662 (4.1), RFC 7863
 * (4.2), RFC 8276 (extended attributes). A name in a comment is the RFC's.
 */
// Where 4.1 added an arm to a union of 4.0 (OPEN's claims, EXCLUSIVE4_1), the arm is allowed in 4.0
// too: a 4.0 server stops at such an operation, so what stands behind it is not executed.
final class Nfs4Items {
  /** NFS4_OPAQUE_LIMIT: owners, verifiers of variable length. */
  static final int OPAQUE_BYTES_MAX = 1024;

  static final Layout BOOL = WORD;
  static final Layout CLIENTID = HYPER;
  static final Layout COOKIE = HYPER;
  static final Layout COUNT = WORD;
  static final Layout DEVICEID = fixed(16);
  static final Layout HANDLE = handle(Filehandle.NFS4_BYTES_MAX);
  static final Layout LENGTH = HYPER;
  static final Layout NAME = name(UNBOUNDED);
  static final Layout OFFSET = HYPER;
  static final Layout RANGE = part(Part.RANGE, OFFSET, COUNT);
  static final Layout CACHE_THIS = part(Part.CACHE_THIS, BOOL);
  static final Layout PAYLOAD = opaque(UNBOUNDED);
  static final Layout WRITTEN = opaque(UNBOUNDED, Part.PAYLOAD);
  static final Layout HAS_READ = opaque(UNBOUNDED, Part.PAYLOAD);
  static final Layout SEQID = WORD;

  /** seqid4 of an open-owner or lock-owner. */
  static final Layout OWNER_SEQID = part(Part.OWNER_SEQID, WORD);

  static final Layout SESSIONID = fixed(16);
  static final Layout SLOTID = WORD;

  /** Sequence number and 12 opaque bytes. */
  static final Layout STATEID = fixed(16);

  static final Layout STATEIDS = array(UNBOUNDED, STATEID);

  static final Layout TEXT = opaque(UNBOUNDED);
  static final Layout XATTR = opaque(UNBOUNDED, Part.XATTR);

  /** Seconds and nanoseconds. */
  static final Layout TIME = fixed(12);

  static final Layout VERIFIER = HYPER;

  static final Layout BITMAP = array(UNBOUNDED, WORD);

  /** fattr4: which attributes, and their values. */
  static final Layout ATTRIBUTES = struct(BITMAP, opaque(UNBOUNDED));

  /** open_owner4, lock_owner4. */
  static final Layout OWNER = struct(CLIENTID, opaque(OPAQUE_BYTES_MAX));

  /** CREATE's createtype4: NF4BLK, NF4CHR with a device, NF4LNK with its text. */
  static final Layout CREATE_TYPE = unionOrVoid(arm(3, HYPER), arm(4, HYPER), arm(5, TEXT));

  /** locker4: a lock stateid already held, or an open stateid and a new lock owner. */
  static final Layout LOCKER =
      union(arm(0, STATEID, OWNER_SEQID), arm(1, OWNER_SEQID, STATEID, OWNER_SEQID, OWNER));

  private static final int OPEN4_SHARE_ACCESS_WRITE = 2;

  /** OPEN's share_access. */
  static final Layout SHARE_ACCESS = part(Part.WANTED, writesIf(OPEN4_SHARE_ACCESS_WRITE));

  /** WANT_DELEGATION's wda_want. */
  static final Layout WANTED = part(Part.WANTED, WORD);

  /** OPENATTR: makes the directory if it is true. */
  static final Layout CREATE_DIRECTORY = writesIf(-1);

  /** createhow4: UNCHECKED4, GUARDED4, EXCLUSIVE4, EXCLUSIVE4_1. */
  private static final Layout CREATE_HOW =
      union(arm(0, ATTRIBUTES), arm(1, ATTRIBUTES), arm(2, VERIFIER), arm(3, VERIFIER, ATTRIBUTES));

  /** openflag4: OPEN4_NOCREATE is 0, OPEN4_CREATE is 1 and makes the OPEN one that writes. */
  private static final Layout OPEN_HOW = unionOrVoid(arm(1, Layout.writesAlways(), CREATE_HOW));

  /** open_claim4, from CLAIM_NULL to CLAIM_DELEG_PREV_FH. */
  private static final Layout OPEN_CLAIM =
      union(
          arm(0, NAME),
          arm(1, WORD),
          arm(2, STATEID, NAME),
          arm(3, NAME),
          arm(4),
          arm(5, STATEID),
          arm(6));

  /** openflag4 and open_claim4. */
  static final Layout OPENED = part(Part.OPENED, OPEN_HOW, OPEN_CLAIM);

  /** deleg_claim4: CLAIM_PREVIOUS, CLAIM_FH, CLAIM_DELEG_PREV_FH. */
  static final Layout DELEGATION_CLAIM = union(arm(1, WORD), arm(4), arm(6));

  /** netaddr4: netid and universal address. */
  private static final Layout ADDRESS = struct(TEXT, TEXT);

  /** nfs_client_id4, client_owner4. */
  static final Layout CLIENT_OWNER = struct(VERIFIER, opaque(OPAQUE_BYTES_MAX, Part.OWNER));

  /** CREATE_SESSION's and SEQUENCE's flags, in results. */
  static final Layout FLAGS = part(Part.FLAGS, WORD);

  /** EXCHANGE_ID's flags. */
  static final Layout EXCHANGE_FLAGS = part(Part.EXCHANGE_FLAGS, WORD);

  /** fattr4, of which the server compares each value with its own. */
  static final Layout COMPARED = struct(part(Part.COMPARED, BITMAP), opaque(UNBOUNDED));

  /** The attributes asked for. */
  static final Layout ASKED = part(Part.ASKED, BITMAP);

  /** cb_client4: program and address. */
  static final Layout CALLBACK_CLIENT = struct(WORD, ADDRESS);

  /** authsys_parms, RFC 5531 appendix A. */
  private static final Layout AUTH_SYS_PARMS =
      struct(WORD, opaque(255), WORD, WORD, array(16, WORD));

  /** callback_sec_parms4: AUTH_NONE, AUTH_SYS, RPCSEC_GSS. */
  private static final Layout CALLBACK_SECURITY =
      union(arm(0), arm(1, AUTH_SYS_PARMS), arm(6, WORD, opaque(UNBOUNDED), opaque(UNBOUNDED)));

  static final Layout CALLBACK_SECURITIES = array(UNBOUNDED, CALLBACK_SECURITY);

  /** channel_attrs4: six sizes and counts, and RDMA's at most one. */
  static final Layout CHANNEL = struct(fixed(6 * 4), array(1, WORD));

  /** The same, of calls. */
  static final Layout FORE_CHANNEL = struct(part(Part.FORE_CHANNEL, fixed(6 * 4)), array(1, WORD));

  /** state_protect_ops4: what must be protected, and what may. */
  static final Layout PROTECT_OPERATIONS = struct(BITMAP, BITMAP);

  private static final Layout OIDS = array(UNBOUNDED, opaque(UNBOUNDED));

  /** state_protect4_a: SP4_NONE, SP4_MACH_CRED, SP4_SSV. */
  static final Layout STATE_PROTECT =
      union(arm(0), arm(1, PROTECT_OPERATIONS), arm(2, PROTECT_OPERATIONS, OIDS, OIDS, WORD, WORD));

  /** nfs_impl_id4, at most one: domain, name, date. */
  // One at most, as RFC 8881 has it: FreeBSD takes the count for the next operation's number.
  static final Layout IMPLEMENTATION = array(1, TEXT, TEXT, TIME);

  /** newoffset4. */
  static final Layout NEW_OFFSET = optional(OFFSET);

  /** newtime4. */
  static final Layout NEW_TIME = optional(TIME);

  /** layoutupdate4: type and body. */
  static final Layout LAYOUT_UPDATE = struct(WORD, opaque(UNBOUNDED));

  /** layoutreturn4: LAYOUTRETURN4_FILE is 1; FSID and ALL have nothing more. */
  static final Layout LAYOUT_RETURN =
      unionOrVoid(arm(1, OFFSET, LENGTH, STATEID, opaque(UNBOUNDED)));

  /** A layoutiomode4; LAYOUTIOMODE4_RW is 2. */
  static final Layout IOMODE = writesIf(2);

  private static final Layout SERVER_TEXT = opaque(UNBOUNDED, Part.SERVER);

  /** netloc4: NL4_NAME, NL4_URL, NL4_NETADDR. */
  static final Layout SERVER =
      union(arm(1, SERVER_TEXT), arm(2, SERVER_TEXT), arm(3, TEXT, SERVER_TEXT));

  static final Layout SERVERS = array(UNBOUNDED, SERVER);

  /** device_error4: device, status, operation. */
  static final Layout DEVICE_ERRORS = array(UNBOUNDED, DEVICEID, WORD, WORD);

  /** io_info4: operations and bytes. */
  static final Layout IO_COUNTS = fixed(16);

  /** app_data_block4. */
  static final Layout DATA_BLOCK =
      struct(OFFSET, LENGTH, LENGTH, LENGTH, COUNT, LENGTH, opaque(UNBOUNDED));

  // Below: callbacks only.

  /** layoutrecall4: FILE, FSID, ALL. */
  static final Layout LAYOUT_RECALL =
      union(arm(1, HANDLE, OFFSET, LENGTH, STATEID), arm(2, fixed(16)), arm(3));

  /** notify4: which, and their values. */
  static final Layout NOTIFICATIONS = array(UNBOUNDED, BITMAP, opaque(UNBOUNDED));

  /** nfsace4: type, flags, mask, who. */
  static final Layout ACE = struct(WORD, WORD, WORD, TEXT);

  /** nfs_space_limit4: NFS_LIMIT_SIZE, NFS_LIMIT_BLOCKS. */
  private static final Layout SPACE_LIMIT = union(arm(1, HYPER), arm(2, WORD, WORD));

  private static final Layout READ_DELEGATION = struct(STATEID, BOOL, ACE);
  private static final Layout WRITE_DELEGATION = struct(STATEID, BOOL, SPACE_LIMIT, ACE);

  /** open_none_delegation4: WND4_CONTENTION and WND4_RESOURCE say what will follow. */
  private static final Layout NO_DELEGATION = unionOrVoid(arm(1, BOOL), arm(2, BOOL));

  /** open_delegation4; 4 and 5 (with attributes) are RFC 9754's. */
  static final Layout DELEGATION =
      union(
          arm(0),
          arm(1, READ_DELEGATION),
          arm(2, WRITE_DELEGATION),
          arm(3, NO_DELEGATION),
          arm(4, READ_DELEGATION),
          arm(5, WRITE_DELEGATION));

  /** referring_call_list4: session, and sequence and slot of each call. */
  static final Layout REFERRING_CALLS = array(UNBOUNDED, SESSIONID, array(UNBOUNDED, WORD, SLOTID));

  /** write_response4: at most one stateid, count, how stable, verifier. */
  static final Layout WRITE_RESPONSE = struct(array(1, STATEID), LENGTH, WORD, VERIFIER);

  /** offload_info4: what was written, or how many bytes before it failed. */
  static final Layout OFFLOAD = unionOr(LENGTH, arm(0, WRITE_RESPONSE));

  private Nfs4Items() {}
}
