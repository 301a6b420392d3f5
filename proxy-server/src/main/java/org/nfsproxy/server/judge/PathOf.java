package org.nfsproxy.server.judge;

import org.nfsproxy.backend.PathName;

/** Paths of the namespace, put together from names as exports have them. */
final class PathOf {
  private PathOf() {}

  /** What a name in the directory of a path has as its own. */
  static String child(String path, byte[] name) {
    String text = PathName.text(name);
    return path.equals("/") ? path + text : path + "/" + text;
  }

  /** The path of the directory above. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
