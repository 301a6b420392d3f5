package org.nfsproxy.backend.coordinated.kernel;

import java.util.Map;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;

/** The kernel's error numbers, and which status of NFSv3 says the same. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EIO = 5;
  static final int EBADF = 9;
  static final int EACCES = 13;
  static final int EEXIST = 17;
  static final int EINVAL = 22;
  static final int ENOSYS = 38;
  static final int EOVERFLOW = 75;
  static final int EOPNOTSUPP = 95;
  static final int ESTALE = 116;

  private static final Map<Integer, Nfs3Status> STATUS =
      Map.ofEntries(
          Map.entry(EPERM, Nfs3Status.NFS3ERR_PERM),
          Map.entry(ENOENT, Nfs3Status.NFS3ERR_NOENT),
          Map.entry(4, Nfs3Status.NFS3ERR_JUKEBOX), // EINTR
          Map.entry(EIO, Nfs3Status.NFS3ERR_IO),
          Map.entry(6, Nfs3Status.NFS3ERR_NXIO),
          Map.entry(11, Nfs3Status.NFS3ERR_JUKEBOX), // EAGAIN
          Map.entry(12, Nfs3Status.NFS3ERR_JUKEBOX), // ENOMEM
          Map.entry(EACCES, Nfs3Status.NFS3ERR_ACCES),
          Map.entry(16, Nfs3Status.NFS3ERR_ACCES), // EBUSY: something is mounted there
          Map.entry(EEXIST, Nfs3Status.NFS3ERR_EXIST),
          Map.entry(18, Nfs3Status.NFS3ERR_XDEV),
          Map.entry(20, Nfs3Status.NFS3ERR_NOTDIR),
          Map.entry(21, Nfs3Status.NFS3ERR_ISDIR),
          Map.entry(EINVAL, Nfs3Status.NFS3ERR_INVAL),
          Map.entry(23, Nfs3Status.NFS3ERR_JUKEBOX), // ENFILE
          Map.entry(24, Nfs3Status.NFS3ERR_JUKEBOX), // EMFILE
          Map.entry(26, Nfs3Status.NFS3ERR_IO), // ETXTBSY: it is being executed on this machine
          Map.entry(27, Nfs3Status.NFS3ERR_FBIG),
          Map.entry(28, Nfs3Status.NFS3ERR_NOSPC),
          Map.entry(30, Nfs3Status.NFS3ERR_ROFS),
          Map.entry(31, Nfs3Status.NFS3ERR_MLINK),
          Map.entry(36, Nfs3Status.NFS3ERR_NAMETOOLONG),
          Map.entry(39, Nfs3Status.NFS3ERR_NOTEMPTY),
          Map.entry(40, Nfs3Status.NFS3ERR_INVAL), // ELOOP
          Map.entry(EOVERFLOW, Nfs3Status.NFS3ERR_INVAL),
          Map.entry(EOPNOTSUPP, Nfs3Status.NFS3ERR_NOTSUPP),
          Map.entry(110, Nfs3Status.NFS3ERR_JUKEBOX), // ETIMEDOUT, of a filesystem in a network
          Map.entry(ESTALE, Nfs3Status.NFS3ERR_STALE),
          Map.entry(117, Nfs3Status.NFS3ERR_IO), // EUCLEAN: the filesystem is damaged
          Map.entry(122, Nfs3Status.NFS3ERR_DQUOT));

  private Errno() {}

  /** The failure of a call that returned a negative number. */
  static FilesException failure(long returned) {
    Nfs3Status status = STATUS.get((int) -returned);
    return new FilesException(status == null ? Nfs3Status.NFS3ERR_SERVERFAULT : status);
  }

  /** What a call returned, if it did not fail. */
  static long check(long returned) throws FilesException {
    if (returned < 0) {
      throw failure(returned);
    }
    return returned;
  }
}
