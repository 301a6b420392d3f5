package org.nfsproxy.backend.coordinated.kernel;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;

/** The objects that are kept open, by handle: a bounded number, and not for long. */
// An open file costs more than its descriptors: one that was removed keeps its blocks, and one that
// is open for writing cannot be executed on this machine. So what nobody used for a moment is
// closed. One that is in use is never closed: it may then be one more than the bound for each
// thread.
final class OpenFiles {
  private final int most;
  private final Runnable whenLost;
  private final Map<ObjectHandle, OpenFile> byHandle = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * None yet.
   *
   * @param most how many are kept
   * @param whenLost called if bytes that were written could not be made durable
   */
  OpenFiles(int most, Runnable whenLost) {
    this.most = most;
    this.whenLost = whenLost;
  }

  /** The object of a handle, to be closed by the caller. The calling thread must be root. */
  OpenFile open(Scratch scratch, Member member, ObjectHandle handle) throws FilesException {
    synchronized (this) {
      OpenFile known = byHandle.get(handle);
      if (known != null) {
        known.users++;
        return known;
      }
    }
    return keep(member, handle, KernelHandles.open(scratch, member.mountFd(), handle));
  }

  /** Takes a descriptor that was opened as a place, and closes it if the object is open already. */
  OpenFile keep(Member member, ObjectHandle handle, int fd) {
    OpenFile opened = new OpenFile(this, member, handle, fd);
    List<OpenFile> tooMany;
    synchronized (this) {
      OpenFile known = byHandle.putIfAbsent(handle, opened);
      if (known != null) {
        known.users++;
        opened = known;
      }
      tooMany = takeUnused(byHandle.size() - most, Long.MAX_VALUE);
    }
    if (opened.fd() != fd) {
      Syscall.CLOSE.call(fd);
    }
    tooMany.forEach(this::end);
    return opened;
  }

  void release(OpenFile file) {
    boolean isLast;
    synchronized (this) {
      file.users--;
      file.usedNanos = System.nanoTime();
      isLast = file.isForgotten && file.users == 0;
    }
    if (isLast) {
      end(file);
    }
  }

  /** Lets go of an object that is gone, so that its blocks can be freed. */
  void forget(ObjectHandle handle) {
    OpenFile gone;
    synchronized (this) {
      gone = byHandle.remove(handle);
      if (gone == null) {
        return;
      }
      gone.isForgotten = true;
      if (gone.users > 0) {
        return;
      }
    }
    end(gone);
  }

  /** Closes what nobody used for some time. */
  void closeUnused(long nanos) {
    List<OpenFile> unused;
    synchronized (this) {
      unused = takeUnused(Integer.MAX_VALUE, System.nanoTime() - nanos);
    }
    unused.forEach(this::end);
  }

  /** Up to so many of those used least recently, and before the time given. */
  private List<OpenFile> takeUnused(int count, long beforeNanos) {
    List<OpenFile> taken = new ArrayList<>();
    Iterator<OpenFile> eldestFirst = byHandle.values().iterator();
    while (taken.size() < count && eldestFirst.hasNext()) {
      OpenFile file = eldestFirst.next();
      if (beforeNanos != Long.MAX_VALUE && file.usedNanos - beforeNanos > 0) {
        break;
      }
      if (file.users == 0) {
        file.isForgotten = true;
        taken.add(file);
        eldestFirst.remove();
      }
    }
    return taken;
  }

  // Bytes that a client was told are not durable yet may fail to be written later, and only an open
  // descriptor is sure to hear of it. So they are made durable first.
  private void end(OpenFile file) {
    if (file.isUnsynced()) {
      try {
        Errno.check(file.sync(FileThread.current().scratch, false));
      } catch (FilesException lost) {
        whenLost.run();
      }
    }
    file.closeDescriptors();
  }

  synchronized int size() {
    return byHandle.size();
  }
}
