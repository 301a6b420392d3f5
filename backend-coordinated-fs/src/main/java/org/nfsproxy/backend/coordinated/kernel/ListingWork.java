package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.Caller;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Found;
import org.nfsproxy.backend.coordinated.files.Names;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** READDIR and READDIRPLUS. */
// A cookie is the filesystem's own place in the directory (d_off), as the kernel's server has it:
// it
// holds whatever is added or removed, on any instance, and after a restart. So there is nothing to
// verify, and the verifier is 0 everywhere.
//
//   struct linux_dirent64: 0 ino(64)  8 off(64)  16 reclen(16)  18 type(8)  19 name, zero byte
final class ListingWork {
  private static final long VERIFIER = 0;
  private static final int SEEK_SET = 0;
  private static final int NAME = 19;

  /** Entries looked up at once: acting as the caller is had once for all of them. */
  private static final int BATCH = 32;

  private final Members members;

  ListingWork(Members members) {
    this.members = members;
  }

  DirectoryEntry.Listing list(
      Caller caller,
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
  private static int open(FileThread thread, Caller caller, OpenFile directory)
      throws FilesException {
    long opened;
    try (Identity identity = thread.as(caller)) {
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
      Caller caller,
      OpenFile directory,
      int fd,
      boolean withObjects,
      DirectoryEntry.Sink sink)
      throws FilesException {
    while (true) {
      List<DirectoryEntry> read = read(thread.scratch, fd);
      if (read.isEmpty()) {
        return true;
      }
      for (int from = 0; from < read.size(); from += BATCH) {
        List<DirectoryEntry> batch = read.subList(from, Math.min(from + BATCH, read.size()));
        for (DirectoryEntry entry :
            withObjects ? lookUp(thread, caller, directory, batch) : batch) {
          if (!sink.offer(entry)) {
            return false;
          }
        }
      }
    }
  }

  private static List<DirectoryEntry> read(Scratch scratch, int fd) throws FilesException {
    long length =
        Errno.check(
            Syscall.GETDENTS64.call(fd, scratch.at(Scratch.LISTING), Scratch.LISTING_BYTES));
    ByteBuffer in = scratch.memory();
    List<DirectoryEntry> entries = new ArrayList<>();
    int end = Scratch.LISTING + (int) length;
    for (int at = Scratch.LISTING; at < end; at += in.getShort(at + 16)) {
      int nameEnd = at + NAME;
      while (in.get(nameEnd) != 0) {
        nameEnd++;
      }
      byte[] name = scratch.bytes(at + NAME, nameEnd - at - NAME);
      entries.add(new DirectoryEntry(in.getLong(at), name, in.getLong(at + 8), Optional.empty()));
    }
    return entries;
  }

  private List<DirectoryEntry> lookUp(
      FileThread thread, Caller caller, OpenFile directory, List<DirectoryEntry> entries)
      throws FilesException {
    List<DirectoryEntry> looked = new ArrayList<>(entries.size());
    try (Identity identity = thread.as(caller)) {
      for (DirectoryEntry entry : entries) {
        looked.add(
            new DirectoryEntry(
                entry.fileid(),
                entry.name(),
                entry.cookie(),
                object(thread, directory, entry.name())));
      }
    }
    return looked;
  }

  /** Nothing for what is gone, may not be looked up, is above a root, or has a mount on it. */
  private Optional<Found> object(FileThread thread, OpenFile directory, byte[] name) {
    Member member = directory.member();
    if (Names.isParent(name) && member.isRoot(directory.handle())) {
      return Optional.empty();
    }
    long fd = NameWork.openPlace(thread.scratch, directory.fd(), name);
    if (fd < 0) {
      return Optional.empty();
    }
    try {
      ObjectHandle handle = KernelHandles.of(thread.scratch, member.id(), (int) fd);
      Stat stat = Stat.of(thread.scratch, (int) fd);
      return members.mountedAt(handle).isPresent()
          ? Optional.empty()
          : Optional.of(new Found(handle, member.attributes(handle, stat)));
    } catch (FilesException gone) {
      return Optional.empty();
    } finally {
      Syscall.CLOSE.call(fd);
    }
  }
}
