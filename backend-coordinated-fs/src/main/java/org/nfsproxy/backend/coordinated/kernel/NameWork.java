package org.nfsproxy.backend.coordinated.kernel;

import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/** LOOKUP, REMOVE, RMDIR, RENAME, LINK. */
// A name is looked up in a directory that is open already, and never followed: neither a symbolic
// link nor a slash nor ".." of a root can lead anywhere else. What may be done, the kernel says.
final class NameWork {
  private static final byte[] PARENT = {'.', '.'};

  private final Members members;
  private final Durability durability;

  NameWork(Members members, Durability durability) {
    this.members = members;
    this.durability = durability;
  }

  FoundObject lookup(UserIds caller, ObjectHandle handle, byte[] name) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile directory = members.openDirectory(thread, handle)) {
      Names.check(name);
      if (Names.isParent(name) && directory.member().isRoot(handle)) {
        return aboveRoot(thread, caller, directory);
      }
      int fd = open(thread, caller, directory, name);
      return members.found(thread, directory.member(), fd);
    }
  }

  private static int open(FileThread thread, UserIds caller, OpenFile directory, byte[] name)
      throws FilesException {
    long opened;
    try (ThreadIdentity identity = thread.as(caller)) {
      opened = openPlace(thread.scratch, directory.fd(), name);
    }
    return (int) Errno.check(opened);
  }

  static long openPlace(Scratch scratch, int directoryFd, byte[] name) {
    return openPlace(directoryFd, scratch.path(name));
  }

  static long openPlace(int directoryFd, long nameAddress) {
    return Syscall.OPENAT.call(
        directoryFd, nameAddress, Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC, 0);
  }

  /** The directory above a mount point is that of the outer member; above the top is the top. */
  private FoundObject aboveRoot(FileThread thread, UserIds caller, OpenFile root)
      throws FilesException {
    Errno.check(Members.permission(thread, caller, root.fd(), Flags.X_OK));
    if (root.member().above().isEmpty()) {
      return members.found(thread, root);
    }
    Member.Above above = root.member().above().get();
    try (OpenFile mountPoint = members.openDirectory(thread, above.mountPoint())) {
      int fd = (int) Errno.check(openPlace(thread.scratch, mountPoint.fd(), PARENT));
      return members.found(thread, above.member(), fd);
    }
  }

  void remove(UserIds caller, ObjectHandle handle, byte[] name, WccData wcc) throws FilesException {
    unlink(caller, handle, name, 0, wcc);
  }

  void removeDirectory(UserIds caller, ObjectHandle handle, byte[] name, WccData wcc)
      throws FilesException {
    unlink(caller, handle, name, Flags.AT_REMOVEDIR, wcc);
  }

  private void unlink(UserIds caller, ObjectHandle handle, byte[] name, int how, WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile directory = members.openDirectory(thread, handle)) {
      try {
        boolean isDirectory = how == Flags.AT_REMOVEDIR;
        Names.checkNew(
            name,
            !isDirectory
                ? Nfs3Status.NFS3ERR_ISDIR
                : Names.isSelf(name) ? Nfs3Status.NFS3ERR_INVAL : Nfs3Status.NFS3ERR_EXIST);
        Victim victim = Victim.of(thread, directory, name);
        long returned;
        try (ThreadIdentity identity = thread.as(caller)) {
          returned = Syscall.UNLINKAT.call(directory.fd(), thread.scratch.path(name), how);
        }
        Errno.check(returned);
        victim.letGo(members);
        durability.ofDirectory(thread, directory);
      } finally {
        members.after(thread, directory, wcc);
      }
    }
  }

  void rename(
      UserIds caller,
      ObjectHandle fromHandle,
      byte[] fromName,
      ObjectHandle toHandle,
      byte[] toName,
      WccData fromWcc,
      WccData toWcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile from = members.openDirectory(thread, fromHandle);
        OpenFile to = members.openDirectory(thread, toHandle)) {
      try {
        Names.checkNew(fromName, Nfs3Status.NFS3ERR_INVAL);
        Names.checkNew(toName, Nfs3Status.NFS3ERR_INVAL);
        needSame(from.member(), to.member());
        Victim victim = Victim.of(thread, to, toName);
        long returned;
        try (ThreadIdentity identity = thread.as(caller)) {
          returned =
              Syscall.RENAMEAT2.call(
                  from.fd(),
                  thread.scratch.path(fromName),
                  to.fd(),
                  thread.scratch.otherPath(toName),
                  0);
        }
        Errno.check(returned);
        victim.letGo(members);
        durability.ofDirectory(thread, to);
        if (to.fd() != from.fd()) {
          durability.ofDirectory(thread, from);
        }
      } finally {
        members.after(thread, from, fromWcc);
        members.after(thread, to, toWcc);
      }
    }
  }

  // By way of /proc: linkat's own way from a descriptor (AT_EMPTY_PATH) is root's alone.
  Attributes link(
      UserIds caller, ObjectHandle objectHandle, ObjectHandle handle, byte[] name, WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile object = members.open(thread, objectHandle);
        OpenFile directory = members.openDirectory(thread, handle)) {
      try {
        Names.checkNew(name, Nfs3Status.NFS3ERR_EXIST);
        needSame(object.member(), directory.member());
        if (members.stat(thread, object).isDirectory()) {
          throw new FilesException(Nfs3Status.NFS3ERR_ISDIR);
        }
        long returned;
        try (ThreadIdentity identity = thread.as(caller)) {
          returned =
              Syscall.LINKAT.call(
                  Flags.AT_FDCWD,
                  thread.scratch.pathOf(object.fd()),
                  directory.fd(),
                  thread.scratch.otherPath(name),
                  Flags.AT_SYMLINK_FOLLOW);
        }
        Errno.check(returned);
        durability.ofDirectory(thread, directory);
      } finally {
        members.after(thread, directory, wcc);
      }
      return members.attributes(thread, object);
    }
  }

  private static void needSame(Member one, Member other) throws FilesException {
    if (one != other) {
      throw new FilesException(Nfs3Status.NFS3ERR_XDEV);
    }
  }
}
