package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.FileType;

/** A symbolic link. */
final class MemorySymlink extends MemoryObject {
  final byte[] target;

  MemorySymlink(MemoryFilesystem filesystem, byte[] target) {
    super(filesystem, FileType.NF3LNK);
    this.target = target;
  }

  @Override
  long charged() {
    return MemoryFilesystem.OBJECT_BYTES + target.length;
  }

  @Override
  long size() {
    return target.length;
  }

  @Override
  long used() {
    return 0;
  }
}
