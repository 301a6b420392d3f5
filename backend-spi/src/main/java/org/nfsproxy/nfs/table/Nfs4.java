package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Effect.AS_ASKED;
import static org.nfsproxy.nfs.table.Effect.READS;
import static org.nfsproxy.nfs.table.Effect.STATE;
import static org.nfsproxy.nfs.table.Effect.WRITES;
import static org.nfsproxy.nfs.table.Effect.WRITES_ONCE;
import static org.nfsproxy.nfs.table.HandlesOut.ATTRIBUTE;
import static org.nfsproxy.nfs.table.HandlesOut.ENTRIES;
import static org.nfsproxy.nfs.table.HandlesOut.NOTHING;
import static org.nfsproxy.nfs.table.HandlesOut.OBJECT;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs4Items.ASKED;
import static org.nfsproxy.nfs.table.Nfs4Items.ATTRIBUTES;
import static org.nfsproxy.nfs.table.Nfs4Items.BITMAP;
import static org.nfsproxy.nfs.table.Nfs4Items.BOOL;
import static org.nfsproxy.nfs.table.Nfs4Items.CACHE_THIS;
import static org.nfsproxy.nfs.table.Nfs4Items.CALLBACK_CLIENT;
import static org.nfsproxy.nfs.table.Nfs4Items.CALLBACK_SECURITIES;
import static org.nfsproxy.nfs.table.Nfs4Items.CHANNEL;
import static org.nfsproxy.nfs.table.Nfs4Items.CLIENTID;
import static org.nfsproxy.nfs.table.Nfs4Items.CLIENT_OWNER;
import static org.nfsproxy.nfs.table.Nfs4Items.COMPARED;
import static org.nfsproxy.nfs.table.Nfs4Items.COOKIE;
import static org.nfsproxy.nfs.table.Nfs4Items.COUNT;
import static org.nfsproxy.nfs.table.Nfs4Items.CREATE_DIRECTORY;
import static org.nfsproxy.nfs.table.Nfs4Items.CREATE_TYPE;
import static org.nfsproxy.nfs.table.Nfs4Items.DATA_BLOCK;
import static org.nfsproxy.nfs.table.Nfs4Items.DELEGATION_CLAIM;
import static org.nfsproxy.nfs.table.Nfs4Items.DEVICEID;
import static org.nfsproxy.nfs.table.Nfs4Items.DEVICE_ERRORS;
import static org.nfsproxy.nfs.table.Nfs4Items.EXCHANGE_FLAGS;
import static org.nfsproxy.nfs.table.Nfs4Items.FORE_CHANNEL;
import static org.nfsproxy.nfs.table.Nfs4Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs4Items.IMPLEMENTATION;
import static org.nfsproxy.nfs.table.Nfs4Items.IOMODE;
import static org.nfsproxy.nfs.table.Nfs4Items.IO_COUNTS;
import static org.nfsproxy.nfs.table.Nfs4Items.LAYOUT_RETURN;
import static org.nfsproxy.nfs.table.Nfs4Items.LAYOUT_UPDATE;
import static org.nfsproxy.nfs.table.Nfs4Items.LENGTH;
import static org.nfsproxy.nfs.table.Nfs4Items.LOCKER;
import static org.nfsproxy.nfs.table.Nfs4Items.NAME;
import static org.nfsproxy.nfs.table.Nfs4Items.NEW_OFFSET;
import static org.nfsproxy.nfs.table.Nfs4Items.NEW_TIME;
import static org.nfsproxy.nfs.table.Nfs4Items.OFFSET;
import static org.nfsproxy.nfs.table.Nfs4Items.OPENED;
import static org.nfsproxy.nfs.table.Nfs4Items.OWNER;
import static org.nfsproxy.nfs.table.Nfs4Items.OWNER_SEQID;
import static org.nfsproxy.nfs.table.Nfs4Items.PAYLOAD;
import static org.nfsproxy.nfs.table.Nfs4Items.RANGE;
import static org.nfsproxy.nfs.table.Nfs4Items.SEQID;
import static org.nfsproxy.nfs.table.Nfs4Items.SERVER;
import static org.nfsproxy.nfs.table.Nfs4Items.SERVERS;
import static org.nfsproxy.nfs.table.Nfs4Items.SESSIONID;
import static org.nfsproxy.nfs.table.Nfs4Items.SHARE_ACCESS;
import static org.nfsproxy.nfs.table.Nfs4Items.SLOTID;
import static org.nfsproxy.nfs.table.Nfs4Items.STATEID;
import static org.nfsproxy.nfs.table.Nfs4Items.STATEIDS;
import static org.nfsproxy.nfs.table.Nfs4Items.STATE_PROTECT;
import static org.nfsproxy.nfs.table.Nfs4Items.TIME;
import static org.nfsproxy.nfs.table.Nfs4Items.VERIFIER;
import static org.nfsproxy.nfs.table.Nfs4Items.WANTED;
import static org.nfsproxy.nfs.table.Nfs4Items.WRITTEN;
import static org.nfsproxy.nfs.table.Nfs4Items.XATTR;
import static org.nfsproxy.nfs.table.Nfs4Results.ACCESS_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.BARE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.BIND_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.CHANGE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.COMMIT_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.COPY_NOTIFY_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.COPY_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.CREATE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.DEVICELIST_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.DEVICE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.DIR_DELEG_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.EXCHANGE_ID_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.GETATTR_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.GETFH_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.GETXATTR_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.IO_ADVISE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.LAYOUTGET_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.LISTXATTRS_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.LOCKT_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.LOCK_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.NEW_SESSION_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.NEW_SIZE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.OFFLOAD_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.OPEN_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.READDIR_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.READLINK_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.READ_PLUS_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.READ_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.RENAME_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.RETURNED_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SECINFO_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SEEK_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SEQUENCE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SETATTR_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SETCLIENTID_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.SET_SSV_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.STATEID_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.STATUSES_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.WANT_DELEG_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.WRITE_RES;
import static org.nfsproxy.nfs.table.Nfs4Results.WRITE_SAME_RES;
import static org.nfsproxy.nfs.table.OnFailure.EMPTY_BITMAP;
import static org.nfsproxy.nfs.table.OnFailure.STATUS;
import static org.nfsproxy.nfs.table.Position.ALONE;
import static org.nfsproxy.nfs.table.Position.ANYWHERE;
import static org.nfsproxy.nfs.table.Position.FIRST;
import static org.nfsproxy.nfs.table.Position.OR_ALONE;
import static org.nfsproxy.nfs.table.Redirection.DATA_SERVER;
import static org.nfsproxy.nfs.table.Redirection.DESTINATION;
import static org.nfsproxy.nfs.table.Redirection.DEVICE;
import static org.nfsproxy.nfs.table.Redirection.LAYOUT_REPORT;
import static org.nfsproxy.nfs.table.Redirection.NAMED_SOURCE;
import static org.nfsproxy.nfs.table.Redirection.NOWHERE;
import static org.nfsproxy.nfs.table.Registers.BOTH;
import static org.nfsproxy.nfs.table.Registers.CURRENT;
import static org.nfsproxy.nfs.table.Registers.FROM_SAVED;
import static org.nfsproxy.nfs.table.Registers.MAYBE_CURRENT;
import static org.nfsproxy.nfs.table.Registers.NONE;
import static org.nfsproxy.nfs.table.Registers.RESTORED;
import static org.nfsproxy.nfs.table.Registers.SAVED;
import static org.nfsproxy.nfs.table.Registers.TO_ARGUMENT;
import static org.nfsproxy.nfs.table.Registers.TO_ATTRIBUTES;
import static org.nfsproxy.nfs.table.Registers.TO_CHILD;
import static org.nfsproxy.nfs.table.Registers.TO_CREATED;
import static org.nfsproxy.nfs.table.Registers.TO_OPENED;
import static org.nfsproxy.nfs.table.Registers.TO_PARENT;
import static org.nfsproxy.nfs.table.Registers.TO_PUBLIC;
import static org.nfsproxy.nfs.table.Registers.TO_ROOT;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operations of an NFSv4 COMPOUND: RFC 7530 (4.0), 8881 (4.1), 7862 (4.2), 8276 (xattrs). */
// Columns: the number; the minor version that brought it; what it does; how it deals with the
// current and the saved filehandle; where it may stand; what its reply teaches; its results; its
// arguments. All fail with a bare status but the one whose row says otherwise, and none leads to
// another server but those whose rows say so, before their results.
//
// Operations that 4.1 made obsolete keep their rows there: a 4.1 server reads their arguments and
// answers NFS4ERR_NOTSUPP.
public enum Nfs4 implements CompoundOperation {
  // spotless:off
  //                    no  m  effect       registers      place     teaches    results          arguments
  ACCESS               (3,  0, READS,       CURRENT,       ANYWHERE, NOTHING,   ACCESS_RES,      WORD),
  CLOSE                (4,  0, STATE,       CURRENT,       ANYWHERE, NOTHING,   STATEID_RES,     OWNER_SEQID, STATEID),
  COMMIT               (5,  0, WRITES,      CURRENT,       ANYWHERE, NOTHING,   COMMIT_RES,      OFFSET, COUNT),
  CREATE               (6,  0, WRITES_ONCE, TO_CREATED,    ANYWHERE, NOTHING,   CREATE_RES,      CREATE_TYPE, NAME, ATTRIBUTES),
  DELEGPURGE           (7,  0, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        CLIENTID),
  DELEGRETURN          (8,  0, STATE,       CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        STATEID),
  GETATTR              (9,  0, READS,       CURRENT,       ANYWHERE, ATTRIBUTE, GETATTR_RES,     ASKED),
  GETFH                (10, 0, READS,       CURRENT,       ANYWHERE, OBJECT,    GETFH_RES),
  LINK                 (11, 0, WRITES_ONCE, BOTH,          ANYWHERE, NOTHING,   CHANGE_RES,      NAME),
  LOCK                 (12, 0, STATE,       CURRENT,       ANYWHERE, NOTHING,   LOCK_RES,        WORD, BOOL, OFFSET, LENGTH, LOCKER),
  LOCKT                (13, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   LOCKT_RES,       WORD, OFFSET, LENGTH, OWNER),
  LOCKU                (14, 0, STATE,       CURRENT,       ANYWHERE, NOTHING,   STATEID_RES,     WORD, OWNER_SEQID, STATEID, OFFSET, LENGTH),
  LOOKUP               (15, 0, READS,       TO_CHILD,      ANYWHERE, NOTHING,   BARE_RES,        NAME),
  LOOKUPP              (16, 0, READS,       TO_PARENT,     ANYWHERE, NOTHING,   BARE_RES),
  NVERIFY              (17, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        COMPARED),
  OPEN                 (18, 0, AS_ASKED,    TO_OPENED,     ANYWHERE, NOTHING,   OPEN_RES,        OWNER_SEQID, SHARE_ACCESS, WORD, OWNER,
                                                                                                 OPENED),
  OPENATTR             (19, 0, AS_ASKED,    TO_ATTRIBUTES, ANYWHERE, NOTHING,   BARE_RES,        CREATE_DIRECTORY),
  OPEN_CONFIRM         (20, 0, STATE,       CURRENT,       ANYWHERE, NOTHING,   STATEID_RES,     STATEID, OWNER_SEQID),
  OPEN_DOWNGRADE       (21, 0, STATE,       CURRENT,       ANYWHERE, NOTHING,   STATEID_RES,     STATEID, OWNER_SEQID, WORD, WORD),
  PUTFH                (22, 0, READS,       TO_ARGUMENT,   ANYWHERE, NOTHING,   BARE_RES,        HANDLE),
  PUTPUBFH             (23, 0, READS,       TO_PUBLIC,     ANYWHERE, NOTHING,   BARE_RES),
  PUTROOTFH            (24, 0, READS,       TO_ROOT,       ANYWHERE, NOTHING,   BARE_RES),
  READ                 (25, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   READ_RES,        STATEID, RANGE),
  READDIR              (26, 0, READS,       CURRENT,       ANYWHERE, ENTRIES,   READDIR_RES,     COOKIE, VERIFIER, COUNT, COUNT,
                                                                                                 ASKED),
  READLINK             (27, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   READLINK_RES),
  REMOVE               (28, 0, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   CHANGE_RES,      NAME),
  RENAME               (29, 0, WRITES_ONCE, BOTH,          ANYWHERE, NOTHING,   RENAME_RES,      NAME, NAME),
  RENEW                (30, 0, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        CLIENTID),
  RESTOREFH            (31, 0, READS,       RESTORED,      ANYWHERE, NOTHING,   BARE_RES),
  SAVEFH               (32, 0, READS,       SAVED,         ANYWHERE, NOTHING,   BARE_RES),
  // 4.1 servers then drop the current handle; nothing is lost by judging as if they kept it:
  SECINFO              (33, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   SECINFO_RES,     NAME),
  // fails with its bitmap behind the status:
  SETATTR              (34, 0, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   EMPTY_BITMAP, SETATTR_RES, STATEID, ATTRIBUTES),
  SETCLIENTID          (35, 0, STATE,       NONE,          ANYWHERE, NOTHING,   SETCLIENTID_RES, CLIENT_OWNER, CALLBACK_CLIENT, WORD),
  SETCLIENTID_CONFIRM  (36, 0, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        CLIENTID, VERIFIER),
  VERIFY               (37, 0, READS,       CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        COMPARED),
  WRITE                (38, 0, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   WRITE_RES,       STATEID, OFFSET, WORD, WRITTEN),
  RELEASE_LOCKOWNER    (39, 0, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        OWNER),

