package org.nfsproxy.backend.coordinated.kernel;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/** CREATE, MKDIR, SYMLINK, MKNOD. */
// The object is made as the caller, with its mode: umask is 0 here. What else a client asked for is
// set right after; owner and group only by root, as nfsd has it.
final class CreationWork {
  private static final int SET_IDS = 06000;

  private final Members members;
  private final Durability durability;

  CreationWork(Members members, Durability durability) {
    this.members = members;
    this.durability = durability;
  }

  FoundObject create(UserIds caller, ObjectHandle handle, byte[] name, CreateHow how, WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    return in(
        thread,
        handle,
        name,
        wcc,
        directory -> {
          AttributeChange wanted = wanted(how);
          long made;
          try (ThreadIdentity identity = thread.as(caller)) {
            made =
                Syscall.OPENAT.call(
                    directory.fd(),
                    thread.scratch.path(name),
                    Flags.O_CREAT | Flags.O_EXCL | Flags.O_WRONLY | Flags.O_CLOEXEC,
                    wanted.mode().orElse(0) & 07777);
          }
          if (made == -Errno.EEXIST) {
            return existing(thread, caller, directory, name, how);
          }
          int fd = (int) Errno.check(made);
          try {
            setRest(thread, caller, fd, fd, wanted);
            durability.ofFile(fd);
            durability.ofDirectory(thread, directory);
            return place(thread, directory, fd);
          } finally {
            Syscall.CLOSE.call(fd);
          }
        });
  }

  private static AttributeChange wanted(CreateHow how) {
    if (how instanceof CreateHow.Unchecked unchecked) {
      return unchecked.attributes();
    }
    if (how instanceof CreateHow.Guarded guarded) {
      return guarded.attributes();
    }
    long verifier = ((CreateHow.Exclusive) how).verifier();
    return new AttributeChange(
        AttributeChange.NONE.mode(),
        AttributeChange.NONE.uid(),
        AttributeChange.NONE.gid(),
        AttributeChange.NONE.size(),
        new TimeChange(TimeHow.SET_TO_CLIENT_TIME, Optional.of(low(verifier))),
        new TimeChange(TimeHow.SET_TO_CLIENT_TIME, Optional.of(high(verifier))));
  }

  // An exclusive CREATE's verifier is kept where nfsd keeps it: in the file's times, whose seconds
  // every filesystem stores in 31 bits at least. The client sets true times right after.
  private static FileTime low(long verifier) {
    return new FileTime((int) verifier & Integer.MAX_VALUE, 0);
  }

  private static FileTime high(long verifier) {
    return new FileTime((int) (verifier >>> 32) & Integer.MAX_VALUE, 0);
  }

  private FoundObject existing(
      FileThread thread, UserIds caller, OpenFile directory, byte[] name, CreateHow how)
      throws FilesException {
    long opened;
    try (ThreadIdentity identity = thread.as(caller)) {
      opened = NameWork.openPlace(thread.scratch, directory.fd(), name);
    }
    FoundObject found = members.found(thread, directory.member(), (int) Errno.check(opened));
    if (found.attributes().type() == FileType.NF3REG) {
      if (how instanceof CreateHow.Unchecked unchecked) {
        return resized(thread, caller, found, unchecked.attributes());
      }
      if (how instanceof CreateHow.Exclusive exclusive
          && found.attributes().size() == 0
          && found.attributes().atime().equals(low(exclusive.verifier()))
          && found.attributes().mtime().equals(high(exclusive.verifier()))) {
        return found;
      }
    }
    throw new FilesException(Nfs3Status.NFS3ERR_EXIST);
  }

  private FoundObject resized(
      FileThread thread, UserIds caller, FoundObject found, AttributeChange wanted)
      throws FilesException {
    if (wanted.size().isEmpty()) {
      return found;
    }
    AttributeChange size =
        new AttributeChange(
            AttributeChange.NONE.mode(),
            AttributeChange.NONE.uid(),
            AttributeChange.NONE.gid(),
            wanted.size(),
            TimeChange.KEEP,
            TimeChange.KEEP);
    try (OpenFile file = members.openRegular(thread, found.handle())) {
      int writeFd = file.writeFd(thread.scratch);
      Changes.apply(thread, caller, file.fd(), found.attributes().uid(), writeFd, size);
      durability.ofObject(thread, file);
      return members.found(thread, file);
    }
  }

  FoundObject makeDirectory(
      UserIds caller, ObjectHandle handle, byte[] name, AttributeChange wanted, WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    int mode = wanted.mode().orElse(0) & 07777;
    return in(
        thread,
        handle,
        name,
        wcc,
        directory -> {
          FoundObject made =
              made(
                  thread,
                  caller,
                  directory,
                  name,
                  wanted,
                  () ->
                      Syscall.MKDIRAT.call(
                          directory.fd(), thread.scratch.path(name), mode & ~SET_IDS));
          return (mode & SET_IDS) == 0
              ? made
              : changed(thread, caller, made, AttributeChange.mode(mode));
        });
  }

