package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileType;

/** A device, a socket or a named pipe: what is behind it is the client's affair. */
final class MemorySpecial extends MemoryObject {
  private final Attributes.Device device;

  MemorySpecial(MemoryFilesystem filesystem, FileType type, Attributes.Device device) {
    super(filesystem, type);
    this.device = device;
  }

  @Override
  long charged() {
    return MemoryFilesystem.OBJECT_BYTES;
  }

  @Override
  long size() {
    return 0;
  }

  @Override
  long used() {
    return 0;
  }

  @Override
  Attributes.Device device() {
    return device;
  }
}
