package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.AccessBits;
import org.nfsproxy.backend.coordinated.files.FileType;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** Who may do what, by mode bits, owner and group, as Linux decides it. */
final class Permissions {
  static final int READ = 4;
  static final int WRITE = 2;
  static final int EXECUTE = 1;

  private static final int ANY_EXECUTE = 0111;

  private Permissions() {}

  static boolean allows(UserIds caller, MemoryObject object, int bits) {
    if (caller.isRoot()) {
      return (bits & EXECUTE) == 0
          || object.type == FileType.NF3DIR
          || (object.mode & ANY_EXECUTE) != 0;
    }
    int shift = caller.uid() == object.uid ? 6 : caller.isIn(object.gid) ? 3 : 0;
    return (object.mode >> shift & bits) == bits;
  }

  static void need(UserIds caller, MemoryObject object, int bits) throws FilesException {
    if (!allows(caller, object, bits)) {
      throw new FilesException(Nfs3Status.NFS3ERR_ACCES);
    }
  }

  /** Reading a file: the owner may always, and whoever may execute it, since its pages are read. */
  static void needRead(UserIds caller, MemoryObject file) throws FilesException {
    if (!isOwner(caller, file) && !allows(caller, file, EXECUTE)) {
      need(caller, file, READ);
    }
  }

  /** Writing a file: the owner may always. */
  static void needWrite(UserIds caller, MemoryObject file) throws FilesException {
    if (!isOwner(caller, file)) {
      need(caller, file, WRITE);
    }
  }

  /** Changing what only the owner may change. */
  static void needOwner(UserIds caller, MemoryObject object) throws FilesException {
    if (!isOwner(caller, object)) {
      throw new FilesException(Nfs3Status.NFS3ERR_PERM);
    }
  }

  /** Taking an object out of a directory: in a sticky one, only one's own. */
  static void needRemove(UserIds caller, MemoryDirectory directory, MemoryObject object)
      throws FilesException {
    need(caller, directory, WRITE | EXECUTE);
    if ((directory.mode & MemoryObject.STICKY) != 0
        && !isOwner(caller, object)
        && !isOwner(caller, directory)) {
      throw new FilesException(Nfs3Status.NFS3ERR_PERM);
    }
  }

  static boolean isOwner(UserIds caller, MemoryObject object) {
    return caller.isRoot() || caller.uid() == object.uid;
  }

  /** The bits of ACCESS that are asked for, mean something here, and are allowed. */
  static int access(UserIds caller, MemoryObject object, int asked) {
    return asked
        & (object.type == FileType.NF3DIR
            ? granted(caller, object, READ, AccessBits.READ)
                | granted(caller, object, EXECUTE, AccessBits.LOOKUP)
                | granted(
                    caller,
                    object,
                    WRITE | EXECUTE,
                    AccessBits.MODIFY | AccessBits.EXTEND | AccessBits.DELETE)
            : granted(caller, object, READ, AccessBits.READ)
                | granted(caller, object, WRITE, AccessBits.MODIFY | AccessBits.EXTEND)
                | granted(caller, object, EXECUTE, AccessBits.EXECUTE));
  }

  private static int granted(UserIds caller, MemoryObject object, int bits, int access) {
    return allows(caller, object, bits) ? access : 0;
  }
}
