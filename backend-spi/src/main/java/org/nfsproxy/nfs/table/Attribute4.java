package org.nfsproxy.nfs.table;

import static org.nfsproxy.nfs.table.Layout.HYPER;
import static org.nfsproxy.nfs.table.Layout.UNBOUNDED;
import static org.nfsproxy.nfs.table.Layout.WORD;
import static org.nfsproxy.nfs.table.Layout.arm;
import static org.nfsproxy.nfs.table.Layout.array;
import static org.nfsproxy.nfs.table.Layout.opaque;
import static org.nfsproxy.nfs.table.Layout.struct;
import static org.nfsproxy.nfs.table.Layout.unionOrVoid;
import static org.nfsproxy.nfs.table.Nfs4Items.ACE;
import static org.nfsproxy.nfs.table.Nfs4Items.BITMAP;
import static org.nfsproxy.nfs.table.Nfs4Items.BOOL;
import static org.nfsproxy.nfs.table.Nfs4Items.HANDLE;
import static org.nfsproxy.nfs.table.Nfs4Items.TEXT;
import static org.nfsproxy.nfs.table.Nfs4Items.TIME;

import java.util.List;

/**
 * The attributes of NFSv4 and what their values look like: RFC 7530 section 5, RFC 8881 section 5,
 * RFC 7862 section 12, RFC 8275 (mode_umask), RFC 8276 (xattr_support), RFC 9754 (from offline on).
 * The ordinal is the number.
 */
// Dense: every number from 0 to the last has a row, and a test says so.
public enum Attribute4 {
  // spotless:off
  SUPPORTED_ATTRS    (BITMAP),
  TYPE               (WORD),
  FH_EXPIRE_TYPE     (WORD),
  CHANGE             (HYPER),
  SIZE               (HYPER),
  LINK_SUPPORT       (BOOL),
  SYMLINK_SUPPORT    (BOOL),
  NAMED_ATTR         (BOOL),
  FSID               (HYPER, HYPER),
  UNIQUE_HANDLES     (BOOL),
  LEASE_TIME         (WORD), // 10
  RDATTR_ERROR       (WORD),
  ACL                (array(UNBOUNDED, ACE)),
  ACLSUPPORT         (WORD),
  ARCHIVE            (BOOL),
  CANSETTIME         (BOOL),
  CASE_INSENSITIVE   (BOOL),
  CASE_PRESERVING    (BOOL),
  CHOWN_RESTRICTED   (BOOL),
  FILEHANDLE         (HANDLE),
  FILEID             (HYPER), // 20
  FILES_AVAIL        (HYPER),
  FILES_FREE         (HYPER),
  FILES_TOTAL        (HYPER),
  FS_LOCATIONS       (Items.FS_LOCATIONS),
  HIDDEN             (BOOL),
  HOMOGENEOUS        (BOOL),
  MAXFILESIZE        (HYPER),
  MAXLINK            (WORD),
  MAXNAME            (WORD),
  MAXREAD            (HYPER), // 30
  MAXWRITE           (HYPER),
  MIMETYPE           (TEXT),
  MODE               (WORD),
  NO_TRUNC           (BOOL),
  NUMLINKS           (WORD),
  OWNER              (TEXT),
  OWNER_GROUP        (TEXT),
  QUOTA_AVAIL_HARD   (HYPER),
  QUOTA_AVAIL_SOFT   (HYPER),
  QUOTA_USED         (HYPER), // 40
  RAWDEV             (WORD, WORD),
  SPACE_AVAIL        (HYPER),
  SPACE_FREE         (HYPER),
  SPACE_TOTAL        (HYPER),
  SPACE_USED         (HYPER),
  SYSTEM             (BOOL),
  TIME_ACCESS        (TIME),
  TIME_ACCESS_SET    (Items.SET_TIME),
  TIME_BACKUP        (TIME),
  TIME_CREATE        (TIME), // 50
  TIME_DELTA         (TIME),
  TIME_METADATA      (TIME),
  TIME_MODIFY        (TIME),
  TIME_MODIFY_SET    (Items.SET_TIME),
  MOUNTED_ON_FILEID  (HYPER),
  DIR_NOTIF_DELAY    (TIME),
  DIRENT_NOTIF_DELAY (TIME),
  DACL               (WORD, array(UNBOUNDED, ACE)),
  SACL               (WORD, array(UNBOUNDED, ACE)),
  CHANGE_POLICY      (HYPER, HYPER), // 60
  FS_STATUS          (BOOL, WORD, TEXT, TEXT, WORD, TIME),
  FS_LAYOUT_TYPES    (array(UNBOUNDED, WORD)),
  LAYOUT_HINT        (WORD, opaque(UNBOUNDED)),
  LAYOUT_TYPES       (array(UNBOUNDED, WORD)),
  LAYOUT_BLKSIZE     (WORD),
  LAYOUT_ALIGNMENT   (WORD),
  FS_LOCATIONS_INFO  (Items.FS_LOCATIONS_INFO),
  MDSTHRESHOLD       (array(UNBOUNDED, WORD, BITMAP, opaque(UNBOUNDED))),
  RETENTION_GET      (HYPER, array(1, TIME)),
  RETENTION_SET      (BOOL, array(1, HYPER)), // 70
  RETENTEVT_GET      (HYPER, array(1, TIME)),
  RETENTEVT_SET      (BOOL, array(1, HYPER)),
  RETENTION_HOLD     (HYPER),
  MODE_SET_MASKED    (WORD, WORD),
  SUPPATTR_EXCLCREAT (BITMAP),
  FS_CHARSET_CAP     (WORD),
  CLONE_BLKSIZE      (WORD),
  SPACE_FREED        (HYPER),
  CHANGE_ATTR_TYPE   (WORD),
  SEC_LABEL          (WORD, WORD, opaque(UNBOUNDED)), // 80
  MODE_UMASK         (WORD, WORD),
  XATTR_SUPPORT      (BOOL),
  OFFLINE            (BOOL),
  TIME_DELEG_ACCESS  (TIME),
  TIME_DELEG_MODIFY  (TIME),
  OPEN_ARGUMENTS     (BITMAP, BITMAP, BITMAP, BITMAP, BITMAP);
  // spotless:on

