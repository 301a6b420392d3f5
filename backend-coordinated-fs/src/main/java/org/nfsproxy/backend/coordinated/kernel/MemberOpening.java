package org.nfsproxy.backend.coordinated.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nfsproxy.backend.coordinated.agreement.FilesystemTraits;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** Opens the filesystems that are configured, or says what keeps one from being served. */
// A member is a whole filesystem, at its own mount point. A handle leads to any object of its
// filesystem, by whatever directory; with a part of one, a handle made up by a client would lead
// outside of that part, and only for directories could that be seen. The kernel's own server has
// the same problem (exports(5), subtree_check) and leaves it to the administrator.
//
// It runs on a thread that is not one for file work: a mount of our own needs CAP_SYS_ADMIN.
final class MemberOpening {
  /** {@code stx_attributes}: the object is the root of a mount. Since Linux 5.8. */
  private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

  private static final String MOUNTED_CURE =
      "; give it a filesystem of its own, or serve the whole one";

  private record Opened(KernelSettings.Place place, Member member, long mountId, long device) {}

  private final Scratch scratch = new Scratch();
  private final List<Opened> opened = new ArrayList<>();
  private final MountTable mounts;

  private MemberOpening() throws UnsuitableException {
    Privileges.check(scratch);
    Privileges.checkThatRootCanBeLeft();
    mounts = MountTable.read();
  }

  /** All of them, or none. */
  static List<Member> open(List<KernelSettings.Place> places) throws UnsuitableException {
    MemberOpening opening = new MemberOpening();
    try {
      for (int at = 0; at < places.size(); at++) {
        opening.open(places.get(at), "backend.filesystems[" + at + "]");
      }
      opening.nest();
    } catch (UnsuitableException refused) {
      opening.opened.forEach(one -> one.member.close());
      throw refused;
    }
    return opening.opened.stream().map(Opened::member).toList();
  }

  private void open(KernelSettings.Place place, String key) throws UnsuitableException {
    int pinFd = -1;
    try {
      pinFd = pin(place.path());
      opened.add(open(place, pinFd));
    } catch (UnsuitableException refused) {
      if (pinFd >= 0) {
        Syscall.CLOSE.call(pinFd);
      }
      throw new UnsuitableException(key + ": " + place.path() + " " + refused.getMessage());
    }
  }

  private int pin(String path) throws UnsuitableException {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    long fd =
        bytes.length > Scratch.PATH_BYTES_MAX
            ? -Errno.ENOENT
            : Syscall.OPENAT.call(
                Flags.AT_FDCWD,
                scratch.path(bytes),
                Flags.O_PATH | Flags.O_DIRECTORY | Flags.O_CLOEXEC,
                0);
    if (fd < 0) {
      throw new UnsuitableException(
          fd == -Errno.ENOENT ? "does not exist" : "cannot be opened (errno " + -fd + ")");
    }
    return (int) fd;
  }

  private Opened open(KernelSettings.Place place, int pinFd) throws UnsuitableException {
    long mountId = checkedMount(pinFd);
    long device = scratch.memory().getLong(Scratch.STAT + 136);
    for (Opened other : opened) {
      if (other.device == device) {
        throw new UnsuitableException(
            "is the same filesystem as " + other.place.path() + ": leave one of them out");
      }
    }
    Mount mount = Mount.of(scratch, pinFd);
    try {
      return new Opened(place, member(place, mount), mountId, device);
    } catch (UnsuitableException refused) {
      Syscall.CLOSE.call(mount.rootFd());
      Syscall.CLOSE.call(mount.treeFd());
      throw refused;
    }
  }

