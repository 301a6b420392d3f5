package org.nfsproxy.server.probe;

import org.nfsproxy.nfs.Filehandle;

/**
 * By what a Linux server's handle names its filesystem.
 *
 * <pre>
 *  | version 1 | 0 | kind of fsid | kind of fileid | fsid, by its kind | fileid, by its kind |
 * </pre>
 */
// Handles are opaque, so this is a guess, and said to be one: other servers' handles may happen to
// begin alike. The length must agree too.
enum FsidKind {
  /** A device number, with or without an inode: another one after a restart, perhaps. */
  DEVICE("device"),
  /** The number of {@code fsid=}. */
  NUMBER("fsid="),
  /** A UUID, of the filesystem or of {@code fsid=}. */
  UUID("uuid"),
  /** No handle of a Linux server, or of a kind that nobody here knows. */
  UNTOLD("-");

  private static final int HEADER_BYTES = 4;

  /** By the number in the handle: 0 to 7. */
  private static final FsidKind[] KINDS = {DEVICE, NUMBER, DEVICE, DEVICE, UUID, UUID, UUID, UUID};

  private static final int[] BYTES = {8, 4, 12, 8, 8, 8, 16, 24};

  private final String shown;

  FsidKind(String shown) {
    this.shown = shown;
  }

  /**
   * The kind.
   *
   * @param root the handle of the directory that is exported
   */
  static FsidKind of(Filehandle root) {
    byte[] bytes = root.bytes();
    if (bytes.length < HEADER_BYTES || bytes[0] != 1 || bytes[1] != 0) {
      return UNTOLD;
    }
    int kind = bytes[2] & 0xff;
    if (kind >= KINDS.length) {
      return UNTOLD;
    }
    int least = HEADER_BYTES + BYTES[kind];
    boolean isRootOfExport = bytes[3] == 0;
    boolean fits = isRootOfExport ? bytes.length == least : bytes.length > least;
    return fits ? KINDS[kind] : UNTOLD;
  }

  String shown() {
    return shown;
  }
}
