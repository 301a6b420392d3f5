package org.nfsproxy.server.cache.disk;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file of blocks. For several threads at once. */
interface SlabFile extends Closeable {
  /**
   * Reads until the buffer is full or the file ends.
   *
   * @return how many bytes that are
   */
  int read(ByteBuffer into, long at) throws IOException;

  /** Writes all that is in the buffer. */
  void write(ByteBuffer from, long at) throws IOException;

  /** Takes all out of it. */
  void empty() throws IOException;
}
