package org.nfsproxy.server;

import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.server.cache.CacheBounds;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.Holdings;
import org.nfsproxy.server.cache.KeptFiles;
import org.nfsproxy.server.cache.ReadAhead;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport;
import org.nfsproxy.server.cache.Turns;
import org.nfsproxy.server.cache.WarmBounds;
import org.nfsproxy.server.cache.Warming;
import org.nfsproxy.server.cache.disk.DiskBounds;
import org.nfsproxy.server.cache.disk.DiskCache;
import org.nfsproxy.server.cache.disk.UnfitDirectoryException;
import org.nfsproxy.server.configuration.CacheDisk;
import org.nfsproxy.server.configuration.CacheMemory;
import org.nfsproxy.server.configuration.CacheSettings;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.configuration.WarmSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start of a proxy has to do with the cache of what was read. */
final class CacheStart {
  private static final Logger log = LoggerFactory.getLogger(CacheStart.class);

  /** What is around a READ's data in its reply, and more. */
  private static final int REPLY_BYTES = 1024;

  private CacheStart() {}

  /** The cache, where there is one. */
  // What has the same filehandle on another server may be another version of the file there, or an
  // older one of the same name. Of that the configuration's reading warns.
  static @Nullable ReadCache of(
      CacheSettings settings, Limits limits, Backend backend, @Nullable DiskCache disk) {
    if (!settings.enabled() || backend.servers().size() != 1) {
      return null;
    }
    CacheMemory memory = memory(settings);
    String doubt = memory.doubt();
    if (doubt != null) {
      log.warn("cache.memoryBytesMax: {}", doubt);
    }
    long memoryBytesMax = memory.bytesMax();
    log.info("cache: {} bytes of memory for data that were read", memoryBytesMax);
    CacheBounds bounds =
        new CacheBounds(
            memoryBytesMax,
            settings.filesMax(),
            settings.blockBytes(),
            settings.minimumBytes(),
            Math.max(0, limits.recordBytesMax() - REPLY_BYTES),
            TimeUnit.MILLISECONDS.toNanos(settings.settledMillis()),
            settings.settledAgeMillis(),
            TimeUnit.MILLISECONDS.toNanos(settings.waitMillis()));
    return new ReadCache(
        bounds,
        System::nanoTime,
        System::currentTimeMillis,
        disk == null ? List.of() : List.of(disk));
  }

  private static CacheMemory memory(CacheSettings settings) {
    return new CacheMemory(settings.memoryBytesMax(), PlatformDependent.maxDirectMemory());
  }

  /**
   * What is kept on disk; null where nothing is.
   *
   * @throws UnfitDirectoryException if it must not be, or cannot be, in that directory
   */
  static @Nullable DiskCache disk(CacheSettings settings, Backend backend)
      throws UnfitDirectoryException {
    CacheDisk disk = settings.disk();
    if (!settings.enabled() || !disk.isOn() || backend.servers().size() != 1) {
      return null;
    }
    if (disk.bytesMax() / settings.blockBytes() > disk.blocksMax()) {
      log.warn(
          "cache.diskBlocksMax: {} pieces of up to {} bytes do not fill the {} bytes of"
              + " cache.diskBytesMax. Set it to {}, and give Java 250 bytes of heap for each",
          disk.blocksMax(),
          settings.blockBytes(),
          disk.bytesMax(),
          disk.bytesMax() / settings.blockBytes());
    }
    return DiskCache.open(
        Path.of(disk.directory()),
        backend.servers().get(0).toString(),
        new DiskBounds(
            disk.bytesMax(),
            DiskBounds.SLAB_BYTES,
            settings.blockBytes(),
            disk.blocksMax(),
            disk.queueBytesIn(memory(settings).bytesMax()),
            disk.readsMax(),
            disk.threads()));
  }

  /** What goes through it, and is read ahead of. */
  static CachedReads reads(
      CacheSettings settings,
      ReadCache cache,
      ReadsByExport byExport,
      Backend backend,
      Turns turns) {
    ReadOrigin origin = backend.readOrigin().orElse(null);
    int bytesMax = settings.aheadBytesMax();
    if (bytesMax > 0 && origin == null) {
      log.warn("cache.ahead.bytesMax: nothing is read ahead, since this backend cannot");
    }
    ReadAhead ahead =
        bytesMax == 0 || origin == null
            ? null
            : new ReadAhead(cache, origin, turns, bytesMax, settings.aheadBytesInFlightMax());
    return new CachedReads(cache, byExport, ahead);
  }

  /**
   * What reads files before a client asks; null where nothing can, or nobody is named who does.
   *
   * @param cache null if there is none
   * @param kept of which files data are kept
   */
  static @Nullable Warming warming(
      CacheSettings settings,
      @Nullable ReadCache cache,
      @Nullable DiskCache disk,
      KeptFiles kept,
      Backend backend,
      @Nullable Turns turns) {
    ReadOrigin origin = backend.readOrigin().orElse(null);
    WarmSettings warm = settings.warm();
    if (cache == null || turns == null || origin == null || !warm.hasReader()) {
      return null;
    }
    return new Warming(
        new Holdings(cache, disk),
        backend,
        origin,
        warm.reader(),
        kept,
        turns,
        new WarmBounds(Math.min(warm.filesMax(), settings.filesMax()), warm.bytesInFlightMax()),
        System::currentTimeMillis);
  }

  /** Why nothing does, and what to do. */
  static String whyNotWarm(CacheSettings settings, @Nullable ReadCache cache) {
    if (!settings.enabled()) {
      return "there is no cache: set cache.enabled to true";
    }
    return cache == null || settings.warm().hasReader()
        ? "there is no cache, or this backend cannot fill it by itself; the log of the start says"
            + " why"
        : "nobody is named who may read: set cache.warm.uid, cache.warm.gid and cache.warm.gids to"
            + " those of a user whom the origin lets read these files";
  }

  /** What is counted of it; nothing where there is none. */
  static List<Measure> measures(@Nullable ReadCache cache, @Nullable DiskCache disk) {
    return Stream.of(
            cache == null ? List.<Measure>of() : cache.measures(),
            disk == null ? List.<Measure>of() : disk.measures())
        .flatMap(List::stream)
        .toList();
  }
}
