package org.nfsproxy.backend.coordinated.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Which paths are mount points of whole filesystems, without opening them. */
// What the start finds out by the descriptors that it opens (Opening), told beforehand.
public final class MountPoints {
  private final MountTable mounts;

  MountPoints(MountTable mounts) {
    this.mounts = mounts;
  }

  /**
   * The mount points at this moment.
   *
   * @return what /proc says; empty where there is none
   */
  public static Optional<MountPoints> now() {
    try {
      return Optional.of(new MountPoints(MountTable.read()));
    } catch (UnsuitableException noProc) {
      return Optional.empty();
    }
  }

  /**
   * Why a directory cannot be served.
   *
   * @param path an absolute path
   * @return what it is instead of a mount point; empty if it is one
   */
  public String unfit(String path) {
    byte[] point = real(path).getBytes(StandardCharsets.UTF_8);
    Optional<MountTable.Row> row =
        mounts.rows().stream()
            .filter(each -> isAtOrAbove(each.point(), point))
            .reduce((one, later) -> later.point().length >= one.point().length ? later : one);
    if (row.isEmpty() || row.get().point().length != point.length) {
      return "a directory inside the filesystem mounted at "
          + row.map(MountTable.Row::pointText).orElse("/");
    }
    return row.get().isWhole()
        ? ""
        : "a mount of " + row.get().rootText() + " only, a part of its filesystem";
  }

  private static String real(String path) {
    try {
      return Path.of(path).toRealPath().toString();
    } catch (IOException gone) {
      return path;
    }
  }

  private static boolean isAtOrAbove(byte[] point, byte[] path) {
    boolean begins =
        path.length >= point.length && Arrays.equals(point, 0, point.length, path, 0, point.length);
    return begins
        && (path.length == point.length || point.length == 1 || path[point.length] == '/');
  }
}
