package org.nfsproxy.backend.coordinated.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** An object that is open: always as a place (O_PATH), and to read or to write once it was. */
// Opened as root, so that one descriptor serves all callers: whoever uses it asks the kernel first
// whether the caller may. Only regular files and directories are ever opened beyond O_PATH: opening
// a device or a pipe does things.
final class OpenFile implements AutoCloseable {
  private static final int NOT_OPEN = -1;

  private final OpenFiles files;
  private final Member member;
  private final ObjectHandle handle;
  private final int fd;
  private final AtomicInteger unsynced = new AtomicInteger();
  private volatile int type;
  private int readFd = NOT_OPEN;
  private int writeFd = NOT_OPEN;

  /** Guarded by {@link OpenFiles}. */
  int users = 1;

  /** Guarded by {@link OpenFiles}. */
  boolean isForgotten;

  /** Guarded by {@link OpenFiles}. */
  long usedNanos = System.nanoTime();

  OpenFile(OpenFiles files, Member member, ObjectHandle handle, int fd) {
    this.files = files;
    this.member = member;
    this.handle = handle;
    this.fd = fd;
  }

  Member member() {
    return member;
  }

  ObjectHandle handle() {
    return handle;
  }

  /** The place: for attributes, as a directory to look names up in, to ask what is allowed. */
  int fd() {
    return fd;
  }

  /** {@code S_IFREG} and so on, which no object ever changes. */
  int type(Scratch scratch) throws FilesException {
    if (type == 0) {
      type = Stat.of(scratch, fd).type();
    }
    return type;
  }

  /** Of a regular file or a directory. The calling thread must be root. */
  synchronized int readFd(Scratch scratch) throws FilesException {
    if (readFd == NOT_OPEN) {
      readFd = reopen(scratch, Flags.O_RDONLY);
    }
    return readFd;
  }

  /** Of a regular file. The calling thread must be root. */
  synchronized int writeFd(Scratch scratch) throws FilesException {
    if (writeFd == NOT_OPEN) {
      writeFd = reopen(scratch, Flags.O_WRONLY);
    }
    return writeFd;
  }

  private int reopen(Scratch scratch, int how) throws FilesException {
    int flags = how | Flags.O_NONBLOCK | Flags.O_NOCTTY | Flags.O_CLOEXEC;
    return (int) Errno.check(Syscall.OPENAT.call(Flags.AT_FDCWD, scratch.pathOf(fd), flags, 0));
  }

  /** Says that bytes were written that need not be durable yet. */
  void wroteUnsynced() {
    unsynced.incrementAndGet();
  }

  /** Makes what was written durable: the bytes and what is needed to read them, or all. */
  long sync(Scratch scratch, boolean withAttributes) throws FilesException {
    int before = unsynced.get();
    long returned = (withAttributes ? Syscall.FSYNC : Syscall.FDATASYNC).call(syncFd(scratch));
    unsynced.addAndGet(-before);
    return returned;
  }

  private int syncFd(Scratch scratch) throws FilesException {
    synchronized (this) {
      if (writeFd != NOT_OPEN) {
        return writeFd;
      }
    }
    return readFd(scratch);
  }

  boolean isUnsynced() {
    return unsynced.get() != 0;
  }

  /** Closes the descriptors. For {@link OpenFiles}, once nobody uses it. */
  void closeDescriptors() {
    Syscall.CLOSE.call(fd);
    closeIfOpen(readFd);
    closeIfOpen(writeFd);
  }

  private static void closeIfOpen(int descriptor) {
    if (descriptor != NOT_OPEN) {
      Syscall.CLOSE.call(descriptor);
    }
  }

  /** Gives it back. */
  @Override
  public void close() {
    files.release(this);
  }
}
