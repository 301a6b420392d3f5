package org.nfsproxy.server.configuration;

import org.nfsproxy.configuration.Section;

/**
 * The cache of what was read.
 *
 * @param enabled whether there is one
 * @param memoryBytesMax memory for data
 * @param filesMax files of which the version is known
 * @param blockBytes the most bytes in one piece
 * @param minimumBytes what a READ must ask for at least
 * @param settledMillis how long a version must have been known
 * @param settledAgeMillis or how old it must be; 0 for never
 * @param waitMillis how long a reply may wait for data that are coming
 * @param aheadBytesMax how far ahead of a client is read; 0 for not at all
 * @param aheadBytesInFlightMax bytes that are asked for so, and have not come
 * @param warm what is read before a client asks
 * @param disk what is kept on disk
 * @param neighbours what instances serve each other
 */
public record CacheSettings(
    boolean enabled,
    long memoryBytesMax,
    int filesMax,
    int blockBytes,
    int minimumBytes,
    int settledMillis,
    int settledAgeMillis,
    int waitMillis,
    int aheadBytesMax,
    int aheadBytesInFlightMax,
    WarmSettings warm,
    CacheDisk disk,
    NeighbourSettings neighbours) {
  static CacheSettings read(Section section, Cluster cluster) {
    Section ahead = section.section("ahead");
    section.refuseFormer("without", "`cache` \"off\" in a rule of exports.rules for each path");
    return new CacheSettings(
        CacheKeys.ENABLED.in(section),
        CacheKeys.MEMORY_BYTES_MAX.in(section),
        CacheKeys.FILES_MAX.in(section),
        CacheKeys.BLOCK_BYTES.in(section),
        CacheKeys.MINIMUM_BYTES.in(section),
        CacheKeys.SETTLED_MILLIS.in(section),
        CacheKeys.SETTLED_AGE_MILLIS.in(section),
        CacheKeys.WAIT_MILLIS.in(section),
        CacheKeys.AHEAD_BYTES_MAX.in(ahead),
        CacheKeys.AHEAD_BYTES_IN_FLIGHT_MAX.in(ahead),
        WarmSettings.read(section.section("warm")),
        CacheDisk.read(section),
        NeighbourSettings.read(section.section("neighbours"), cluster));
  }
}
