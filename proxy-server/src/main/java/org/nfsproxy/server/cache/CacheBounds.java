package org.nfsproxy.server.cache;

/**
 * What a cache may take, and what it keeps.
 *
 * @param memoryBytesMax memory for data, outside of Java's heap
 * @param filesMax files of which it is known which version they are
 * @param blockBytes the most bytes that are kept as one piece, and checked as one
 * @param minimumBytes READs that ask for fewer bytes pass as they are
 * @param readBytesMax READs that ask for more do
 * @param settledNanos how long a version must have been known before data of it are kept
 * @param settledAgeMillis or how old it must be, by its ctime and this machine's time of day; 0 for
 *     never
 * @param waitNanos how long a reply may wait for data that are coming, from its call on
 */
public record CacheBounds(
    long memoryBytesMax,
    int filesMax,
    int blockBytes,
    int minimumBytes,
    int readBytesMax,
    long settledNanos,
    long settledAgeMillis,
    long waitNanos) {}