  BACKCHANNEL_CTL      (40, 1, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        WORD, CALLBACK_SECURITIES),
  BIND_CONN_TO_SESSION (41, 1, STATE,       NONE,          ALONE,    NOTHING,   BIND_RES,        SESSIONID, WORD, BOOL),
  EXCHANGE_ID          (42, 1, STATE,       NONE,          OR_ALONE, NOTHING,   EXCHANGE_ID_RES, CLIENT_OWNER, EXCHANGE_FLAGS, STATE_PROTECT,
                                                                                                 IMPLEMENTATION),
  CREATE_SESSION       (43, 1, STATE,       NONE,          OR_ALONE, NOTHING,   NEW_SESSION_RES, CLIENTID, SEQID, WORD, FORE_CHANNEL,
                                                                                                 CHANNEL, WORD, CALLBACK_SECURITIES),
  DESTROY_SESSION      (44, 1, STATE,       NONE,          OR_ALONE, NOTHING,   BARE_RES,        SESSIONID),
  FREE_STATEID         (45, 1, STATE,       NONE,          ANYWHERE, NOTHING,   BARE_RES,        STATEID),
  GET_DIR_DELEGATION   (46, 1, STATE,       CURRENT,       ANYWHERE, NOTHING,   DIR_DELEG_RES,   BOOL, BITMAP, TIME, TIME, BITMAP,
                                                                                                 BITMAP),
  GETDEVICEINFO        (47, 1, READS,       NONE,          ANYWHERE, NOTHING,   DEVICE, DEVICE_RES,      DEVICEID, WORD, COUNT, BITMAP),
  GETDEVICELIST        (48, 1, READS,       CURRENT,       ANYWHERE, NOTHING,   DEVICE, DEVICELIST_RES,  WORD, COUNT, COOKIE, VERIFIER),
  LAYOUTCOMMIT         (49, 1, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   LAYOUT_REPORT, NEW_SIZE_RES,    OFFSET, LENGTH, BOOL, STATEID,
                                                                                                 NEW_OFFSET, NEW_TIME, LAYOUT_UPDATE),
  LAYOUTGET            (50, 1, AS_ASKED,    CURRENT,       ANYWHERE, NOTHING,   DATA_SERVER, LAYOUTGET_RES,   BOOL, WORD, IOMODE, OFFSET, LENGTH,
                                                                                                 LENGTH, STATEID, COUNT),
  LAYOUTRETURN         (51, 1, STATE,       CURRENT,       ANYWHERE, NOTHING,   LAYOUT_REPORT, RETURNED_RES,    BOOL, WORD, WORD, LAYOUT_RETURN),
  SECINFO_NO_NAME      (52, 1, READS,       CURRENT,       ANYWHERE, NOTHING,   SECINFO_RES,     WORD),
  SEQUENCE             (53, 1, STATE,       NONE,          FIRST,    NOTHING,   SEQUENCE_RES,    SESSIONID, SEQID, SLOTID, SLOTID,
                                                                                                 CACHE_THIS),
  SET_SSV              (54, 1, STATE,       NONE,          ANYWHERE, NOTHING,   SET_SSV_RES,     PAYLOAD, PAYLOAD),
  TEST_STATEID         (55, 1, READS,       NONE,          ANYWHERE, NOTHING,   STATUSES_RES,    STATEIDS),
  WANT_DELEGATION      (56, 1, STATE,       CURRENT,       ANYWHERE, NOTHING,   WANT_DELEG_RES,  WANTED, DELEGATION_CLAIM),
  DESTROY_CLIENTID     (57, 1, STATE,       NONE,          OR_ALONE, NOTHING,   BARE_RES,        CLIENTID),
  RECLAIM_COMPLETE     (58, 1, STATE,       MAYBE_CURRENT, ANYWHERE, NOTHING,   BARE_RES,        BOOL),

