package org.nfsproxy.backend.coordinated.memory;

import java.util.Optional;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry;
import org.nfsproxy.backend.coordinated.files.DirectoryEntry.Sink;
import org.nfsproxy.backend.coordinated.files.FoundObject;

/** Lists a directory from a cookie on: itself, the one above, its entries. */
// The object of an entry is left out where LOOKUP would lead into another filesystem, and for ".."
// of a root: a client must see such a crossing happen, not meet it inside a listing.
final class MemoryListing {
  private static final byte[] SELF = {'.'};
  private static final byte[] PARENT = {'.', '.'};

  private MemoryListing() {}

  /** Returns whether all there was has been taken. */
  static boolean offer(
      MemoryDirectory directory,
      MemoryDirectory above,
      long cookie,
      boolean withObjects,
      Sink entries) {
    if (cookie < MemoryDirectory.COOKIE_OF_SELF
        && !entries.offer(
            entry(directory, SELF, MemoryDirectory.COOKIE_OF_SELF, directory, withObjects))) {
      return false;
    }
    if (cookie < MemoryDirectory.COOKIE_OF_PARENT
        && !entries.offer(
            entry(directory, PARENT, MemoryDirectory.COOKIE_OF_PARENT, above, withObjects))) {
      return false;
    }
    for (MemoryDirectory.Entry entry : directory.behind(cookie)) {
      if (!entries.offer(
          entry(directory, entry.name(), entry.cookie(), entry.object(), withObjects))) {
        return false;
      }
    }
    return true;
  }

  private static DirectoryEntry entry(
      MemoryDirectory in, byte[] name, long cookie, MemoryObject object, boolean withObject) {
    boolean crosses =
        object.filesystem != in.filesystem
            || object instanceof MemoryDirectory directory && directory.mounted != null;
    Optional<FoundObject> found =
        withObject && !crosses ? Optional.of(object.found()) : Optional.empty();
    return new DirectoryEntry(object.fileid, name, cookie, found);
  }
}
