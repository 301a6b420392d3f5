package org.nfsproxy.server;

import io.netty.util.internal.PlatformDependent;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Backend;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.backend.ReadOrigin;
import org.nfsproxy.server.admin.Page;
import org.nfsproxy.server.cache.CacheBounds;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.KeptPaths;
import org.nfsproxy.server.cache.ReadAhead;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.Turns;
import org.nfsproxy.server.cache.WarmBounds;
import org.nfsproxy.server.cache.Warming;
import org.nfsproxy.server.configuration.CacheSettings;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.configuration.WarmSettings;
import org.nfsproxy.server.policy.ExportPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the start of a proxy has to do with the cache of what was read. */
final class CacheStart {
  private static final Logger log = LoggerFactory.getLogger(CacheStart.class);

  private static final int OK = 200;

  /** What is around a READ's data in its reply, and more. */
  private static final int REPLY_BYTES = 1024;

  /** Direct memory for calls, replies and TLS, of which a quarter is `recordMemoryBytesMax`. */
  private static final long OTHERS_BYTES = 1L << 30;

  private CacheStart() {}

  /** The cache, where there is one. */
  // What has the same filehandle on another server may be another version of the file there, or an
  // older one of the same name.
  static @Nullable ReadCache of(CacheSettings settings, Limits limits, Backend backend) {
    if (!settings.enabled()) {
      return null;
    }
    if (backend.servers().size() != 1) {
      log.warn(
          "cache.enabled: there is no cache, since it needs one origin and there are {}:"
              + " backend.origin.equivalents may hold other versions of a file",
          backend.servers().size());
      return null;
    }
    if (settings.settledMillis() < 2000) {
      log.warn(
          "cache.settledMillis: {} is for tests, clients may be sent stale data: set 2000 or more",
          settings.settledMillis());
    }
    long memoryBytesMax = memory(settings.memoryBytesMax(), PlatformDependent.maxDirectMemory());
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

  private static long memory(long configured, long directBytesMax) {
    // Pieces are rounded up to what the allocator gives: to a quarter more.
    long free = Math.max(directBytesMax / 4, (directBytesMax - OTHERS_BYTES) / 5 * 4);
    long bytesMax = Math.min(configured, free);
    if (bytesMax < configured) {
      log.warn(
          "cache.memoryBytesMax: {} is more than the {} bytes of direct memory that Java may take"
              + " leave beside all else, so it is {} for now. Lower it, or start Java with"
              + " -XX:MaxDirectMemorySize={}",
          configured,
          directBytesMax,
          bytesMax,
          configured / 4 * 5 + OTHERS_BYTES);
    }
    return bytesMax;
  }

  /** The exports that it is for, by paths as exports have them. */
  static KeptPaths paths(CacheSettings settings) {
    return new KeptPaths(
        settings.without().stream().map(path -> ExportPath.of(path).toString()).toList());
  }

  /** What goes through it, and is read ahead of. */
  static CachedReads reads(CacheSettings settings, ReadCache cache, Backend backend, Turns turns) {
    ReadOrigin origin = backend.readOrigin().orElse(null);
    int bytesMax = settings.aheadBytesMax();
    if (bytesMax > 0 && origin == null) {
      log.warn("cache.ahead.bytesMax: nothing is read ahead, since this backend cannot");
    }
    ReadAhead ahead =
        bytesMax == 0 || origin == null
            ? null
            : new ReadAhead(cache, origin, turns, bytesMax, settings.aheadBytesInFlightMax());
    return new CachedReads(cache, paths(settings), ahead);
  }

  /**
   * What reads files before a client asks; null where nothing can, or nobody is named who does.
   *
   * @param cache null if there is none
   */
  static @Nullable Warming warming(
      CacheSettings settings, @Nullable ReadCache cache, Backend backend, @Nullable Turns turns) {
    ReadOrigin origin = backend.readOrigin().orElse(null);
    WarmSettings warm = settings.warm();
    if (cache == null || turns == null || origin == null || !warm.hasReader()) {
      return null;
    }
    return new Warming(
        cache,
        backend,
        origin,
        warm.reader(),
        paths(settings),
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
  static List<Measure> measures(@Nullable ReadCache cache) {
    return cache == null ? List.of() : cache.measures();
  }

  /** The same as a page. */
  static Page page(@Nullable ReadCache cache) {
    return () -> new Page.Answer(OK, json(cache));
  }

  private static JsonObject json(@Nullable ReadCache cache) {
    JsonObject json = new JsonObject().put("enabled", cache != null);
    for (Measure measure : measures(cache)) {
      double value = measure.value();
      boolean isWhole = value == Math.rint(value) && !measure.name().endsWith("seconds_total");
      json.put(measure.name(), isWhole ? (Object) (long) value : (Object) value);
    }
    return json;
  }
}
