package org.nfsproxy.backend.coordinated.memory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** One filesystem in memory: its objects, and the memory they may take. */
// Everything that costs memory is charged before it is made, so bytesMax bounds the whole: blocks,
// names, link targets, and a flat rate for an object and for an entry. The rates are a little above
// what 100,000 of each were measured to take on a 64-bit JVM 17, in bytes: an empty file 520 with a
// name of 10 bytes (620 charged) and 999 with one of 250 (1100), a hard link 226 (240) and 704
// (720), the first block of a file 4182 (4196).
final class MemoryFilesystem {
  static final long OBJECT_BYTES = 380;
  static final long ENTRY_BYTES = 220;

  private static final long ROOT_FILEID = 2;

  /** As ext4 has it. */
  static final int LINKS_MAX = 65_000;

  /** As Linux has it (PATH_MAX, which counts a byte at the end). */
  static final int TARGET_BYTES_MAX = 4095;

  /** Leaves room for offset plus count in 63 bits. */
  static final long FILE_BYTES_MAX = 1L << 62;

  static final FilesystemLimits LIMITS =
      new FilesystemLimits(
          FILE_BYTES_MAX,
          new FileTime(0, 1),
          FilesystemLimits.FSF3_LINK
              | FilesystemLimits.FSF3_SYMLINK
              | FilesystemLimits.FSF3_HOMOGENEOUS
              | FilesystemLimits.FSF3_CANSETTIME,
          LINKS_MAX,
          Names.BYTES_MAX,
          true,
          true,
          false,
          true);

  private final Volume volume;
  private final Times times = new Times();
  private final Map<Long, MemoryObject> objects = new HashMap<>();
  private final MemoryDirectory root;
  private final @Nullable MemoryDirectory mountPoint;
  private long nextFileid;
  private long bytesUsed;

  /** An empty filesystem; mountPoint is in another one, or null. */
  MemoryFilesystem(Volume volume, @Nullable MemoryDirectory mountPoint) throws FilesException {
    this.volume = volume;
    this.mountPoint = mountPoint;
    // Not the same in two filesystems: before an NFSv3 client has mounted a nested one by itself,
    // it shows that root's fileid as one of the outer filesystem's, and find(1) would see a loop.
    this.nextFileid = ((long) volume.id() << 32) + ROOT_FILEID;
    this.root = new MemoryDirectory(this, null);
    root.mode = 0755;
    keep(root);
  }

  Volume volume() {
    return volume;
  }

  MemoryDirectory root() {
    return root;
  }

  @Nullable MemoryDirectory mountPoint() {
    return mountPoint;
  }

  long newFileid() {
    return nextFileid++;
  }

  FileTime now() {
    return times.now();
  }

  /** The object of a handle. */
  MemoryObject find(ObjectHandle handle) throws FilesException {
    byte[] bytes = handle.bytes();
    if (bytes.length != volume.handleBytes()) {
      throw new FilesException(Nfs3Status.NFS3ERR_BADHANDLE);
    }
    MemoryObject object = objects.get(ByteBuffer.wrap(bytes).getLong());
    if (object == null
        || object.handle().type() != handle.type()
        || !Arrays.equals(object.handle().bytes(), bytes)) {
      throw new FilesException(Nfs3Status.NFS3ERR_STALE);
    }
    return object;
  }

  void keep(MemoryObject object) throws FilesException {
    reserve(object.charged());
    objects.put(object.fileid, object);
  }

  /** Lets an object go whose last name was removed: NFSv3 has no open files to keep it for. */
  void forget(MemoryObject object) {
    objects.remove(object.fileid);
    release(object.charged());
  }

  void reserve(long bytes) throws FilesException {
    if (bytes > volume.bytesMax() - bytesUsed) {
      throw new FilesException(Nfs3Status.NFS3ERR_NOSPC);
    }
    bytesUsed += bytes;
  }

  void release(long bytes) {
    bytesUsed -= bytes;
  }

  FilesystemSpace space() {
    long free = volume.bytesMax() - bytesUsed;
    long filesFree = free / (OBJECT_BYTES + ENTRY_BYTES);
    return new FilesystemSpace(
        volume.bytesMax(), free, free, objects.size() + filesFree, filesFree, filesFree, 0);
  }
}
