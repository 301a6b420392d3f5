package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;

import java.util.List;
import org.nfsproxy.configuration.Key;

/** The keys of {@code cache}. */
final class CacheKeys {
  static final Key<Boolean> ENABLED =
      bool(
          "cache.enabled",
          false,
          "Whether data that were read are kept, so that the origin need not send them again:"
              + " docs/guide/cache.md. It is asked for one byte each time, and what it says of"
              + " permission and version holds.",
          "It is for lines that are long or cost money. On a short one it saves the origin's CPU"
              + " and costs memory here.");

  static final Key<Long> MEMORY_BYTES_MAX =
      int64(
          "cache.memoryBytesMax",
          256L << 20,
          16L << 20,
          1L << 44,
          "Memory for data, outside of Java's heap. Java's direct memory must have room for it beside"
              + " 1 GiB for all else (-XX:MaxDirectMemorySize); what is left there, or a quarter, is"
              + " used instead if that is less, with a warning at the start.",
          "A quarter of the direct memory that Java grants itself on a machine with 4 GiB. What it"
              + " should be is how much is read again and again.");

  static final Key<Integer> FILES_MAX =
      int32(
          "cache.filesMax",
          65_536,
          16,
          1 << 24,
          "Files of which it is known since when they are the version that they are. Of another one"
              + " nothing is here.",
          "Some 400 bytes of Java's heap for each, 25 MiB.");

  static final Key<Integer> BLOCK_BYTES =
      int32(
          "cache.blockBytes",
          128 << 10,
          4 << 10,
          1 << 20,
          "The most bytes that are kept as one piece: what a READ has read is cut at multiples of"
              + " it. A piece is checked as a whole whenever a part of it is sent.",
          "What a Linux client reads ahead (read_ahead_kb). Larger ones save little, and make small"
              + " reads dearer.");

  static final Key<Integer> MINIMUM_BYTES =
      int32(
          "cache.minimumBytes",
          4096,
          512,
          1 << 20,
          "READs that ask for fewer bytes pass as they are, and are not kept.",
          "A page, the least that most clients ask for. The reply to a READ of one byte is some 200"
              + " bytes.");

  static final Key<Integer> SETTLED_MILLIS =
      int32(
          "cache.settledMillis",
          2000,
          0,
          60_000,
          "How long a file's version must have been known, by this machine's clock, before data of it"
              + " are kept. Below 2000, data may be kept that are not of the version they seem to be"
              + " of, and clients be sent stale ones: only for a test.",
          "The coarsest clock of a filesystem is FAT's, 2 seconds. Two changes within one tick have"
              + " one version.");

  static final Key<Integer> SETTLED_AGE_MILLIS =
      int32(
          "cache.settledAgeMillis",
          3_600_000,
          0,
          Integer.MAX_VALUE,
          "Data of a version whose ctime is older than that by this machine's time of day are kept"
              + " at once. The origin's clock must not be behind by as much: a version that proves"
              + " that it is turns this off until the proxy starts again, with a warning. 0 for"
              + " never.",
          "Clocks that NTP does not set are minutes wrong, not an hour.");

  static final Key<Integer> WAIT_MILLIS =
      int32(
          "cache.waitMillis",
          10_000,
          0,
          30_000,
          "How long a READ may wait for data that another one is fetching, before it is answered"
              + " with a byte. 0: each fetches for itself.",
          "Longer than what clients have in flight takes on the line, or each fetches for itself just"
              + " when the line is full: 128 MiB take 5 s at 200 Mbit/s. Linux repeats a call after"
              + " 60.");

  static final Key<Integer> AHEAD_BYTES_MAX =
      int32(
          "cache.ahead.bytesMax",
          0,
          0,
          64 << 20,
          "How far ahead of a client that reads a file one part behind the other the proxy reads on,"
              + " with that client's credential. 0: not at all. Otherwise at least `cache.blockBytes`"
              + " is of use.",
          "A hit takes a round trip all the same, and clients read ahead themselves: what it saves is"
              + " the time that a READ's data take on the line.");

  static final Key<Integer> AHEAD_BYTES_IN_FLIGHT_MAX =
      int32(
          "cache.ahead.bytesInFlightMax",
          8 << 20,
          64 << 10,
          64 << 20,
          "Bytes that it has asked the origin for and not got, for all clients together.",
          "64 READs of 128 KiB, as many as there may be at once.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          MEMORY_BYTES_MAX,
          FILES_MAX,
          BLOCK_BYTES,
          MINIMUM_BYTES,
          SETTLED_MILLIS,
          SETTLED_AGE_MILLIS,
          WAIT_MILLIS,
          AHEAD_BYTES_MAX,
          AHEAD_BYTES_IN_FLIGHT_MAX);

  private CacheKeys() {}
}
