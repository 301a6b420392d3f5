package org.nfsproxy.server.cache;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;

/**
 * The extents that came last, up to what they take with all that is beside them. For all threads.
 */
// Admission may turn an extent down that has just come, as one that is read less often than what is
// here: but somebody waits for it. Here it stays until as much has come behind it.
final class RecentExtents {
  private final long bytesMax;
  private final ArrayDeque<Extent> extents = new ArrayDeque<>();
  private long bytes;

  RecentExtents(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Has a place for an extent, which was counted for it. */
  synchronized void add(Extent extent) {
    extents.add(extent);
    bytes += extent.takesBytes();
    while (bytes > bytesMax) {
      leaveFirst();
    }
  }

  /** Lets those go that came first, until there is enough room or none is left. */
  synchronized void makeRoom(BooleanSupplier isEnough) {
    while (!extents.isEmpty() && !isEnough.getAsBoolean()) {
      leaveFirst();
    }
  }

  synchronized void clear() {
    while (!extents.isEmpty()) {
      leaveFirst();
    }
  }

  private void leaveFirst() {
    Extent first = extents.remove();
    bytes -= first.takesBytes();
    first.isOld();
  }
}
