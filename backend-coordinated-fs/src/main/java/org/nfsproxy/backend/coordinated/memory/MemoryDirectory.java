package org.nfsproxy.backend.coordinated.memory;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.coordinated.files.FileType;

/** A directory. */
// Each entry gets the next cookie when it is added, and cookies never come again: so a listing goes
// on behind a cookie whose entry is long removed, and an entry that stays is met exactly once.
final class MemoryDirectory extends MemoryObject {
  static final long COOKIE_OF_SELF = 1;
  static final long COOKIE_OF_PARENT = 2;

  /** What an entry shows of itself in the directory's size. */
  private static final int SHOWN_BYTES = 32;

  /** A name and its object. */
  record Entry(byte[] name, MemoryObject object, long cookie) {
    /** Bytes charged to the filesystem. */
    long charged() {
      return chargedFor(name);
    }
  }

  private final Map<String, Entry> byName = new HashMap<>();
  private final NavigableMap<Long, Entry> byCookie = new TreeMap<>();
  private long nextCookie = COOKIE_OF_PARENT + 1;

  /** Above this one; the root's is itself. */
  MemoryDirectory parent;

  /** What is mounted here, or null. */
  @Nullable MemoryFilesystem mounted;

  MemoryDirectory(MemoryFilesystem filesystem, @Nullable MemoryDirectory parent) {
    super(filesystem, FileType.NF3DIR);
    this.parent = parent == null ? this : parent;
    this.links = 2;
  }

  static long chargedFor(byte[] name) {
    return MemoryFilesystem.ENTRY_BYTES + 2L * name.length; // as bytes, and as the map's key
  }

  /** The entry of a name, or null. */
  @Nullable Entry get(byte[] name) {
    return byName.get(key(name));
  }

  void add(byte[] name, MemoryObject object) {
    Entry entry = new Entry(name, object, nextCookie++);
    byName.put(key(name), entry);
    byCookie.put(entry.cookie(), entry);
  }

  void drop(Entry entry) {
    byName.remove(key(entry.name()));
    byCookie.remove(entry.cookie());
  }

  Iterable<Entry> behind(long cookie) {
    return byCookie.tailMap(cookie, false).values();
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  boolean isRoot() {
    return parent == this;
  }

  /** Whether it is a directory, or below it. */
  boolean isIn(MemoryDirectory ancestor) {
    MemoryDirectory at = this;
    while (at != ancestor && !at.isRoot()) {
      at = at.parent;
    }
    return at == ancestor;
  }

  // One char for each byte: names need not be text.
  private static String key(byte[] name) {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  @Override
  long charged() {
    return MemoryFilesystem.OBJECT_BYTES;
  }

  @Override
  long size() {
    return (long) SHOWN_BYTES * (byName.size() + 2);
  }

  @Override
  long used() {
    return 0;
  }
}
