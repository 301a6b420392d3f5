package org.nfsproxy.backend.coordinated.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.FoundObject;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.UserIds;

/** READDIR and READDIRPLUS. */
// A cookie is the filesystem's own place in the directory (d_off), as the kernel's server has it:
// it holds whatever is added or removed, on any instance, and after a restart. So there is nothing
// to verify, and the verifier is 0 everywhere.
final class ListingWork {
  private static final long VERIFIER = 0;
  private static final int SEEK_SET = 0;

  /** Entries looked up at once: acting as the caller is had once for all of them. */
  private static final int BATCH = 32;

  /** About 250 entries: with attributes and handles, a reply of 32 KiB has room for some 150. */
  private static final int BYTES_WITH_OBJECTS = 8 << 10;

  private final Members members;
  private final EntryObject entryObject;

  ListingWork(Members members) {
    this.members = members;
    this.entryObject = new EntryObject(members);
  }

  DirectoryEntry.Listing list(
      UserIds caller,
      ObjectHandle handle,
      long cookie,
      long verifier,
      boolean withObjects,
      DirectoryEntry.Sink entries)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile directory = members.openDirectory(thread, handle)) {
      int fd = open(thread, caller, directory);
      try {
        seek(fd, cookie, verifier);
        boolean end = offerAll(thread, caller, directory, fd, withObjects, entries);
        return new DirectoryEntry.Listing(members.attributes(thread, directory), VERIFIER, end);
      } finally {
        Syscall.CLOSE.call(fd);
      }
    }
  }

  /** For one listing: a place in a directory belongs to the descriptor. The kernel says who may. */
  private static int open(FileThread thread, UserIds caller, OpenFile directory)
      throws FilesException {
    long opened;
    try (ThreadIdentity identity = thread.as(caller)) {
      opened =
          Syscall.OPENAT.call(
              Flags.AT_FDCWD,
              thread.scratch.pathOf(directory.fd()),
              Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC,
              0);
    }
    return (int) Errno.check(opened);
  }

  private static void seek(int fd, long cookie, long verifier) throws FilesException {
    if (cookie == 0) {
      return;
    }
    if (cookie < 0 || verifier != VERIFIER || Syscall.LSEEK.call(fd, cookie, SEEK_SET) != cookie) {
      throw new FilesException(Nfs3Status.NFS3ERR_BAD_COOKIE);
    }
  }

  private boolean offerAll(
      FileThread thread,
      UserIds caller,
      OpenFile directory,
      int fd,
      boolean withObjects,
      DirectoryEntry.Sink sink)
      throws FilesException {
    Dirents entries = new Dirents(thread.scratch);
    List<Optional<FoundObject>> objects = new ArrayList<>(BATCH);
    while (entries.read(fd, withObjects ? BYTES_WITH_OBJECTS : Scratch.LISTING_BYTES)) {
      while (entries.isEntry()) {
        if (withObjects) {
          lookUp(thread, caller, directory, entries, objects);
        }
        for (int at = 0; at < BATCH && entries.isEntry(); at++) {
          Optional<FoundObject> object = withObjects ? objects.get(at) : Optional.empty();
          if (!sink.offer(
              new DirectoryEntry(entries.fileid(), entries.name(), entries.cookie(), object))) {
            return false;
          }
          entries.next();
        }
      }
    }
    return true;
  }

  /** Of the next entries; they are the next afterwards too. */
  private void lookUp(
      FileThread thread,
      UserIds caller,
      OpenFile directory,
      Dirents entries,
      List<Optional<FoundObject>> objects)
      throws FilesException {
    objects.clear();
    int begin = entries.place();
    try (ThreadIdentity identity = thread.as(caller)) {
      while (objects.size() < BATCH && entries.isEntry()) {
        objects.add(entryObject.of(thread.scratch, directory, entries));
        entries.next();
      }
    }
    entries.backTo(begin);
  }
}
