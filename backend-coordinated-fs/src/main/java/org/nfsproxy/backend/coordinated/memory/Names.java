package org.nfsproxy.backend.coordinated.memory;

import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;

/** Which names can be, RFC 1813 section 3.2. */
final class Names {
  private Names() {}

  /** Refuses what no entry can be called. */
  static void check(byte[] name) throws FilesException {
    if (name.length > MemoryFilesystem.NAME_BYTES_MAX) {
      throw new FilesException(Nfs3Status.NFS3ERR_NAMETOOLONG);
    }
    boolean possible = name.length > 0;
    for (byte character : name) {
      possible &= character != '/' && character != 0;
    }
    if (!possible) {
      throw new FilesException(Nfs3Status.NFS3ERR_ACCES);
    }
  }

  /** The same, and the two names that every directory has anyway end in the status given. */
  static void checkNew(byte[] name, Nfs3Status ifDots) throws FilesException {
    check(name);
    if (isSelf(name) || isParent(name)) {
      throw new FilesException(ifDots);
    }
  }

  static boolean isSelf(byte[] name) {
    return name.length == 1 && name[0] == '.';
  }

  static boolean isParent(byte[] name) {
    return name.length == 2 && name[0] == '.' && name[1] == '.';
  }
}
