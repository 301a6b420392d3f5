package org.nfsproxy.server;

import io.netty.util.internal.PlatformDependent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.cache.CacheBounds;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport;
import org.nfsproxy.server.cache.ReadsByExport.Row;
import org.nfsproxy.server.configuration.CacheMemory;
import org.nfsproxy.server.configuration.CacheSettings;
import org.nfsproxy.server.configuration.Limits;
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
  static @Nullable ReadCache of(CacheSettings settings, Limits limits, Backend backend) {
    if (!settings.enabled() || backend.servers().size() != 1) {
      return null;
    }
    CacheMemory memory =
        new CacheMemory(settings.memoryBytesMax(), PlatformDependent.maxDirectMemory());
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
    return new ReadCache(bounds, System::nanoTime, System::currentTimeMillis, List.of());
  }

  /** What is counted of it; nothing where there is none. */
  static List<Measure> measures(@Nullable ReadCache cache, Supplier<List<Row>> rows) {
    return cache == null
        ? List.of()
        : Stream.of(cache.measures(), ReadsByExport.measures(rows.get()))
            .flatMap(List::stream)
            .toList();
  }
}
