package org.nfsproxy.backend.coordinated.kernel;

import java.nio.ByteBuffer;
import org.nfsproxy.backend.coordinated.files.FilesException;

/** What getdents64(2) gave, one entry after the other, where the kernel wrote it. */
//   struct linux_dirent64: 0 ino(64)  8 off(64)  16 reclen(16)  18 type(8)  19 name, zero byte
final class Dirents {
  private static final int NAME = 19;

  private final Scratch scratch;
  private final ByteBuffer in;
  private int at = Scratch.LISTING;
  private int end = Scratch.LISTING;

  Dirents(Scratch scratch) {
    this.scratch = scratch;
    this.in = scratch.memory();
  }

  /** Reads on, about so many bytes, and begins with their first entry. False: there is no more. */
  boolean read(int fd, int bytes) throws FilesException {
    long length = Errno.check(Syscall.GETDENTS64.call(fd, scratch.at(Scratch.LISTING), bytes));
    at = Scratch.LISTING;
    end = at + (int) length;
    return length > 0;
  }

  /** Whether this is an entry, and not the end of what was read. */
  boolean isEntry() {
    return at < end;
  }

  void next() {
    at += in.getShort(at + 16);
  }

  /** Where this entry is, to come {@link #backTo back to}. */
  int place() {
    return at;
  }

  void backTo(int place) {
    at = place;
  }

  long fileid() {
    return in.getLong(at);
  }

  /** The filesystem's own place behind this entry. */
  long cookie() {
    return in.getLong(at + 8);
  }

  /** A copy. */
  byte[] name() {
    int nameEnd = at + NAME;
    while (in.get(nameEnd) != 0) {
      nameEnd++;
    }
    return scratch.bytes(at + NAME, nameEnd - at - NAME);
  }

  /** The address of the name and the zero byte behind it. */
  long nameAddress() {
    return scratch.at(at + NAME);
  }

  /** Whether it is the directory itself, or the one above. */
  boolean isDots() {
    int name = at + NAME;
    return in.get(name) == '.' && (in.get(name + 1) == 0 || isParent());
  }

  boolean isParent() {
    int name = at + NAME;
    return in.get(name) == '.' && in.get(name + 1) == '.' && in.get(name + 2) == 0;
  }
}