  ALLOCATE             (59, 2, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        STATEID, OFFSET, LENGTH),
  COPY                 (60, 2, WRITES_ONCE, FROM_SAVED,    ANYWHERE, NOTHING,   NAMED_SOURCE, COPY_RES,        STATEID, STATEID, OFFSET, OFFSET,
                                                                                                 LENGTH, BOOL, BOOL, SERVERS),
  COPY_NOTIFY          (61, 2, STATE,       CURRENT,       ANYWHERE, NOTHING,   DESTINATION, COPY_NOTIFY_RES, STATEID, SERVER),
  DEALLOCATE           (62, 2, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        STATEID, OFFSET, LENGTH),
  IO_ADVISE            (63, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   IO_ADVISE_RES,   STATEID, OFFSET, LENGTH, BITMAP),
  LAYOUTERROR          (64, 2, STATE,       CURRENT,       ANYWHERE, NOTHING,   LAYOUT_REPORT, BARE_RES,        OFFSET, LENGTH, STATEID,
                                                                                                 DEVICE_ERRORS),
  LAYOUTSTATS          (65, 2, STATE,       CURRENT,       ANYWHERE, NOTHING,   LAYOUT_REPORT, BARE_RES,        OFFSET, LENGTH, STATEID, IO_COUNTS,
                                                                                                 IO_COUNTS, DEVICEID, LAYOUT_UPDATE),
  OFFLOAD_CANCEL       (66, 2, STATE,       CURRENT,       ANYWHERE, NOTHING,   BARE_RES,        STATEID),
  OFFLOAD_STATUS       (67, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   OFFLOAD_RES,     STATEID),
  READ_PLUS            (68, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   READ_PLUS_RES,   STATEID, OFFSET, COUNT),
  SEEK                 (69, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   SEEK_RES,        STATEID, OFFSET, WORD),
  WRITE_SAME           (70, 2, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   WRITE_SAME_RES,  STATEID, WORD, DATA_BLOCK),
  CLONE                (71, 2, WRITES_ONCE, FROM_SAVED,    ANYWHERE, NOTHING,   BARE_RES,        STATEID, STATEID, OFFSET, OFFSET,
                                                                                                 LENGTH),

