package org.nfsproxy.backend.coordinated.kernel;

import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** What belongs to one thread that does file work: its memory, and as whom it acts. */
// Prepared once, when the thread first does file work, and for good: it should do nothing else.
//  - It gets a umask of its own (unshare) of 0: modes come from clients, who applied theirs.
//  - It keeps the capabilities that file work needs and no other. CAP_SYS_RESOURCE, which lets
//    quotas and reserved blocks be exceeded whoever the fsuid is, is among those it gives up.
final class FileThread {
  private static final ThreadLocal<FileThread> CURRENT = ThreadLocal.withInitial(FileThread::new);

  final Scratch scratch = new Scratch();
  private final ThreadIdentity identity = new ThreadIdentity(scratch);

  private FileThread() {
    long returned = Syscall.UNSHARE.call(Flags.CLONE_FS);
    if (returned < 0) {
      throw new IllegalStateException("unshare: errno " + -returned);
    }
    Syscall.UMASK.call(0);
    Capabilities.keepOnly(scratch, Capabilities.KEPT);
  }

  static FileThread current() {
    return CURRENT.get();
  }

  /** Makes the thread the caller until what is returned is closed: system calls only, meanwhile. */
  ThreadIdentity as(UserIds caller) throws FilesException {
    return identity.assume(caller);
  }
}