  /** All rows by their number. */
  public static final List<Attribute4> ALL = List.of(values());

  private final Layout value;

  Attribute4(Layout... value) {
    this.value = Layout.struct(value);
  }

  /** How many numbers have a row. */
  public static int count() {
    return ALL.size();
  }

  /** The row of a number below {@link #count}. */
  public static Attribute4 of(int number) {
    return ALL.get(number);
  }

  /**
   * The number on the wire, which is that of its bit.
   *
   * @return 0 to 86
   */
  public int number() {
    return ordinal();
  }

  /**
   * What its value looks like.
   *
   * @return the layout
   */
  public Layout value() {
    return value;
  }

  private static final class Items {
    /** settime4: SET_TO_CLIENT_TIME4 brings one. */
    static final Layout SET_TIME = unionOrVoid(arm(1, TIME));

    private static final Layout SERVER = opaque(UNBOUNDED, Part.SERVER);
    private static final Layout PATH = array(UNBOUNDED, TEXT);

    /** fs_locations4: the root's path here; then of each location its servers and path there. */
    static final Layout FS_LOCATIONS =
        struct(PATH, array(UNBOUNDED, array(UNBOUNDED, SERVER), PATH));

    /** fs_locations_server4: currency, what is known of it, its name. */
    private static final Layout REPLICA = struct(WORD, opaque(UNBOUNDED), SERVER);

    /** fs_locations_info4: flags, how long it is valid, the root's path; then as above. */
    static final Layout FS_LOCATIONS_INFO =
        struct(WORD, WORD, PATH, array(UNBOUNDED, array(UNBOUNDED, REPLICA), PATH));
  }
}