  /** The id of a mount that has all of its filesystem in it. */
  private long checkedMount(int pinFd) throws UnsuitableException {
    try {
      Stat.fill(scratch, pinFd, Flags.STATX_BASIC_STATS | Flags.STATX_MNT_ID);
    } catch (FilesException impossible) {
      throw new UnsuitableException("cannot be looked at: " + impossible.getMessage());
    }
    long told = scratch.memory().getInt(Scratch.STAT);
    long attributes = scratch.memory().getLong(Scratch.STAT + 8);
    long mountId = scratch.memory().getLong(Scratch.STAT + 144);
    MountTable.Row row = mounts.get(mountId);
    if ((told & Flags.STATX_MNT_ID) == 0 || row == null) {
      throw new UnsuitableException("has no known mount: Linux 5.12 or newer is needed");
    }
    if ((attributes & STATX_ATTR_MOUNT_ROOT) == 0) {
      throw new UnsuitableException(
          "is a directory inside the filesystem mounted at " + row.pointText() + MOUNTED_CURE);
    }
    if (!row.isWhole()) {
      throw new UnsuitableException(
          "is a mount of " + row.rootText() + " only, a part of its filesystem" + MOUNTED_CURE);
    }
    return mountId;
  }

  private Member member(KernelSettings.Place place, Mount mount) throws UnsuitableException {
    try {
      Filesystem filesystem = Filesystem.of(scratch, mount.rootFd());
      ObjectHandle root = root(place.id(), mount, filesystem.kind());
      FilesystemTraits evidence = Proof.of(scratch, place.path(), mount.rootFd(), root, filesystem);
      return new Member(place.id(), place.path(), mount, root, filesystem, evidence);
    } catch (FilesException failed) {
      throw new UnsuitableException("cannot be asked what it is: " + failed.getMessage());
    }
  }

  private ObjectHandle root(int id, Mount mount, String kind) throws UnsuitableException {
    long returned = KernelHandles.name(scratch, mount.rootFd());
    if (returned == -Errno.EOVERFLOW) {
      throw new UnsuitableException(
          "has handles of "
              + KernelHandles.length(scratch)
              + " bytes ("
              + kind
              + "), more than the "
              + ObjectHandle.BYTES_MAX
              + " that fit in an NFSv3 filehandle: it cannot be served");
    }
    if (returned < 0) {
      throw withoutHandles(kind);
    }
    ObjectHandle root = KernelHandles.read(scratch, id);
    try {
      int fd = KernelHandles.open(scratch, mount.rootFd(), root);
      ObjectHandle again = KernelHandles.of(scratch, id, fd);
      Syscall.CLOSE.call(fd);
      if (again.equals(root)) {
        return root;
      }
    } catch (FilesException notOpened) {
      // said below
    }
    throw withoutHandles(kind);
  }

  private static UnsuitableException withoutHandles(String kind) {
    return new UnsuitableException(
        "has no persistent file handles ("
            + kind
            + "): serve a filesystem that the kernel could export itself, such as ext4, xfs or"
            + " btrfs; an overlay has them if it is mounted with nfs_export=on");
  }

  /** Finds the members that are mounted in another one, and where. */
  private void nest() throws UnsuitableException {
    for (Opened inner : opened) {
      MountTable.Row row = mountOf(inner);
      for (Opened outer : opened) {
        if (outer != inner && row.parent() == outer.mountId) {
          byte[] outerPoint = mountOf(outer).point();
          inner.member.mountedIn(outer.member, mountPoint(outer.member, outerPoint, row.point()));
        }
      }
    }
  }

  private MountTable.Row mountOf(Opened member) {
    return Objects.requireNonNull(mounts.get(member.mountId), "checkedMount has seen it");
  }

  private ObjectHandle mountPoint(Member outer, byte[] outerPoint, byte[] innerPoint)
      throws UnsuitableException {
    int from = outerPoint.length == 1 ? 1 : outerPoint.length + 1;
    byte[] relative = Arrays.copyOfRange(innerPoint, from, innerPoint.length);
    long fd = NameWork.openPlace(scratch, outer.mountFd(), relative);
    try {
      return KernelHandles.of(scratch, outer.id(), (int) Errno.check(fd));
    } catch (FilesException moved) {
      throw new UnsuitableException(
          "mount point " + new String(innerPoint, StandardCharsets.UTF_8) + " is gone");
    } finally {
      if (fd >= 0) {
        Syscall.CLOSE.call(fd);
      }
    }
  }
}
