package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeHow;
import org.nfsproxy.backend.coordinated.files.FileTime;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** Sets attributes: of an object that exists, after all checks; of a new one, as it is made. */
final class AttributeSetting {
  private AttributeSetting() {}

  /** SETATTR. Checks all before it sets anything. */
  static void change(UserIds caller, MemoryObject object, AttributeChange change)
      throws FilesException {
    check(caller, object, change);
    if (change.isEmpty()) {
      return;
    }
    if (change.size().isPresent()) {
      resize(caller, (MemoryRegular) object, change.size().getAsLong());
    }
    change.uid().ifPresent(uid -> object.uid = uid);
    change.gid().ifPresent(gid -> object.gid = gid);
    if (change.uid().isPresent() || change.gid().isPresent()) {
      dropSetIds(object);
    }
    change.mode().ifPresent(mode -> object.mode = allowedMode(caller, object, mode));
    FileTime now = object.filesystem.now();
    object.atime = time(change.atime(), object.atime, now);
    object.mtime = time(change.mtime(), object.mtime, now);
    object.ctime = now;
  }

  /** Gives a new object its owner, group and mode; gid of the directory if that is setgid. */
  static void initialize(
      UserIds caller, MemoryDirectory directory, MemoryObject object, AttributeChange attributes) {
    boolean setgid = (directory.mode & MemoryObject.SETGID) != 0;
    object.uid = caller.uid();
    object.gid = setgid ? directory.gid : caller.gid();
    if (caller.isRoot()) {
      object.uid = attributes.uid().orElse(object.uid);
      object.gid = attributes.gid().orElse(object.gid);
    }
    if (object.type == FileType.NF3LNK) {
      object.mode = 0777;
    } else {
      object.mode = allowedMode(caller, object, attributes.mode().orElse(0));
      if (setgid && object.type == FileType.NF3DIR) {
        object.mode |= MemoryObject.SETGID;
      }
    }
    object.atime = time(attributes.atime(), object.atime, object.ctime);
    object.mtime = time(attributes.mtime(), object.mtime, object.ctime);
  }

  /** The size of a file: checks the size itself, not the caller. */
  static void resize(UserIds caller, MemoryRegular file, long size) throws FilesException {
    checkSize(size);
    long before = file.bytes.charged();
    if (size != file.size()) {
      file.bytes.resize(size);
      file.filesystem.release(before - file.bytes.charged());
    }
    file.contentsChanged();
    dropSetIdsUnlessRoot(caller, file);
  }

  /** Who writes into another's program does not inherit its rights. */
  static void dropSetIdsUnlessRoot(UserIds caller, MemoryObject object) {
    if (!caller.isRoot()) {
      dropSetIds(object);
    }
  }

  private static void dropSetIds(MemoryObject object) {
    if (object.type != FileType.NF3DIR) {
      object.mode &= ~MemoryObject.SETUID;
      if ((object.mode & MemoryObject.GROUP_EXECUTE) != 0) {
        object.mode &= ~MemoryObject.SETGID;
      }
    }
  }

  private static void check(UserIds caller, MemoryObject object, AttributeChange change)
      throws FilesException {
    if (change.size().isPresent()) {
      MemoryFiles.needRegular(object);
      Permissions.needWrite(caller, object);
      checkSize(change.size().getAsLong());
    }
    if (change.mode().isPresent()) {
      Permissions.needOwner(caller, object);
    }
    boolean givenAway = change.uid().isPresent() && change.uid().getAsInt() != object.uid;
    if (givenAway && !caller.isRoot()) {
      throw new FilesException(Nfs3Status.NFS3ERR_PERM);
    }
    if (change.gid().isPresent() && change.gid().getAsInt() != object.gid) {
      Permissions.needOwner(caller, object);
      if (!caller.isRoot() && !caller.isIn(change.gid().getAsInt())) {
        throw new FilesException(Nfs3Status.NFS3ERR_PERM);
      }
    }
    if (change.uid().isPresent() || change.gid().isPresent()) {
      Permissions.needOwner(caller, object);
    }
    checkTime(caller, object, change.atime());
    checkTime(caller, object, change.mtime());
  }

  private static void checkSize(long size) throws FilesException {
    if (size < 0 || size > MemoryFilesystem.FILE_BYTES_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_FBIG);
    }
  }

  private static void checkTime(UserIds caller, MemoryObject object, TimeChange change)
      throws FilesException {
    if (change.how() == TimeHow.SET_TO_CLIENT_TIME) {
      Permissions.needOwner(caller, object);
    } else if (change.how() == TimeHow.SET_TO_SERVER_TIME) {
      Permissions.needWrite(caller, object);
    }
  }

  private static FileTime time(TimeChange change, FileTime unchanged, FileTime now) {
    return switch (change.how()) {
      case DONT_CHANGE -> unchanged;
      case SET_TO_SERVER_TIME -> now;
      case SET_TO_CLIENT_TIME -> change.time().orElse(now);
    };
  }

  // Setgid is only for members of the group.
  private static int allowedMode(UserIds caller, MemoryObject object, int mode) {
    int allowed = mode & MemoryObject.MODE_MASK;
    return caller.isRoot() || caller.isIn(object.gid) ? allowed : allowed & ~MemoryObject.SETGID;
  }
}
