package org.nfsproxy.server.cache.fleet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/**
 * Which instance fetches what from the origin at the moment, for all. Bounded, and each for a time.
 * Used on one event loop.
 */
// Whoever was told to fetch may die, be refused by the origin, or find another version there. So
// what is noted here is a hope: others wait for it as long as it lasts, and then ask themselves.
final class Fetching {
  /** Of one file: 8 MiB each, or 16 clients with 16 READs under way each. */
  static final int PER_FILE_MAX = 256;

  private record Fetch(Object member, FileVersion version, long from, long to, long untilNanos) {
    boolean has(long offset) {
      return from <= offset && offset < to;
    }

    boolean meets(long first, long behind) {
      return from < behind && first < to;
    }

    Fetch between(long first, long behind) {
      return new Fetch(member, version, first, behind, untilNanos);
    }
  }

  private final int perMemberMax;
  private final long boundNanos;
  private final Map<FileKey, List<Fetch>> fetches = new HashMap<>();
  private final Map<Object, Integer> counts = new HashMap<>();

  /**
   * Nobody fetches anything.
   *
   * @param perMemberMax ranges of one instance
   * @param boundNanos how long one is hoped for
   */
  Fetching(int perMemberMax, long boundNanos) {
    this.perMemberMax = perMemberMax;
    this.boundNanos = boundNanos;
  }

  /**
   * Notes that an instance fetches a range.
   *
   * @return false if it fetches too much already
   */
  boolean begin(
      Object member, FileKey key, FileVersion version, long from, long to, long nowNanos) {
    List<Fetch> ofFile = fetches.getOrDefault(key, List.of());
    if (ofFile.size() >= PER_FILE_MAX || counts.getOrDefault(member, 0) >= perMemberMax) {
      return false;
    }
    fetches
        .computeIfAbsent(key, first -> new ArrayList<>(1))
        .add(new Fetch(member, version, from, to, nowNanos + boundNanos));
    counts.merge(member, 1, Integer::sum);
    return true;
  }

  /** The newest version that somebody fetches of a file; null if nobody does. */
  @Nullable FileVersion version(FileKey key) {
    FileVersion newest = null;
    for (Fetch each : fetches.getOrDefault(key, List.of())) {
      if (newest == null || newest.seemsOlderThan(each.version)) {
        newest = each.version;
      }
    }
    return newest;
  }

  /** Up to where a version is fetched by those who fetch a byte of it; the byte if nobody does. */
  long until(FileKey key, FileVersion version, long offset) {
    long until = offset;
    for (Fetch each : fetches.getOrDefault(key, List.of())) {
      if (each.has(offset) && each.version.equals(version)) {
        until = Math.max(until, each.to);
      }
    }
    return until;
  }

  /** Says that bytes of a version are there: nobody fetches them any more, nor another version. */
  void arrived(FileKey key, FileVersion version, long from, long to) {
    List<Fetch> ofFile = fetches.get(key);
    if (ofFile == null) {
      return;
    }
    for (int i = ofFile.size() - 1; i >= 0; i--) {
      Fetch fetch = ofFile.get(i);
      if (fetch.meets(from, to)) {
        Fetch rest = fetch.version.equals(version) ? rest(fetch, from, to) : null;
        if (rest == null) {
          ofFile.remove(i);
          over(fetch);
        } else {
          ofFile.set(i, rest);
        }
      }
    }
    tidy(key, ofFile);
  }

  private static @Nullable Fetch rest(Fetch fetch, long from, long to) {
    if (from <= fetch.from) {
      return to >= fetch.to ? null : fetch.between(to, fetch.to);
    }
    return to >= fetch.to ? fetch.between(fetch.from, from) : fetch;
  }

  /** Says that an instance brings nothing of a range any more. */
  void givenUp(Object member, FileKey key, long from, long to) {
    remove(key, fetch -> fetch.member == member && fetch.meets(from, to));
  }

  /** Ends all hopes in an instance. Returns the files that are concerned. */
  Set<FileKey> left(Object member) {
    return removeAll(fetch -> fetch.member == member);
  }

  /** Ends those that have lasted too long. Returns the files that are concerned. */
  Set<FileKey> expire(long nowNanos) {
    return removeAll(fetch -> nowNanos - fetch.untilNanos >= 0);
  }

  private Set<FileKey> removeAll(Predicate<Fetch> which) {
    Set<FileKey> concerned = new HashSet<>();
    for (FileKey key : List.copyOf(fetches.keySet())) {
      if (remove(key, which)) {
        concerned.add(key);
      }
    }
    return concerned;
  }

  private boolean remove(FileKey key, Predicate<Fetch> which) {
    List<Fetch> ofFile = fetches.get(key);
    boolean removed =
        ofFile != null
            && ofFile.removeIf(
                fetch -> {
                  boolean isOne = which.test(fetch);
                  if (isOne) {
                    over(fetch);
                  }
                  return isOne;
                });
    if (removed) {
      tidy(key, ofFile);
    }
    return removed;
  }

  private void over(Fetch fetch) {
    counts.computeIfPresent(fetch.member, (same, count) -> count == 1 ? null : count - 1);
  }

  private void tidy(FileKey key, @Nullable List<Fetch> ofFile) {
    if (ofFile != null && ofFile.isEmpty()) {
      fetches.remove(key);
    }
  }

  /** Ranges, for whoever watches. */
  int size() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }
}
