package org.nfsproxy.backend.coordinated.kernel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import org.nfsproxy.backend.coordinated.files.Attributes;
import org.nfsproxy.backend.coordinated.files.Files.ReadEnd;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.Nfs3Status;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.StableHow;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.WccData;

/** READ, WRITE, COMMIT. */
// Bytes go between the file and the call's own buffer, outside of Java's heap, without a stop. Each
// call asks the kernel whether the caller may: the descriptor is shared, and was opened as root.
final class ContentWork {
  private final Members members;
  private volatile long verifier = ThreadLocalRandom.current().nextLong();

  ContentWork(Members members) {
    this.members = members;
  }

  /** Another one from now on: bytes that were not durable are, or may be, lost. */
  void lost() {
    verifier = ThreadLocalRandom.current().nextLong();
  }

  long verifier() {
    return verifier;
  }

  ReadEnd read(UserIds caller, ObjectHandle handle, long offset, int count, ByteBuf into)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.openRegular(thread, handle)) {
      int fd = file.readFd(thread.scratch);
      into.ensureWritable(count);
      boolean isDirect = into.hasMemoryAddress();
      ByteBuf target = isDirect ? into : Unpooled.directBuffer(Math.max(count, 1));
      try {
        int asked = offset < 0 ? 0 : count;
        long length =
            asAllowed(thread, caller, file, Flags.R_OK, () -> pread(fd, target, asked, offset));
        target.writerIndex(target.writerIndex() + (int) length);
        if (!isDirect) {
          into.writeBytes(target);
        }
        Attributes attributes = members.attributes(thread, file);
        return new ReadEnd(offset < 0 || offset + length >= attributes.size(), attributes);
      } finally {
        if (!isDirect) {
          target.release();
        }
      }
    }
  }

  private static long pread(int fd, ByteBuf target, int count, long offset) {
    long address = target.memoryAddress() + target.writerIndex();
    long done = 0;
    while (done < count) {
      long length = Syscall.PREAD64.call(fd, address + done, count - done, offset + done);
      if (length <= 0) {
        return done > 0 ? done : length;
      }
      done += length;
    }
    return done;
  }

  /**
   * Does something as a caller whom the kernel allows it, or who owns the file: he reads and writes
   * what is his, whatever the mode says. A program may be run, so read, without being readable.
   */
  private long asAllowed(
      FileThread thread, UserIds caller, OpenFile file, int asked, LongSupplier transfer)
      throws FilesException {
    long allowed;
    try (ThreadIdentity identity = thread.as(caller)) {
      allowed = Members.permission(thread, file.fd(), asked);
      if (allowed == -Errno.EACCES && asked == Flags.R_OK) {
        allowed = Members.permission(thread, file.fd(), Flags.X_OK);
      }
      if (allowed == 0) {
        return Errno.check(transfer.getAsLong());
      }
    }
    needOwner(thread, caller, file, allowed);
    try (ThreadIdentity identity = thread.as(caller)) {
      return Errno.check(transfer.getAsLong());
    }
  }

  private void needOwner(FileThread thread, UserIds caller, OpenFile file, long refused)
      throws FilesException {
    if (refused != -Errno.EACCES || members.stat(thread, file).uid() != caller.uid()) {
      throw Errno.failure(refused);
    }
  }

  StableHow write(
      UserIds caller,
      ObjectHandle handle,
      long offset,
      ByteBuf bytes,
      StableHow stable,
      WccData wcc)
      throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.openRegular(thread, handle)) {
      try {
        int length = bytes.readableBytes();
        if (length > 0 && (offset < 0 || offset > Long.MAX_VALUE - length)) {
          throw new FilesException(Nfs3Status.NFS3ERR_FBIG);
        }
        write(thread, caller, file, offset, bytes);
        makeDurable(thread, file, stable);
      } finally {
        members.after(thread, file, wcc);
      }
    }
    return stable;
  }

  private void write(FileThread thread, UserIds caller, OpenFile file, long offset, ByteBuf bytes)
      throws FilesException {
    int fd = file.writeFd(thread.scratch);
    boolean isDirect = bytes.hasMemoryAddress();
    ByteBuf source = isDirect ? bytes : Unpooled.directBuffer(bytes.readableBytes());
    try {
      if (!isDirect) {
        source.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
      }
      file.wroteUnsynced();
      asAllowed(thread, caller, file, Flags.W_OK, () -> pwrite(fd, source, offset));
    } finally {
      if (!isDirect) {
        source.release();
      }
    }
  }

  // As the caller: a write by another than root takes the set-id bits, and counts for a quota.
  private static long pwrite(int fd, ByteBuf source, long offset) {
    long address = source.memoryAddress() + source.readerIndex();
    int length = source.readableBytes();
    long done = 0;
    while (done < length) {
      long written = Syscall.PWRITE64.call(fd, address + done, length - done, offset + done);
      if (written < 0) {
        return written;
      }
      done += written;
    }
    return done;
  }

  private void makeDurable(FileThread thread, OpenFile file, StableHow stable)
      throws FilesException {
    if (stable != StableHow.UNSTABLE) {
      checkSync(file.sync(thread.scratch, stable == StableHow.FILE_SYNC));
    }
  }

  // Linux tells once that pages could not be written, and then takes them for clean: whoever wrote
  // them must hear that they are lost.
  private void checkSync(long returned) throws FilesException {
    if (returned < 0) {
      lost();
      throw Errno.failure(returned);
    }
  }

  void commit(UserIds caller, ObjectHandle handle, WccData wcc) throws FilesException {
    FileThread thread = FileThread.current();
    try (OpenFile file = members.openRegular(thread, handle)) {
      try {
        asAllowed(thread, caller, file, Flags.W_OK, () -> 0);
        checkSync(file.sync(thread.scratch, true));
      } finally {
        members.after(thread, file, wcc);
      }
    }
  }
}
