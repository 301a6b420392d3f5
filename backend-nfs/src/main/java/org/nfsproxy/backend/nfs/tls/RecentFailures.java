package org.nfsproxy.backend.nfs.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What attempts have just failed with, by the address that they were made at. For any thread.
 *
 * @param <A> an address
 */
// By address, since a name may have several: where the first has no TLS that holds, the second is
// tried while the first rests.
final class RecentFailures<A> {
  /** More than a name has; beyond it nothing rests, which costs attempts and nothing else. */
  static final int ADDRESSES_MAX = 64;

  private final long restNanos;
  private final Map<A, Failed> failures = new ConcurrentHashMap<>();

  private record Failed(OriginTlsException why, long atNanos) {}

  RecentFailures(long restNanos) {
    this.restNanos = restNanos;
  }

  void failed(A address, OriginTlsException why, long nowNanos) {
    if (failures.size() >= ADDRESSES_MAX) {
      failures.values().removeIf(each -> nowNanos - each.atNanos >= restNanos);
    }
    if (failures.size() < ADDRESSES_MAX || failures.containsKey(address)) {
      failures.put(address, new Failed(why, nowNanos));
    }
  }

  void well(A address) {
    failures.remove(address);
  }

  /** What was met there a moment ago; null if it may be tried. */
  @Nullable OriginTlsException resting(A address, long nowNanos) {
    Failed last = failures.get(address);
    return last != null && nowNanos - last.atNanos < restNanos ? last.why : null;
  }
}
