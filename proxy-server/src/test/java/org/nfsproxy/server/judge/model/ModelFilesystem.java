package org.nfsproxy.server.judge.model;

/** A filesystem of a {@link Namespace}: a number, and a tree. */
final class ModelFilesystem {
  /** Its place in the order in which filesystems may be mounted in each other. */
  final int index;

  final long fsidMajor;
  final long fsidMinor;
  Node root;

  ModelFilesystem(int index, long fsidMajor, long fsidMinor) {
    this.index = index;
    this.fsidMajor = fsidMajor;
    this.fsidMinor = fsidMinor;
  }

  @Override
  public String toString() {
    return "fs" + index;
  }
}
