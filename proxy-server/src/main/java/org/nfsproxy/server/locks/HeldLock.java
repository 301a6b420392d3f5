package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.ShareMode;

/**
 * What one owner may hold, or waits for, in one file; or what it may share of it. For whoever
 * looks.
 *
 * @param share what a SHARE made; null if these are locks. A share has no svid
 * @param svid its process, as the client numbers them
 * @param svidAtOrigin the same, as the origin knows it
 * @param held ranges, first and last byte unsigned, one behind the other
 * @param isExclusive whether the last lock was exclusive
 * @param waiting ranges that it waits for
 * @param sinceMillis when it had the first of them, since 1970
 */
public record HeldLock(
    @Nullable ShareMode share,
    InetAddress client,
    String name,
    int svid,
    int svidAtOrigin,
    Filehandle handle,
    List<HeldRange> held,
    boolean isExclusive,
    List<LockedRange> waiting,
    long sinceMillis) {
  /**
   * Bytes of a file.
   *
   * @param first the first, unsigned
   * @param last the last, unsigned
   */
  public record HeldRange(long first, long last) {}

  static HeldLock of(HeldEntry entry) {
    return new HeldLock(
        entry.share,
        entry.owner.client(),
        entry.owner.name(),
        OwnerRows.svidOf(entry.owner, entry.key.svid()),
        entry.key.svid(),
        entry.key.handle(),
        entry.ranges.all().stream()
            .map(range -> new HeldRange(range.first(), range.last()))
            .toList(),
        entry.isExclusive,
        List.copyOf(entry.waiting),
        entry.sinceMillis);
  }
}
