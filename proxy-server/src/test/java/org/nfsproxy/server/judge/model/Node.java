package org.nfsproxy.server.judge.model;

import java.util.TreeMap;
import org.nfsproxy.nfs.Filehandle;

/** A file or a directory of a {@link ModelFilesystem}. Only its {@link Namespace} changes it. */
final class Node {
  final ModelFilesystem filesystem;
  final int fileid;
  final Filehandle handle;
  final boolean isDirectory;
  final TreeMap<String, Node> children = new TreeMap<>();

  /** The directory it is in, of a file with several names the last one; null if in none. */
  Node parent;

  String name;
  long change;

  Node(ModelFilesystem filesystem, int fileid, Filehandle handle, boolean isDirectory) {
    this.filesystem = filesystem;
    this.fileid = fileid;
    this.handle = handle;
    this.isDirectory = isDirectory;
  }

  boolean isRoot() {
    return filesystem.root == this;
  }

  boolean isBelow(Node other) {
    for (Node at = this; at != null; at = at.parent) {
      if (at == other) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return filesystem + ":" + fileid;
  }
}
