package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** The kernel's persistent handles: name_to_handle_at(2) and open_by_handle_at(2). */
//   0              4             8
//   +--------------+-------------+--------------+
//   | handle_bytes | handle_type |   f_handle   |     struct file_handle, in the machine's order
//   +--------------+-------------+--------------+
// The f_handle is opaque, and the same on every machine that has the same filesystem; on the wire
// the type before it is big-endian, as all numbers of ours.
final class KernelHandles {
  /** MAX_HANDLE_SZ, longer than what fits in an NFSv3 filehandle. */
  private static final int KERNEL_BYTES_MAX = 128;

  private static final int HEADER_BYTES = 8;

  /** Where in the scratch memory the handle itself begins. */
  static final int BYTES_AT = Scratch.HANDLE + HEADER_BYTES;

  private static final byte[] NOTHING = {};

  private KernelHandles() {}

  /** The handle of an open object. EOVERFLOW says that the kernel's is longer than ours may be. */
  static ObjectHandle of(Scratch scratch, int filesystem, int fd) throws FilesException {
    long returned = name(scratch, fd);
    if (returned < 0) {
      throw Errno.failure(returned);
    }
    return read(scratch, filesystem);
  }

  /** Calls name_to_handle_at; a negative errno, or the handle is in the scratch memory. */
  static long name(Scratch scratch, int fd) {
    return name(scratch, fd, scratch.path(NOTHING), Flags.AT_EMPTY_PATH);
  }

  /** The same, of what has a name in a directory; a symbolic link is not followed. */
  static long name(Scratch scratch, int directoryFd, long nameAddress) {
    return name(scratch, directoryFd, nameAddress, 0);
  }

  private static long name(Scratch scratch, int fd, long pathAddress, int how) {
    scratch.memory().putInt(Scratch.HANDLE, KERNEL_BYTES_MAX);
    long returned =
        Syscall.NAME_TO_HANDLE_AT.call(
            fd, pathAddress, scratch.at(Scratch.HANDLE), scratch.at(Scratch.RECORD), how);
    return returned == 0 && length(scratch) > ObjectHandle.BYTES_MAX ? -Errno.EOVERFLOW : returned;
  }

  static int length(Scratch scratch) {
    return scratch.memory().getInt(Scratch.HANDLE);
  }

  static int type(Scratch scratch) {
    return scratch.memory().getInt(Scratch.HANDLE + 4);
  }

  static ObjectHandle read(Scratch scratch, int filesystem) {
    return ObjectHandle.of(filesystem, type(scratch), scratch.bytes(BYTES_AT, length(scratch)));
  }

  /** Opens the object, as root and whatever the directories above it say. */
  static int open(Scratch scratch, int mountFd, ObjectHandle handle) throws FilesException {
    byte[] bytes = handle.bytes();
    ByteBuffer memory = scratch.memory();
    memory.putInt(Scratch.HANDLE, bytes.length).putInt(Scratch.HANDLE + 4, handle.type());
    memory.put(BYTES_AT, bytes);
    long opened =
        Syscall.OPEN_BY_HANDLE_AT.call(
            mountFd, scratch.at(Scratch.HANDLE), Flags.O_PATH | Flags.O_CLOEXEC);
    if (opened == -Errno.EINVAL || opened == -Errno.EOVERFLOW) {
      throw new FilesException(Nfs3Status.NFS3ERR_BADHANDLE);
    }
    return (int) Errno.check(opened);
  }
}
