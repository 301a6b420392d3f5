package org.nfsproxy.server.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is different for some exports: those below a path, or one filesystem.
 *
 * @param path the tree's root; null if the rule names a filesystem
 * @param fsid the filesystem; null if the rule names a path
 */
public record Rule(@Nullable ExportPath path, @Nullable Fsid fsid, Overrides overrides) {
  /**
   * A rule.
   *
   * @throws IllegalArgumentException unless it names a path or a filesystem, and not both
   */
  public Rule {
    if ((path == null) == (fsid == null)) {
      throw new IllegalArgumentException("path " + path + ", fsid " + fsid);
    }
  }

  /** A rule for a tree. */
  public static Rule of(ExportPath path, Overrides overrides) {
    return new Rule(path, null, overrides);
  }

  /** A rule for a filesystem. */
  public static Rule of(Fsid fsid, Overrides overrides) {
    return new Rule(null, fsid, overrides);
  }

  /**
   * Whether the rule holds for an export.
   *
   * @param exportPath where it is mounted
   * @param exportFsid its number, or null if it is not known
   * @return true for the path and all below it, or for the filesystem
   */
  public boolean holdsFor(ExportPath exportPath, @Nullable Fsid exportFsid) {
    return path != null
        ? path.covers(exportPath)
        : Objects.requireNonNull(fsid, "one of the two").equals(exportFsid);
  }

  /** What the rule names. */
  @Override
  public String toString() {
    return path != null ? "path " + path : "fsid " + fsid;
  }
}
