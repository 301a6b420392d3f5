package org.nfsproxy.server.cache.disk;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * Where slabs are: the files, as far as the cache has to do with them. For one thread at a time.
 */
interface SlabFolder extends Closeable {
  /** What the header says; nothing if there is none. */
  byte[] header() throws IOException;

  /** Puts another header in its place, so that it is the one that is found after a power cut. */
  void header(byte[] bytes) throws IOException;

  /** The numbers of the slabs that are there. */
  List<Integer> numbers() throws IOException;

  /** Opens a slab, which is made if it is missing. */
  SlabFile open(int number) throws IOException;

  /** Removes a slab. */
  void delete(int number) throws IOException;
}