  FoundObject makeSymlink(
      UserIds caller,
      ObjectHandle handle,
      byte[] name,
      byte[] target,
      AttributeChange wanted,
      WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    return in(
        thread,
        handle,
        name,
        wcc,
        directory -> {
          checkTarget(target);
          return made(
              thread,
              caller,
              directory,
              name,
              wanted,
              () ->
                  Syscall.SYMLINKAT.call(
                      thread.scratch.otherPath(target), directory.fd(), thread.scratch.path(name)));
        });
  }

  private static void checkTarget(byte[] target) throws FilesException {
    boolean possible = target.length > 0;
    for (byte character : target) {
      possible &= character != 0;
    }
    if (!possible) {
      throw new FilesException(Nfs3Status.NFS3ERR_INVAL);
    }
    if (target.length > Scratch.PATH_BYTES_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_NAMETOOLONG);
    }
  }

  FoundObject makeSpecial(
      UserIds caller,
      ObjectHandle handle,
      byte[] name,
      FileType type,
      Attributes.Device device,
      AttributeChange wanted,
      WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    return in(
        thread,
        handle,
        name,
        wcc,
        directory -> {
          int kind = kind(type) | wanted.mode().orElse(0) & 07777;
          long number = Devices.number(device);
          return made(
              thread,
              caller,
              directory,
              name,
              wanted,
              () -> Syscall.MKNODAT.call(directory.fd(), thread.scratch.path(name), kind, number));
        });
  }

  private static int kind(FileType type) throws FilesException {
    return switch (type) {
      case NF3BLK -> Flags.S_IFBLK;
      case NF3CHR -> Flags.S_IFCHR;
      case NF3SOCK -> Flags.S_IFSOCK;
      case NF3FIFO -> Flags.S_IFIFO;
      default -> throw new FilesException(Nfs3Status.NFS3ERR_BADTYPE);
    };
  }

  @FunctionalInterface
  private interface Making {
    FoundObject run(OpenFile directory) throws FilesException;
  }

  private FoundObject in(
      FileThread thread, ObjectHandle handle, byte[] name, WccData wcc, Making making)
      throws FilesException {
    try (OpenFile directory = members.openDirectory(thread, handle)) {
      try {
        Names.checkNew(name, Nfs3Status.NFS3ERR_EXIST);
        return making.run(directory);
      } finally {
        members.after(thread, directory, wcc);
      }
    }
  }

  @FunctionalInterface
  private interface Call {
    long run();
  }

  /** Makes an object by a call that does not open it, and opens it by its name. */
  private FoundObject made(
      FileThread thread,
      UserIds caller,
      OpenFile directory,
      byte[] name,
      AttributeChange wanted,
      Call call)
      throws FilesException {
    long returned;
    try (ThreadIdentity identity = thread.as(caller)) {
      returned = call.run();
      if (returned >= 0) {
        returned = NameWork.openPlace(thread.scratch, directory.fd(), name);
      }
    }
    int fd = (int) Errno.check(returned);
    try {
      setRest(thread, caller, fd, fd, wanted);
    } catch (FilesException refused) {
      Syscall.CLOSE.call(fd);
      throw refused;
    }
    durability.ofDirectory(thread, directory);
    return members.found(thread, directory.member(), fd);
  }

  /** All but the mode, which the object was made with. */
  private static void setRest(
      FileThread thread, UserIds caller, int fd, int writeFd, AttributeChange wanted)
      throws FilesException {
    boolean isRoot = caller.isRoot();
    AttributeChange rest =
        new AttributeChange(
            AttributeChange.NONE.mode(),
            isRoot ? wanted.uid() : AttributeChange.NONE.uid(),
            isRoot ? wanted.gid() : AttributeChange.NONE.gid(),
            wanted.size(),
            wanted.atime(),
            wanted.mtime());
    if (!rest.isEmpty()) {
      int owner = Stat.of(thread.scratch, fd).uid();
      Changes.apply(thread, caller, fd, owner, writeFd, rest);
    }
  }

  private FoundObject changed(
      FileThread thread, UserIds caller, FoundObject made, AttributeChange change)
      throws FilesException {
    try (OpenFile file = members.open(thread, made.handle())) {
      Changes.apply(thread, caller, file.fd(), made.attributes().uid(), 0, change);
      return members.found(thread, file);
    }
  }

  /** A file that is open for writing, as a place. */
  private FoundObject place(FileThread thread, OpenFile directory, int fd) throws FilesException {
    ObjectHandle handle = KernelHandles.of(thread.scratch, directory.member().id(), fd);
    try (OpenFile file = members.open(thread, handle)) {
      return members.found(thread, file);
    }
  }
}
