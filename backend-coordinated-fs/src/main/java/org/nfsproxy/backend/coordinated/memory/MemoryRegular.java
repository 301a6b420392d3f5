package org.nfsproxy.backend.coordinated.memory;

import java.util.OptionalLong;
import org.nfsproxy.backend.coordinated.files.FileType;

/** A regular file. */
final class MemoryRegular extends MemoryObject {
  final SparseBytes bytes = new SparseBytes();

  /** Of the exclusive CREATE that made it. */
  OptionalLong createVerifier = OptionalLong.empty();

  MemoryRegular(MemoryFilesystem filesystem) {
    super(filesystem, FileType.NF3REG);
  }

  @Override
  long charged() {
    return MemoryFilesystem.OBJECT_BYTES + bytes.charged();
  }

  @Override
  long size() {
    return bytes.size();
  }

  @Override
  long used() {
    return bytes.used();
  }
}
