package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a cache has, for other instances. For all threads. */
final class MemoryShelf implements Shelf {
  private final ReadCache cache;

  MemoryShelf(ReadCache cache) {
    this.cache = cache;
  }

  @Override
  public @Nullable FileVersion version(FileKey key) {
    CachedFile known = cache.find(key);
    return known == null ? null : known.version;
  }

  private @Nullable CachedFile of(FileKey key, FileVersion version) {
    CachedFile known = cache.find(key);
    return known != null && known.version.equals(version) ? known : null;
  }

  @Override
  public long until(FileKey key, FileVersion version, long from, long to) {
    CachedFile file = of(key, version);
    long at = from;
    while (file != null && at < to) {
      Extent here = file.holding(at);
      if (here == null) {
        break;
      }
      at = here.end();
    }
    return Math.min(at, to);
  }

  @Override
  public boolean awaits(Source.Wanted wanted, Runnable ended) {
    CachedFile file = of(wanted.key(), wanted.version());
    if (file == null || !cache.hasOrBrings(wanted.asker(), file, wanted.from(), wanted.to())) {
      return false;
    }
    whenNothingComes(file, wanted.from(), wanted.to(), ended);
    return true;
  }

  private void whenNothingComes(CachedFile file, long from, long to, Runnable ended) {
    Coming awaited = file.awaited(from, to, cache.now());
    if (awaited == null || !awaited.tell(() -> whenNothingComes(file, from, to, ended))) {
      ended.run();
    }
  }

  @Override
  public @Nullable List<ByteBuf> take(FileKey key, FileVersion version, long from, long to) {
    CachedFile file = of(key, version);
    return file == null ? null : cache.take(file, from, to);
  }

  @Override
  public void keep(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    CachedFile file = cache.adopt(key, version);
    if (file != null) {
      cache.keepBrought(file, offset, bytes);
    }
  }

  @Override
  public long purge() {
    return cache.purge();
  }
}
