package org.nfsproxy.server.cache.fleet;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Shelf;
import org.nfsproxy.server.cache.Source;

/** Memory of an instance, as simple as can be. */
final class FakeShelf implements Shelf {
  private static final class Held {
    final FileVersion version;
    final TreeMap<Long, byte[]> parts = new TreeMap<>();

    Held(FileVersion version) {
      this.version = version;
    }
  }

  private final Map<FileKey, Held> files = new HashMap<>();

  volatile int purges;
  private final Semaphore mayPurge = new Semaphore(1 << 20);

  /** Has purges wait, as a slow disk does. */
  void hold() {
    mayPurge.drainPermits();
  }

  void goOn() {
    mayPurge.release(1 << 20);
  }

  /** Whether nothing more is kept, as when memory is full. */
  boolean isFull;

  /** Whether what is not here of a known version comes by itself, from a disk. */
  boolean isComing;

  /** For whom it comes. */
  final List<Object> askers = new ArrayList<>();

  private final List<Runnable> awaiting = new ArrayList<>();

  @Override
  public synchronized @Nullable FileVersion version(FileKey key) {
    Held held = files.get(key);
    return held == null ? null : held.version;
  }

  @Override
  public synchronized long until(FileKey key, FileVersion version, long from, long to) {
    Held held = files.get(key);
    if (held == null || !held.version.equals(version)) {
      return from;
    }
    long at = from;
    while (at < to) {
      Map.Entry<Long, byte[]> part = held.parts.floorEntry(at);
      if (part == null || part.getKey() + part.getValue().length <= at) {
        break;
      }
      at = part.getKey() + part.getValue().length;
    }
    return Math.min(at, to);
  }

  @Override
  public synchronized @Nullable List<ByteBuf> take(
      FileKey key, FileVersion version, long from, long to) {
    if (until(key, version, from, to) < to) {
      return null;
    }
    byte[] all = new byte[(int) (to - from)];
    Held held = files.get(key);
    for (long at = from; held != null && at < to; ) {
      Map.Entry<Long, byte[]> part = held.parts.floorEntry(at);
      int skip = (int) (at - part.getKey());
      int length = (int) Math.min(part.getValue().length - skip, to - at);
      System.arraycopy(part.getValue(), skip, all, (int) (at - from), length);
      at += length;
    }
    return List.of(Unpooled.wrappedBuffer(all));
  }

  @Override
  public synchronized void keep(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
    Held held = files.get(key);
    if (isFull || held != null && version.seemsOlderThan(held.version)) {
      return;
    }
    if (held == null || !held.version.equals(version)) {
      held = new Held(version);
      files.put(key, held);
    }
    held.parts.put(offset, ByteBufUtil.getBytes(bytes));
  }

  @Override
  public synchronized boolean awaits(Source.Wanted wanted, Runnable ended) {
    Held held = files.get(wanted.key());
    if (!isComing || held == null || !held.version.equals(wanted.version())) {
      return false;
    }
    askers.add(wanted.asker());
    awaiting.add(ended);
    return true;
  }

  /** Says that what was coming has come, or has not. */
  void cameByItself() {
    List<Runnable> told;
    synchronized (this) {
      told = List.copyOf(awaiting);
      awaiting.clear();
    }
    told.forEach(Runnable::run);
  }

  /** Puts bytes there that a version has. */
  void put(FileKey key, FileVersion version, long from, long to) {
    keep(key, version, from, Told.buffer(version, from, to));
  }

  @Override
  public long purge() {
    purges++;
    mayPurge.acquireUninterruptibly();
    return forgetAll();
  }

  private synchronized long forgetAll() {
    long bytes =
        files.values().stream()
            .flatMap(each -> each.parts.values().stream())
            .mapToLong(each -> each.length)
            .sum();
    files.clear();
    return bytes;
  }

  synchronized void forget(FileKey key) {
    files.remove(key);
  }
}
