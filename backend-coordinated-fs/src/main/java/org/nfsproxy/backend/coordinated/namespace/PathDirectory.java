package org.nfsproxy.backend.coordinated.namespace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.ExportedTree;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** A directory above exports. It exists by its path alone, alike on every instance. */
// Its number is a digest of its path: fileid, and what its handle consists of. Filesystem 0 is
// kept for these directories; so is fsid 0.
final class PathDirectory {
  static final int FILESYSTEM = 0;
  static final long FSID = 0;
  private static final int HANDLE_TYPE = 0;
  private static final int MODE = 0555;
  private static final int SIZE = 4096;
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  final Map<String, PathDirectory> directories = PathTree.byName();
  final Map<String, ExportedTree> exports = PathTree.byName();
  private final String path;
  private final PathDirectory parent;

  PathDirectory(String path, @Nullable PathDirectory parent) {
    this.path = path;
    this.parent = parent == null ? this : parent;
  }

  PathDirectory enterOrMake(String name) {
    return directories.computeIfAbsent(name, absent -> new PathDirectory(below(name), this));
  }

  private String below(String name) {
    return path.endsWith("/") ? path + name : path + "/" + name;
  }

  PathDirectory parent() {
    return parent;
  }

  long number() {
    return number(path);
  }

  /** The number that an entry of this directory has in it, whatever is mounted there. */
  long numberOf(String name) {
    return number(below(name));
  }

  private static long number(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong() & Long.MAX_VALUE;
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The number in a handle, if it is one of such a directory. */
  static Optional<Long> number(ObjectHandle handle) {
    return handle.filesystem() == FILESYSTEM
            && handle.type() == HANDLE_TYPE
            && handle.bytes().length == Long.BYTES
        ? Optional.of(ByteBuffer.wrap(handle.bytes()).getLong())
        : Optional.empty();
  }

  ObjectHandle handle() {
    return ObjectHandle.of(
        FILESYSTEM, HANDLE_TYPE, ByteBuffer.allocate(Long.BYTES).putLong(number()).array());
  }

  // Its times change when its entries do, and are the same on every instance.
  Attributes attributes() {
    int entries = directories.keySet().hashCode() * 31 + exports.keySet().hashCode();
    FileTime time = new FileTime(0, Math.floorMod(entries, NANOS_PER_SECOND));
    return new Attributes(
        FileType.NF3DIR,
        MODE,
        2 + directories.size() + exports.size(),
        0,
        0,
        SIZE,
        0,
        Attributes.Device.NONE,
        FSID,
        number(),
        time,
        time,
        time);
  }

  FoundObject found() {
    return new FoundObject(handle(), attributes());
  }
}
