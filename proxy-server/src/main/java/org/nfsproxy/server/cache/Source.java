package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Where bytes of a file's version may be, besides memory and the origin. For all threads; nothing
 * here waits.
 */
// Nothing rests on what a source says: its bytes are sent to a client only if the origin's reply of
// that moment tells the version that they were proven for.
public interface Source {
  /**
   * What somebody wants of it.
   *
   * @param asker who: of whom there may be many questions at once, which must not keep others from
   *     asking. Equal for all questions of one client, or of one other instance
   * @param from offset of the first byte
   * @param to behind the last one
   */
  record Wanted(Object asker, FileKey key, FileVersion version, long from, long to) {}

  /** The version of which it has data; null if it has none. */
  @Nullable FileVersion version(FileKey key);

  /** Whether it has all of a range, as far as can be told without reading it; a use of it. */
  default boolean has(FileKey key, FileVersion version, long from, long to) {
    return false;
  }

  /** How much may be in it; 0 if it takes nothing. */
  default long roomBytes() {
    return 0;
  }

  /** How much of that a file of a size takes, at most. */
  default long needsBytes(long size) {
    return size;
  }

  /**
   * Begins to bring what it has of a range.
   *
   * @param arrival is told what comes, and once that nothing more does
   * @return false, and the arrival is told nothing, if it surely has not all of it, or too much is
   *     asked of it
   */
  boolean bring(Wanted wanted, Arrival arrival);

  /**
   * Data that were proven to be of a version, and are kept in memory from now on. It may take them.
   *
   * @param bytes stays the caller's
   */
  void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes);

  /** What it has of a file is of no use any more: another version was told. */
  void forget(FileKey key);

  /** Nor is what it has of any other. */
  void clear();
}
