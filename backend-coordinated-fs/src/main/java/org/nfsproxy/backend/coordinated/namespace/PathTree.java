package org.nfsproxy.backend.coordinated.namespace;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** The directories above exports, from {@code /} down. */
// Made anew from the list of exports whenever it is needed: that list is short, and may change.
// Exports that lie below another are no part of it: the other leads to them.
final class PathTree {
  private final PathDirectory root = new PathDirectory("/", null);
  private final Map<Long, PathDirectory> directories = new HashMap<>();

  PathTree(List<ExportedTree> exports) {
    directories.put(root.number(), root);
    for (ExportedTree export : exports) {
      if (exports.stream().noneMatch(other -> isBelow(export.path(), other.path()))) {
        add(export);
      }
    }
  }

  private static boolean isBelow(String path, String above) {
    return path.length() > above.length() && path.startsWith(above + "/");
  }

  private void add(ExportedTree export) {
    String[] names = export.path().substring(1).split("/");
    PathDirectory at = root;
    for (String name : Arrays.copyOf(names, names.length - 1)) {
      at = at.enterOrMake(name);
      directories.put(at.number(), at);
    }
    at.exports.put(names[names.length - 1], export);
  }

  PathDirectory root() {
    return root;
  }

  /** The directory of a handle, if it is one of these. */
  Optional<PathDirectory> find(ObjectHandle handle) {
    return PathDirectory.number(handle).map(directories::get);
  }

  /** The directory that leads to an export's root. */
  Optional<PathDirectory> above(ObjectHandle exportRoot) {
    byte[] wire = exportRoot.wire();
    return directories.values().stream()
        .filter(
            directory ->
                directory.exports.values().stream()
                    .anyMatch(export -> Arrays.equals(export.root().wire(), wire)))
        .findAny();
  }

  /** Sorted by name, so that every instance lists alike. */
  static <T> Map<String, T> byName() {
    return new TreeMap<>();
  }
}
