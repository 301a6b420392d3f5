package org.nfsproxy.backend.coordinated.kernel;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.AccessBits;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FilesystemLimits;
import org.nfsproxy.backend.coordinated.files.FilesystemSpace;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/** GETATTR, SETATTR, ACCESS, READLINK, FSSTAT, FSINFO and PATHCONF. */
final class AttributeWork {
  private final Members members;
  private final Durability durability;

  AttributeWork(Members members, Durability durability) {
    this.members = members;
    this.durability = durability;
  }

  Attributes attributes(ObjectHandle handle) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.open(thread, handle)) {
      return members.attributes(thread, file);
    }
  }

  // The guard is compared and the change made with a gap between: no call of Linux does both, and a
  // lock here would not hold on the other machines.
  void change(
      UserIds caller,
      ObjectHandle handle,
      AttributeChange change,
      Optional<FileTime> guard,
      WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.open(thread, handle)) {
      try {
        Stat stat = members.stat(thread, file);
        if (guard.isPresent() && !guard.get().equals(stat.ctime())) {
          throw new FilesException(Nfs3Status.NFS3ERR_NOT_SYNC);
        }
        int writeFd = change.size().isPresent() ? writeFd(thread, file, stat) : 0;
        Changes.apply(thread, caller, file.fd(), stat.uid(), writeFd, change);
        durability.ofObject(thread, file);
      } finally {
        members.after(thread, file, wcc);
      }
    }
  }

  private static int writeFd(FileThread thread, OpenFile file, Stat stat) throws FilesException {
    if (!stat.isRegular()) {
      throw new FilesException(
          stat.isDirectory() ? Nfs3Status.NFS3ERR_ISDIR : Nfs3Status.NFS3ERR_INVAL);
    }
    return file.writeFd(thread.scratch);
  }

  int access(UserIds caller, ObjectHandle handle, int asked) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.open(thread, handle)) {
      boolean isDirectory = file.type(thread.scratch) == Flags.S_IFDIR;
      int granted = 0;
      try (ThreadIdentity identity = thread.as(caller)) {
        granted |= granted(thread, file, Flags.R_OK, asked & AccessBits.READ);
        granted |= granted(thread, file, Flags.W_OK, asked & bitsOfWrite(isDirectory));
        granted |= granted(thread, file, Flags.X_OK, asked & bitOfExecute(isDirectory));
      }
      return granted;
    }
  }

  private static int bitsOfWrite(boolean isDirectory) {
    return AccessBits.MODIFY | AccessBits.EXTEND | (isDirectory ? AccessBits.DELETE : 0);
  }

  private static int bitOfExecute(boolean isDirectory) {
    return isDirectory ? AccessBits.LOOKUP : AccessBits.EXECUTE;
  }

  private static int granted(FileThread thread, OpenFile file, int permission, int bits) {
    return bits != 0 && Members.permission(thread, file.fd(), permission) == 0 ? bits : 0;
  }

  byte[] readlink(ObjectHandle handle) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile symlink = members.open(thread, handle)) {
      if (symlink.type(thread.scratch) != Flags.S_IFLNK) {
        throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
      }
      Scratch scratch = thread.scratch;
      long length =
          Errno.check(
              Syscall.READLINKAT.call(
                  symlink.fd(),
                  scratch.path(new byte[0]),
                  scratch.at(Scratch.LISTING),
                  Scratch.LISTING_BYTES));
      return scratch.bytes(Scratch.LISTING, (int) length);
    }
  }

  FilesystemSpace space(ObjectHandle handle) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.open(thread, handle)) {
      return Filesystem.space(thread.scratch, file.fd());
    }
  }

  FilesystemLimits limits(ObjectHandle handle) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.open(thread, handle)) {
      return file.member().filesystem().limits();
    }
  }
}
