package org.nfsproxy.server.cache.fleet;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.FileKey;

/**
 * Which instance a stretch of a file is at home at, by rendezvous hashing: of all instances the one
 * for which a hash of it and the stretch is the highest. Immutable.
 */
// Whoever knows the same instances says the same, with nothing to be agreed on. When one leaves,
// its stretches alone get another home, each a different one of those that are left.
final class Homes {
  /** Of 8 MiB: a large file is served by all, a READ by one. */
  static final int STRETCH_BITS = 23;

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final List<String> instances;
  private final long[] seeds;

  /** Among instances, by their names. */
  Homes(Collection<String> instances) {
    this.instances = instances.stream().distinct().sorted().toList();
    this.seeds =
        this.instances.stream()
            .mapToLong(name -> mixed(fnv(FNV_BASIS, name.getBytes(StandardCharsets.UTF_8))))
            .toArray();
  }

  /** All of them, in order. */
  List<String> instances() {
    return instances;
  }

  /** The home of a byte of a file; null if there are no instances. */
  @Nullable String of(FileKey key, long offset) {
    long hash = fnv(FNV_BASIS + key.nfsVersion(), key.handle().bytes());
    long place = mixed(hash ^ mixed(offset >>> STRETCH_BITS));
    String home = null;
    long highest = Long.MIN_VALUE;
    for (int i = 0; i < seeds.length; i++) {
      long score = mixed(seeds[i] ^ place);
      if (home == null || score > highest) {
        home = instances.get(i);
        highest = score;
      }
    }
    return home;
  }

  private static long fnv(long basis, byte[] bytes) {
    long hash = basis;
    for (byte each : bytes) {
      hash = (hash ^ (each & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  // The last step of MurmurHash3: each bit of what goes in changes half of what comes out.
  private static long mixed(long value) {
    long hash = value;
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