  GETXATTR             (72, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   GETXATTR_RES,    XATTR),
  SETXATTR             (73, 2, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   CHANGE_RES,      WORD, XATTR, PAYLOAD),
  LISTXATTRS           (74, 2, READS,       CURRENT,       ANYWHERE, NOTHING,   LISTXATTRS_RES,  COOKIE, COUNT),
  REMOVEXATTR          (75, 2, WRITES_ONCE, CURRENT,       ANYWHERE, NOTHING,   CHANGE_RES,      XATTR),

  // every number without a row:
  ILLEGAL (10044, 0, READS, NONE, ANYWHERE, NOTHING,   BARE_RES);
  // spotless:on

  /** All rows by their number. */
  public static final OperationTable<Nfs4> OPERATIONS = new OperationTable<>(ILLEGAL, values());

  private static final Set<Layout> REPLAYED_RESULTS =
      Stream.concat(
              Stream.of(BARE_RES), Stream.of(values()).filter(Nfs4::isOfOwner).map(Nfs4::results))
          .collect(Collectors.toUnmodifiableSet());

  private final Row row;
  private final int minorVersion;
  private final Registers registers;
  private final Position place;
  private final Redirection redirection;
  private final boolean isOfOwner;

  Nfs4(
      int number,
      int minorVersion,
      Effect effect,
      Registers registers,
      Position place,
      HandlesOut handlesOut,
      Layout results,
      Layout... arguments) {
    this(number, minorVersion, effect, registers, place, handlesOut, NOWHERE, results, arguments);
  }

