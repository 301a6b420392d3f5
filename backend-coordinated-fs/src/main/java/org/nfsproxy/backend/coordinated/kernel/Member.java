package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.agreement.FilesystemTraits;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** One of the filesystems that are served, open. */
final class Member {
  /** {@code struct btrfs_fid}: object id, then the id of the subvolume, which is a tree's root. */
  private static final int BTRFS_SUBVOLUME = 8;

  private final int id;
  private final String path;
  private final Mount mount;
  private final ObjectHandle root;
  private final Filesystem filesystem;
  private final FilesystemTraits evidence;
  private final List<NumberInHandle> numbersInHandles;
  private Optional<Above> above = Optional.empty();
  private volatile boolean isDisputed;

  /** Where a member is mounted in another one: that one, and its directory under the mount. */
  record Above(Member member, ObjectHandle mountPoint) {}

  Member(
      int id,
      String path,
      Mount mount,
      ObjectHandle root,
      Filesystem filesystem,
      FilesystemTraits evidence) {
    this.id = id;
    this.path = path;
    this.mount = mount;
    this.root = root;
    this.filesystem = filesystem;
    this.evidence = evidence;
    this.numbersInHandles = NumberInHandle.of(filesystem);
  }

  int id() {
    return id;
  }

  String path() {
    return path;
  }

  /** The root, open for reading, in the mount of our own. */
  int mountFd() {
    return mount.rootFd();
  }

  ObjectHandle root() {
    return root;
  }

  Filesystem filesystem() {
    return filesystem;
  }

  /** Where its handles hold the inode's number, if that is known. */
  List<NumberInHandle> numbersInHandles() {
    return numbersInHandles;
  }

  boolean isRoot(ObjectHandle object) {
    return object.equals(root);
  }

  Optional<Above> above() {
    return above;
  }

  void mountedIn(Member outer, ObjectHandle mountPoint) {
    above = Optional.of(new Above(outer, mountPoint));
  }

  boolean isDisputed() {
    return isDisputed;
  }

  /** Whether other instances have another filesystem under this id; then it is not served. */
  void dispute(boolean disputed) {
    isDisputed = disputed;
  }

  /**
   * The fsid that clients see, the same on each instance: the configured id. A btrfs subvolume has
   * the subvolume's number above it, because fileids are unique within a subvolume only.
   */
  long fsid(ObjectHandle object) {
    long member = Integer.toUnsignedLong(id);
    if (filesystem.magic() != Filesystem.BTRFS_SUPER_MAGIC) {
      return member;
    }
    long subvolume = subvolume(object);
    return subvolume == subvolume(root) ? member : subvolume << 32 | member;
  }

  private static long subvolume(ObjectHandle object) {
    byte[] bytes = object.bytes();
    return bytes.length < BTRFS_SUBVOLUME + Long.BYTES
        ? 0
        : ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getLong(BTRFS_SUBVOLUME);
  }

  Attributes attributes(ObjectHandle object, Stat stat) {
    return stat.attributes(fsid(object));
  }

  /** What other instances must have too. */
  FilesystemTraits evidence() {
    return evidence;
  }

  void close() {
    mount.close();
  }
}
