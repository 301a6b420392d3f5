package org.nfsproxy.backend.coordinated.kernel;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/** From a handle to its open object, and back: what all operations begin and end with. */
final class Members {
  private final Map<Integer, Member> byId = new HashMap<>();
  private final Map<ObjectHandle, Member> byMountPoint = new HashMap<>();
  private final List<Member> outerFirst;
  private final OpenFiles openFiles;

  Members(Collection<Member> members, OpenFiles openFiles) {
    this.openFiles = openFiles;
    outerFirst = members.stream().sorted(Comparator.comparing(Member::path)).toList();
    for (Member member : members) {
      byId.put(member.id(), member);
      member.above().ifPresent(above -> byMountPoint.put(above.mountPoint(), member));
    }
  }

  List<Member> outerFirst() {
    return outerFirst;
  }

  /** The object of a handle, to be closed by the caller. */
  OpenFile open(FileThread thread, ObjectHandle handle) throws FilesException {
    if (handle == ObjectHandle.NOT_OURS) {
      throw new FilesException(Nfs3Status.NFS3ERR_BADHANDLE);
    }
    return openFiles.open(thread.scratch, served(handle.filesystem()), handle);
  }

  private Member served(int id) throws FilesException {
    Member member = byId.get(id);
    if (member == null) {
      throw new FilesException(Nfs3Status.NFS3ERR_STALE);
    }
    if (member.isDisputed()) {
      throw new FilesException(Nfs3Status.NFS3ERR_JUKEBOX);
    }
    return member;
  }

  /** The same, of a directory. */
  OpenFile openDirectory(FileThread thread, ObjectHandle handle) throws FilesException {
    OpenFile directory = open(thread, handle);
    try {
      if (directory.type(thread.scratch) != Flags.S_IFDIR) {
        throw new FilesException(Nfs3Status.NFS3ERR_NOTDIR);
      }
      return directory;
    } catch (FilesException refused) {
      directory.close();
      throw refused;
    }
  }

  /** The same, of a regular file. */
  OpenFile openRegular(FileThread thread, ObjectHandle handle) throws FilesException {
    OpenFile file = open(thread, handle);
    try {
      int type = file.type(thread.scratch);
      if (type != Flags.S_IFREG) {
        throw new FilesException(
            type == Flags.S_IFDIR ? Nfs3Status.NFS3ERR_ISDIR : Nfs3Status.NFS3ERR_INVAL);
      }
      return file;
    } catch (FilesException refused) {
      file.close();
      throw refused;
    }
  }

  /** The attributes of an open object. One that has no name left is gone, and let go of. */
  Attributes attributes(FileThread thread, OpenFile file) throws FilesException {
    return file.member().attributes(file.handle(), stat(thread, file));
  }

  Stat stat(FileThread thread, OpenFile file) throws FilesException {
    try {
      return Stat.of(thread.scratch, file.fd());
    } catch (FilesException gone) {
      openFiles.forget(file.handle());
      throw gone;
    }
  }

  void after(FileThread thread, OpenFile file, WccData wcc) {
    try {
      wcc.after(attributes(thread, file));
    } catch (FilesException gone) {
      // it is not told
    }
  }

  /**
   * What was found in a directory of a member: the object itself, or what is mounted there.
   *
   * @param fd open as a place; now taken
   */
  FoundObject found(FileThread thread, Member member, int fd) throws FilesException {
    ObjectHandle handle;
    try {
      handle = KernelHandles.of(thread.scratch, member.id(), fd);
    } catch (FilesException nameless) {
      Syscall.CLOSE.call(fd);
      throw nameless;
    }
    Optional<Member> mounted = mountedAt(handle);
    if (mounted.isPresent()) {
      Syscall.CLOSE.call(fd);
      try (OpenFile root = open(thread, mounted.get().root())) {
        return found(thread, root);
      }
    }
    try (OpenFile file = openFiles.keep(member, handle, fd)) {
      return found(thread, file);
    }
  }

  FoundObject found(FileThread thread, OpenFile file) throws FilesException {
    return new FoundObject(file.handle(), attributes(thread, file));
  }

  /** The member that is mounted on a directory. */
  Optional<Member> mountedAt(ObjectHandle directory) {
    return byMountPoint.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(byMountPoint.get(directory));
  }

  void forget(ObjectHandle handle) {
    openFiles.forget(handle);
  }

  /** Whether the kernel lets the caller: bits of {@code R_OK}, {@code W_OK}, {@code X_OK}. */
  static long permission(FileThread thread, UserIds caller, int fd, int asked)
      throws FilesException {
    try (ThreadIdentity identity = thread.as(caller)) {
      return permission(thread, fd, asked);
    }
  }

  /** The same, of whom the thread is: 0, or a negative errno. */
  static long permission(FileThread thread, int fd, int asked) {
    return Syscall.FACCESSAT2.call(
        fd, thread.scratch.path(new byte[0]), asked, Flags.AT_EMPTY_PATH | Flags.AT_EACCESS);
  }

  void close() {
    openFiles.closeUnused(0);
    outerFirst.forEach(Member::close);
  }
}