  Nfs4(
      int number,
      int minorVersion,
      Effect effect,
      Registers registers,
      Position place,
      HandlesOut handlesOut,
      Redirection redirection,
      Layout results,
      Layout... arguments) {
    this(
        number,
        minorVersion,
        effect,
        registers,
        place,
        handlesOut,
        redirection,
        STATUS,
        results,
        arguments);
  }

  Nfs4(
      int number,
      int minorVersion,
      Effect effect,
      Registers registers,
      Position place,
      HandlesOut handlesOut,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    this(
        number,
        minorVersion,
        effect,
        registers,
        place,
        handlesOut,
        NOWHERE,
        onFailure,
        results,
        arguments);
  }

  Nfs4(
      int number,
      int minorVersion,
      Effect effect,
      Registers registers,
      Position place,
      HandlesOut handlesOut,
      Redirection redirection,
      OnFailure onFailure,
      Layout results,
      Layout... arguments) {
    this.row = Row.of("nfs4", name(), number, effect, handlesOut, onFailure, results, arguments);
    this.minorVersion = minorVersion;
    this.registers = registers;
    this.place = place;
    this.redirection = redirection;
    this.isOfOwner = row.arguments().parts().contains(Part.OWNER_SEQID);
  }

  @Override
  public Row row() {
    return row;
  }

  @Override
  public int minorVersion() {
    return minorVersion;
  }

  @Override
  public Position place() {
    return place;
  }

  /**
   * How it deals with the current and the saved filehandle.
   *
   * @return the column
   */
  public Registers registers() {
    return registers;
  }

  /**
   * Whether it is the turn of an open-owner or lock-owner. In NFSv4.0 the origin keeps the results
   * of the last one, and replays them by its sequence number, whatever operation asks (RFC 7530,
   * section 9.1.7).
   *
   * @return whether its arguments have such a number
   */
  public boolean isOfOwner() {
    return isOfOwner;
  }

  /**
   * What the results of an owner's operation may look like, if they are a replay: like those of any
   * owner's operation, or a status alone, where an origin kept no more.
   *
   * @return the layouts
   */
  public static Set<Layout> replayedResults() {
    return REPLAYED_RESULTS;
  }

  /**
   * Whether it leads a client to a server other than the one it is sent to.
   *
   * @return the column
   */
  public Redirection redirection() {
    return redirection;
  }
}
