package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.AttributeChange.TimeChange;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** Sets attributes of an open object, as a caller. */
// Linux has one call for each kind of attribute and none for all. They are made in the order in
// which they are most likely to be refused, so that a SETATTR that fails has usually changed
// nothing: owner, size, mode, times. The mode comes after the owner because a change of owner takes
// the set-id bits.
final class Changes {
  private static final int KEEP = -1;

  private Changes() {}

  /**
   * Sets what is to be set.
   *
   * @param fd open as a place
   * @param writeFd open for writing; needed for a size only
   */
  static void apply(
      FileThread thread, UserIds caller, int fd, int owner, int writeFd, AttributeChange change)
      throws FilesException {
    if (change.isEmpty()) {
      return;
    }
    long size = change.size().orElse(0);
    if (size < 0) {
      throw new FilesException(Nfs3Status.NFS3ERR_FBIG);
    }
    long returned;
    try (ThreadIdentity identity = thread.as(caller)) {
      returned = chown(thread, fd, change.uid(), change.gid());
      if (returned >= 0 && change.size().isPresent()) {
        returned = truncate(thread, caller, fd, owner, writeFd, size);
      }
      if (returned >= 0 && change.mode().isPresent()) {
        returned = chmod(thread.scratch, fd, change.mode().getAsInt());
      }
      if (returned >= 0) {
        returned = setTimes(thread.scratch, fd, change.atime(), change.mtime());
      }
    }
    Errno.check(returned);
  }

  private static long chown(FileThread thread, int fd, OptionalInt uid, OptionalInt gid) {
    if (uid.isEmpty() && gid.isEmpty()) {
      return 0;
    }
    return Syscall.FCHOWNAT.call(
        fd,
        thread.scratch.path(new byte[0]),
        uid.orElse(KEEP),
        gid.orElse(KEEP),
        Flags.AT_EMPTY_PATH);
  }

  /** The owner may, whatever the mode says: he is allowed to open a file that is his. */
  private static long truncate(
      FileThread thread, UserIds caller, int fd, int owner, int writeFd, long size) {
    long allowed = Members.permission(thread, fd, Flags.W_OK);
    boolean isOwner = allowed == -Errno.EACCES && owner == caller.uid();
    return allowed < 0 && !isOwner ? allowed : Syscall.FTRUNCATE.call(writeFd, size);
  }

  static long chmod(Scratch scratch, int fd, int mode) {
    return Syscall.FCHMODAT.call(Flags.AT_FDCWD, scratch.pathOf(fd), mode & 07777);
  }

  static long setTimes(Scratch scratch, int fd, TimeChange atime, TimeChange mtime) {
    if (atime.equals(TimeChange.KEEP) && mtime.equals(TimeChange.KEEP)) {
      return 0;
    }
    put(scratch.memory(), Scratch.RECORD, atime);
    put(scratch.memory(), Scratch.RECORD + 16, mtime);
    return Syscall.UTIMENSAT.call(
        fd, scratch.path(new byte[0]), scratch.at(Scratch.RECORD), Flags.AT_EMPTY_PATH);
  }

  /** {@code struct timespec}. Seconds of NFSv3 are unsigned. */
  private static void put(ByteBuffer memory, int at, TimeChange change) {
    long seconds = change.time().map(time -> time.seconds() & 0xffff_ffffL).orElse(0L);
    long nanos =
        switch (change.how()) {
          case DONT_CHANGE -> Flags.UTIME_OMIT;
          case SET_TO_SERVER_TIME -> Flags.UTIME_NOW;
          case SET_TO_CLIENT_TIME -> change.time().orElseThrow().nanos();
        };
    memory.putLong(at, seconds).putLong(at + 8, nanos);
  }
}
