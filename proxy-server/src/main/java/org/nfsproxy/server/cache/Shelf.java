package org.nfsproxy.server.cache;

import io.netty.buffer.ByteBuf;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What this instance has in memory, as others are served from it. For all threads. */
public interface Shelf {
  /** The version of a file that was told last; null if none is known. */
  @Nullable FileVersion version(FileKey key);

  /**
   * How far all bytes of a version are here.
   *
   * @param from offset of the first one
   * @param to behind the last one that is of interest
   * @return behind the last one that is here, `to` at most; `from` if the first one is not
   */
  long until(FileKey key, FileVersion version, long from, long to);

  /**
   * Whether what is not here of a range will soon be, without anybody asking others for it.
   *
   * @param ended run once, on any thread and perhaps at once, when it is here or will not be; if
   *     this is true
   */
  boolean awaits(Source.Wanted wanted, Runnable ended);

  /**
   * Bytes of a version.
   *
   * @return one or more buffers in order, the caller's; null if not all are here
   */
  @Nullable List<ByteBuf> take(FileKey key, FileVersion version, long from, long to);

  /**
   * Keeps what another instance has proven to be of a version, unless a newer one is known.
   *
   * @param bytes stays the caller's
   */
  void keep(FileKey key, FileVersion version, long offset, ByteBuf bytes);

  /**
   * Forgets everything, what is on a disk as well. May block.
   *
   * @return bytes of data that were in memory
   */
  long purge();
}
