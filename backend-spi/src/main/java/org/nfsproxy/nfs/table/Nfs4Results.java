package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.entries;
import static org.nfsproxy.nfs.table.Layout.fixed;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.optional;
import static org.nfsproxy.nfs.table.Layout.part;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.union;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;
import static org.nfsproxy.nfs.table.Nfs4Items.BITMAP;
import static org.nfsproxy.nfs.table.Nfs4Items.BOOL;
import static org.nfsproxy.nfs.table.Nfs4Items.CHANNEL;
import static org.nfsproxy.nfs.table.Nfs4Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs4Items.COUNT;
import static org.nfsproxy.nfs.table.Nfs4Items.DELEGATION;
import static org.nfsproxy.nfs.table.Nfs4Items.DEVICEID;
import static org.nfsproxy.nfs.table.Nfs4Items.EXCHANGE_FLAGS;
import static org.nfsproxy.nfs.table.Nfs4Items.FLAGS;
import static org.nfsproxy.nfs.table.Nfs4Items.FORE_CHANNEL;
import static org.nfsproxy.nfs.table.Nfs4Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs4Items.HAS_READ;
import static org.nfsproxy.nfs.table.Nfs4Items.IMPLEMENTATION;
import static org.nfsproxy.nfs.table.Nfs4Items.LENGTH;
import static org.nfsproxy.nfs.table.Nfs4Items.NAME;
import static org.nfsproxy.nfs.table.Nfs4Items.OFFSET;
import static org.nfsproxy.nfs.table.Nfs4Items.OPAQUE_BYTES_MAX;
import static org.nfsproxy.nfs.table.Nfs4Items.OWNER;
import static org.nfsproxy.nfs.table.Nfs4Items.PAYLOAD;
import static org.nfsproxy.nfs.table.Nfs4Items.PROTECT_OPERATIONS;
import static org.nfsproxy.nfs.table.Nfs4Items.SEQID;
import static org.nfsproxy.nfs.table.Nfs4Items.SERVERS;
import static org.nfsproxy.nfs.table.Nfs4Items.SESSIONID;
import static org.nfsproxy.nfs.table.Nfs4Items.SLOTID;
import static org.nfsproxy.nfs.table.Nfs4Items.STATEID;
import static org.nfsproxy.nfs.table.Nfs4Items.TEXT;
import static org.nfsproxy.nfs.table.Nfs4Items.TIME;
import static org.nfsproxy.nfs.table.Nfs4Items.VERIFIER;
import static org.nfsproxy.nfs.table.Nfs4Items.WRITE_RESPONSE;

/**
 * What the results of NFSv4's operations are made of, each from its status on: RFC 7531 (4.0), RFC
 * 5662 (4.1), RFC 7863 (4.2), RFC 8276 (extended attributes). Named after the RFC's {@code
 * ...4res}.
 */
// Where a failure has a body of its own (LOCK, SETATTR, ...) its status is an arm like success; all
// other failures are the status alone.
final class Nfs4Results {

  /** RPCSEC_GSS as a flavor. */
  private static final int RPCSEC_GSS = 6;

  private static Layout ok(Layout... items) {
    return unionOrVoid(arm(NfsStatus.OK, items));
  }

  private static final Layout FATTR4 = part(Part.FATTR4, Nfs4Items.ATTRIBUTES);

  /** change_info4: atomic, before, after. */
  private static final Layout CHANGE = fixed(20);

  /** Nothing but the status. */
  static final Layout BARE_RES = WORD;

  // Several operations have these:

  static final Layout STATEID_RES = ok(STATEID);
  static final Layout CHANGE_RES = ok(CHANGE);

  /** secinfo4: flavors; RPCSEC_GSS with mechanism, quality and service. */
  static final Layout SECINFO_RES =
      ok(
          part(
              Part.FLAVORS,
              array(UNBOUNDED, unionOrVoid(arm(RPCSEC_GSS, opaque(UNBOUNDED), WORD, WORD)))));

  // NFSv4.0:

  /** supported, access. */
  static final Layout ACCESS_RES = ok(WORD, part(Part.GRANTED, WORD));

  static final Layout COMMIT_RES = ok(VERIFIER);
  static final Layout CREATE_RES = ok(CHANGE, BITMAP);
  static final Layout GETATTR_RES = ok(FATTR4);
  static final Layout GETFH_RES = ok(HANDLE);

  /** LOCK4denied: offset, length, type, owner. */
  private static final Layout.Arm DENIED = arm(NfsStatus.DENIED, OFFSET, LENGTH, WORD, OWNER);

  static final Layout LOCK_RES = unionOrVoid(arm(NfsStatus.OK, STATEID), DENIED);
  static final Layout LOCKT_RES = unionOrVoid(DENIED);
  static final Layout OPEN_RES = ok(STATEID, CHANGE, WORD, BITMAP, DELEGATION);
  static final Layout READ_RES = ok(BOOL, HAS_READ);
  static final Layout READDIR_RES = ok(VERIFIER, entries(COOKIE, NAME, FATTR4), BOOL);
  static final Layout READLINK_RES = ok(TEXT);
  static final Layout RENAME_RES = ok(CHANGE, CHANGE);

