package org.nfsproxy.backend.coordinated.kernel;

import io.vertx.core.internal.logging.Logger;
import io.vertx.core.internal.logging.LoggerFactory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** As whom the calling thread meets the filesystem: root, or for a moment a caller. */
// Users and groups of Linux belong to threads; that they belong to processes is the C library's
// work, which is why it is not asked. A thread whose fsuid leaves 0 loses what root may do with
// files (capabilities(7), "Effect of user ID changes"), and has it again with fsuid 0. Nothing but
// system calls may happen between assume and close: what else Java does there, such as starting a
// thread, would be done as the caller.
//
// setfsuid returns the old id, whether or not it took the new one, and takes neither -1 nor,
// without the capability, anything. So it is asked again, with -1, before anything is done: to fail
// here silently is to go on as root.
final class ThreadIdentity implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadIdentity.class);

  /** No user: for the kernel "tell, do not change". */
  private static final int NO_ID = -1;

  /** Memory for groups; AUTH_SYS has 16 (RFC 5531 appendix A). */
  private static final int GROUPS_MAX = 16;

  private final Scratch scratch;
  private int gid = NO_ID;
  private int @Nullable [] groups;

  ThreadIdentity(Scratch scratch) {
    this.scratch = scratch;
  }

  /** The thread is the caller until this is closed. An id of -1 is nobody's, as for nfsd. */
  ThreadIdentity assume(UserIds caller) throws FilesException {
    setGroups(caller.gids());
    int group = valid(caller.gid());
    if (group != gid) {
      Syscall.SETFSGID.call(group);
      gid = (int) Syscall.SETFSGID.call(NO_ID);
    }
    int user = valid(caller.uid());
    if (user != 0) {
      Syscall.SETFSUID.call(user);
    }
    if (gid != group || (int) Syscall.SETFSUID.call(NO_ID) != user) {
      close();
      LOG.error("the kernel did not let a thread act as user " + user + " group " + group);
      throw new FilesException(Nfs3Status.NFS3ERR_SERVERFAULT);
    }
    return this;
  }

  private static int valid(int id) {
    return id == NO_ID ? UserIds.ANONYMOUS.uid() : id;
  }

  private void setGroups(int[] wanted) throws FilesException {
    if (Arrays.equals(wanted, groups)) {
      return;
    }
    int count = Math.min(wanted.length, GROUPS_MAX);
    for (int at = 0; at < count; at++) {
      scratch.memory().putInt(Scratch.RECORD + 4 * at, valid(wanted[at]));
    }
    groups = null;
    long returned = Syscall.SETGROUPS.call(count, scratch.at(Scratch.RECORD));
    if (returned < 0) {
      LOG.error("setgroups: errno " + -returned);
      throw new FilesException(Nfs3Status.NFS3ERR_SERVERFAULT);
    }
    groups = wanted;
  }

  /** Root again. Groups stay: they give root nothing, and the next caller brings its own. */
  @Override
  public void close() {
    Syscall.SETFSUID.call(0);
  }
}
