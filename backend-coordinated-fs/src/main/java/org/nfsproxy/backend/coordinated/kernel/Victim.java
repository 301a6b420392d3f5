package org.nfsproxy.backend.coordinated.kernel;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** The object of a name that is about to be taken away: kept open, it would keep its blocks. */
record Victim(Optional<ObjectHandle> handle) {
  /** Looked up as root, and told to nobody. */
  static Victim of(FileThread thread, OpenFile directory, byte[] name) {
    long fd = NameWork.openPlace(thread.scratch, directory.fd(), name);
    if (fd < 0) {
      return new Victim(Optional.empty());
    }
    try {
      return new Victim(
          Optional.of(KernelHandles.of(thread.scratch, directory.member().id(), (int) fd)));
    } catch (FilesException nameless) {
      return new Victim(Optional.empty());
    } finally {
      Syscall.CLOSE.call(fd);
    }
  }

  void letGo(Members members) {
    handle.ifPresent(members::forget);
  }
}
