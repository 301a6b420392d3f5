package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Nfs4Items.BITMAP;
import static org.nfsproxy.nfs.table.Nfs4Items.BOOL;
import static org.nfsproxy.nfs.table.Nfs4Items.COUNT;
import static org.nfsproxy.nfs.table.Nfs4Items.DELEGATION;
import static org.nfsproxy.nfs.table.Nfs4Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs4Items.LAYOUT_RECALL;
import static org.nfsproxy.nfs.table.Nfs4Items.NOTIFICATIONS;
import static org.nfsproxy.nfs.table.Nfs4Items.OFFLOAD;
import static org.nfsproxy.nfs.table.Nfs4Items.OWNER;
import static org.nfsproxy.nfs.table.Nfs4Items.REFERRING_CALLS;
import static org.nfsproxy.nfs.table.Nfs4Items.SEQID;
import static org.nfsproxy.nfs.table.Nfs4Items.SESSIONID;
import static org.nfsproxy.nfs.table.Nfs4Items.SLOTID;
import static org.nfsproxy.nfs.table.Nfs4Items.STATEID;
import static org.nfsproxy.nfs.table.Position.ANYWHERE;
import static org.nfsproxy.nfs.table.Position.FIRST;

/**
 * The operations of a CB_COMPOUND, by which an origin calls its client: RFC 7530 section 15, RFC
 * 8881 section 20, RFC 7862 section 16.
 */
// None changes a file and none has registers: each names its object by a handle in its arguments.
public enum Nfs4Callback implements CompoundOperation {
  // spotless:off
  //                      no  m  place     arguments
  CB_GETATTR             (3,  0, ANYWHERE, HANDLE, BITMAP),
  CB_RECALL              (4,  0, ANYWHERE, STATEID, BOOL, HANDLE),
  CB_LAYOUTRECALL        (5,  1, ANYWHERE, WORD, WORD, BOOL, LAYOUT_RECALL),
  CB_NOTIFY              (6,  1, ANYWHERE, STATEID, HANDLE, NOTIFICATIONS),
  CB_PUSH_DELEG          (7,  1, ANYWHERE, HANDLE, DELEGATION),
  CB_RECALL_ANY          (8,  1, ANYWHERE, COUNT, BITMAP),
  CB_RECALLABLE_OBJ_AVAIL(9,  1, ANYWHERE, COUNT, BITMAP),
  CB_RECALL_SLOT         (10, 1, ANYWHERE, SLOTID),
  CB_SEQUENCE            (11, 1, FIRST,    SESSIONID, SEQID, SLOTID, SLOTID, BOOL, REFERRING_CALLS),
  CB_WANTS_CANCELLED     (12, 1, ANYWHERE, BOOL, BOOL),
  CB_NOTIFY_LOCK         (13, 1, ANYWHERE, HANDLE, OWNER),
  CB_NOTIFY_DEVICEID     (14, 1, ANYWHERE, NOTIFICATIONS),
  CB_OFFLOAD             (15, 2, ANYWHERE, HANDLE, STATEID, OFFLOAD),
  CB_ILLEGAL          (10044, 0, ANYWHERE); // every number without a row
  // spotless:on

  /** All rows by their number. */
  public static final OperationTable<Nfs4Callback> OPERATIONS =
      new OperationTable<>(CB_ILLEGAL, values());

  private final Row row;
  private final int minorVersion;
  private final Position place;

  Nfs4Callback(int number, int minorVersion, Position place, Layout... arguments) {
    this.row =
        Row.of(
            "nfs4",
            name(),
            number,
            Effect.STATE,
            HandlesOut.NOTHING,
            OnFailure.STATUS,
            Layout.REST,
            arguments);
    this.minorVersion = minorVersion;
    this.place = place;
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
}
