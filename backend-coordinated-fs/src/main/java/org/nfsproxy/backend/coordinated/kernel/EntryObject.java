package org.nfsproxy.backend.coordinated.kernel;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/**
 * What an entry of a directory leads to: handle and attributes, as the thread's user finds them.
 */
// Two system calls by name, where opening it would take four. Between the two the name may become
// another object's, so the pair counts only if it is sure to be of one object (NumberInHandle).
// What is not sure is opened, and asked for both.
final class EntryObject {
  private final Members members;

  EntryObject(Members members) {
    this.members = members;
  }

  /** Nothing for what is gone, may not be looked up, is above a root, or has a mount on it. */
  Optional<FoundObject> of(Scratch scratch, OpenFile directory, Dirents entry) {
    try {
      return entry.isDots() ? opened(scratch, directory, entry) : named(scratch, directory, entry);
    } catch (FilesException gone) {
      return Optional.empty();
    }
  }

  private Optional<FoundObject> named(Scratch scratch, OpenFile directory, Dirents entry)
      throws FilesException {
    Errno.check(KernelHandles.name(scratch, directory.fd(), entry.nameAddress()));
    Stat stat = Stat.of(scratch, directory.fd(), entry.nameAddress());
    Member member = directory.member();
    return NumberInHandle.isSurelyOf(member.numbersInHandles(), scratch, stat.fileid())
        ? found(member, KernelHandles.read(scratch, member.id()), stat)
        : opened(scratch, directory, entry);
  }

  private Optional<FoundObject> opened(Scratch scratch, OpenFile directory, Dirents entry)
      throws FilesException {
    Member member = directory.member();
    if (entry.isParent() && member.isRoot(directory.handle())) {
      return Optional.empty();
    }
    int fd = (int) Errno.check(NameWork.openPlace(directory.fd(), entry.nameAddress()));
    try {
      ObjectHandle handle = KernelHandles.of(scratch, member.id(), fd);
      return found(member, handle, Stat.of(scratch, fd));
    } finally {
      Syscall.CLOSE.call(fd);
    }
  }

  private Optional<FoundObject> found(Member member, ObjectHandle handle, Stat stat) {
    return members.mountedAt(handle).isPresent()
        ? Optional.empty()
        : Optional.of(new FoundObject(handle, member.attributes(handle, stat)));
  }
}