  /** What was set is told in failure too. */
  static final Layout SETATTR_RES = struct(WORD, BITMAP);

  private static final Layout CLIENTID = part(Part.CLIENTID, HYPER);

  static final Layout SETCLIENTID_RES =
      unionOrVoid(arm(NfsStatus.OK, CLIENTID, VERIFIER), arm(NfsStatus.CLID_INUSE, TEXT, TEXT));

  static final Layout WRITE_RES = ok(COUNT, WORD, VERIFIER);

  // NFSv4.1:

  static final Layout BIND_RES = ok(SESSIONID, WORD, BOOL);

  /** state_protect4_r: SP4_NONE, SP4_MACH_CRED, SP4_SSV. */
  private static final Layout STATE_PROTECTED =
      union(
          arm(0),
          arm(1, PROTECT_OPERATIONS),
          arm(2, PROTECT_OPERATIONS, fixed(4 * 4), array(UNBOUNDED, opaque(UNBOUNDED))));

  /** server_owner4. */
  private static final Layout SERVER_OWNER =
      struct(part(Part.MINOR_ID, HYPER), opaque(OPAQUE_BYTES_MAX, Part.MAJOR_ID));

  static final Layout EXCHANGE_ID_RES =
      ok(
          CLIENTID,
          SEQID,
          EXCHANGE_FLAGS,
          STATE_PROTECTED,
          SERVER_OWNER,
          opaque(OPAQUE_BYTES_MAX, Part.SCOPE),
          IMPLEMENTATION);

  static final Layout NEW_SESSION_RES = ok(SESSIONID, SEQID, FLAGS, FORE_CHANNEL, CHANNEL);

  /** GDD4_OK; GDD4_UNAVAIL. */
  static final Layout DIR_DELEG_RES =
      ok(union(arm(0, VERIFIER, STATEID, BITMAP, BITMAP, BITMAP), arm(1, BOOL)));

  static final Layout DEVICE_RES =
      unionOrVoid(
          arm(NfsStatus.OK, WORD, opaque(UNBOUNDED), BITMAP), arm(NfsStatus.TOOSMALL, COUNT));

  static final Layout DEVICELIST_RES = ok(COOKIE, VERIFIER, array(UNBOUNDED, DEVICEID), BOOL);
  static final Layout NEW_SIZE_RES = ok(optional(LENGTH));

  /** layout4: offset, length, iomode, type, body. */
  private static final Layout LAYOUTS =
      array(UNBOUNDED, OFFSET, LENGTH, WORD, WORD, opaque(UNBOUNDED));

  static final Layout LAYOUTGET_RES =
      unionOrVoid(arm(NfsStatus.OK, BOOL, STATEID, LAYOUTS), arm(NfsStatus.LAYOUTTRYLATER, BOOL));

  static final Layout RETURNED_RES = ok(optional(STATEID));
  static final Layout SEQUENCE_RES = ok(SESSIONID, SEQID, SLOTID, SLOTID, SLOTID, FLAGS);
  static final Layout SET_SSV_RES = ok(PAYLOAD);
  static final Layout STATUSES_RES = ok(array(UNBOUNDED, WORD));
  static final Layout WANT_DELEG_RES = ok(DELEGATION);

  // NFSv4.2 and extended attributes:

  /** copy_requirements4: consecutive, synchronous. */
  private static final Layout REQUIREMENTS = fixed(8);

  static final Layout COPY_RES =
      unionOrVoid(
          arm(NfsStatus.OK, WRITE_RESPONSE, REQUIREMENTS),
          arm(NfsStatus.OFFLOAD_NO_REQS, REQUIREMENTS));

  static final Layout COPY_NOTIFY_RES = ok(TIME, STATEID, SERVERS);
  static final Layout IO_ADVISE_RES = ok(BITMAP);
  static final Layout OFFLOAD_RES = ok(LENGTH, array(1, WORD));

  /** read_plus_content: NFS4_CONTENT_DATA, NFS4_CONTENT_HOLE. */
  static final Layout READ_PLUS_RES =
      ok(BOOL, array(UNBOUNDED, unionOrVoid(arm(0, OFFSET, PAYLOAD), arm(1, OFFSET, LENGTH))));

  static final Layout SEEK_RES = ok(BOOL, OFFSET);
  static final Layout WRITE_SAME_RES = ok(WRITE_RESPONSE);
  static final Layout GETXATTR_RES = ok(PAYLOAD);
  static final Layout LISTXATTRS_RES = ok(COOKIE, array(UNBOUNDED, TEXT), BOOL);

  private Nfs4Results() {}
}
