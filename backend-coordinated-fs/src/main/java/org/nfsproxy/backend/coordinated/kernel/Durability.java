package org.nfsproxy.backend.coordinated.kernel;

import org.nfsproxy.backend.coordinated.files.FilesException;

/**
 * Whether a change of names or attributes must be on disk before the reply, and how it gets there.
 */
// RFC 1813 section 1.3 ("Write or retrieve?", stable storage): what a procedure other than an
// unstable WRITE has changed is durable when it returns. The kernel's own server does so where its
// export says "sync", its default.
final class Durability {
  private final boolean isOn;

  Durability(boolean isOn) {
    this.isOn = isOn;
  }

  /** The entries of a directory, and its attributes. */
  void ofDirectory(FileThread thread, OpenFile directory) throws FilesException {
    if (isOn) {
      Errno.check(Syscall.FSYNC.call(directory.readFd(thread.scratch)));
    }
  }

  /**
   * An object's attributes. Only files and directories can be opened; for the others nothing is.
   */
  void ofObject(FileThread thread, OpenFile file) throws FilesException {
    int type = isOn ? file.type(thread.scratch) : 0;
    if (type == Flags.S_IFREG || type == Flags.S_IFDIR) {
      Errno.check(Syscall.FSYNC.call(file.readFd(thread.scratch)));
    }
  }

  /** A new file that is open. */
  void ofFile(int fd) throws FilesException {
    if (isOn) {
      Errno.check(Syscall.FSYNC.call(fd));
    }
  }
}
