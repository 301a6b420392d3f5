package org.nfsproxy.server.exports;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one instance of the proxy tells the others of a filesystem.
 *
 * @param path where its root is; absolute, not the root of the namespace, {@link #PATH_BYTES_MAX}
 *     bytes of UTF-8 at most
 * @param fsids the origin's names for it, one for each version of NFS, at least one
 */
public record PeerExport(String path, List<VersionedFsid> fsids) {
  /** Linux's PATH_MAX. */
  public static final int PATH_BYTES_MAX = 4096;

  /** NFSv2, NFSv3, NFSv4. */
  public static final int FSIDS_MAX = 3;

  /**
   * Checks what is told.
   *
   * @param path where its root is
   * @param fsids copied
   * @throws IllegalArgumentException if no instance would say such a thing
   */
  public PeerExport {
    fsids = List.copyOf(fsids);
    if (!isPath(path)) {
      throw new IllegalArgumentException("no path of a filesystem");
    }
    long versions = fsids.stream().mapToInt(VersionedFsid::nfsVersion).distinct().count();
    if (fsids.isEmpty()
        || versions != fsids.size()
        || fsids.stream().anyMatch(fsid -> fsid.nfsVersion() < 2 || fsid.nfsVersion() > 4)) {
      throw new IllegalArgumentException("no names of a filesystem");
    }
  }

  // What a path from the origin looks like by the time it is in the table, see PathName: nothing in
  // it could end a line of a log, and its names are names.
  private static boolean isPath(String path) {
    if (path.length() < 2
        || path.charAt(0) != '/'
        || path.getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX
        || path.codePoints().anyMatch(Character::isISOControl)) {
      return false;
    }
    for (String name : path.substring(1).split("/", -1)) {
      if (name.isEmpty() || name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /**
   * What can be told of an export.
   *
   * @return null if there is nothing to tell: it has no place, or is the root, which everybody
   *     knows
   */
  static @Nullable PeerExport of(Export export) {
    List<VersionedFsid> fsids = export.fsids();
    String path = export.path();
    return export.state() != Export.State.CONNECTED
            || fsids.isEmpty()
            || path == null
            || !isPath(path)
        ? null
        : new PeerExport(path, fsids);
  }

  @Nullable VersionedFsid fsid(int nfsVersion) {
    return fsids.stream().filter(fsid -> fsid.nfsVersion() == nfsVersion).findFirst().orElse(null);
  }

  String pathAbove() {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }
}
