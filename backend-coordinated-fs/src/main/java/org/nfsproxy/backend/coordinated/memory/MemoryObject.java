package org.nfsproxy.backend.coordinated.memory;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** A file, directory, link or whatever else has a fileid. Guarded by its {@link MemoryFiles}. */
abstract sealed class MemoryObject
    permits MemoryRegular, MemoryDirectory, MemorySymlink, MemorySpecial {
  static final int SETUID = 04000;
  static final int SETGID = 02000;
  static final int STICKY = 01000;
  static final int GROUP_EXECUTE = 0010;
  static final int MODE_MASK = 07777;

  private static final int HANDLE_TYPE = 1;

  final MemoryFilesystem filesystem;
  final long fileid;
  final FileType type;
  private final ObjectHandle handle;
  int mode;
  int uid;
  int gid;
  int links;
  FileTime atime;
  FileTime mtime;
  FileTime ctime;

  MemoryObject(MemoryFilesystem filesystem, FileType type) {
    this.filesystem = filesystem;
    this.fileid = filesystem.newFileid();
    this.type = type;
    this.handle = newHandle();
    this.atime = filesystem.now();
    this.mtime = atime;
    this.ctime = atime;
  }

  // The generation is random, so a handle of an earlier run of this program, or of an object whose
  // fileid came again, is stale and never names another object.
  private ObjectHandle newHandle() {
    byte[] bytes = new byte[filesystem.volume().handleBytes()];
    long generation = ThreadLocalRandom.current().nextLong();
    ByteBuffer.wrap(bytes).putLong(fileid).putLong(generation);
    return ObjectHandle.of(filesystem.volume().id(), HANDLE_TYPE, bytes);
  }

  final ObjectHandle handle() {
    return handle;
  }

  final Attributes attributes() {
    return new Attributes(
        type,
        mode,
        links,
        uid,
        gid,
        size(),
        used(),
        device(),
        filesystem.volume().fsid(),
        fileid,
        atime,
        mtime,
        ctime);
  }

  final FoundObject found() {
    return new FoundObject(handle, attributes());
  }

  /** Says that attributes changed. */
  final void attributesChanged() {
    ctime = filesystem.now();
  }

  /** Says that the contents changed. */
  final void contentsChanged() {
    ctime = filesystem.now();
    mtime = ctime;
  }

  /** Says that it was read, as seldom as Linux with its mount option relatime. */
  final void wasRead() {
    if (Times.isBefore(atime, mtime) || Times.isBefore(atime, ctime)) {
      atime = filesystem.now();
    }
  }

  /** Bytes charged to the filesystem for as long as the object lives. */
  abstract long charged();

  abstract long size();

  abstract long used();

  Attributes.Device device() {
    return Attributes.Device.NONE;
  }
}
