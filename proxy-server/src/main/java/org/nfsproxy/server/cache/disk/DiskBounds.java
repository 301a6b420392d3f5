package org.nfsproxy.server.cache.disk;

/**
 * What the cache may take of a disk, and of memory for it.
 *
 * @param bytesMax how long all slabs together may become
 * @param slabBytes how long one of them is
 * @param blockBytes the most bytes of a file in one block
 * @param blocksMax how many blocks there may be, each of which takes some heap
 * @param queueBytesMax bytes that may wait to be written
 * @param readsMax ranges that may wait to be read
 * @param threads how many of them there are at once, of which one writes
 */
public record DiskBounds(
    long bytesMax,
    int slabBytes,
    int blockBytes,
    int blocksMax,
    long queueBytesMax,
    int readsMax,
    int threads) {
  /** How long a slab is. */
  // A whole one is emptied where blocks of another size need room, and each is an open file: 16,384
  // of them for a terabyte.
  public static final int SLAB_BYTES = 64 << 20;

  /** How many slabs there may be. */
  int slabsMax() {
    return (int) Math.min(Integer.MAX_VALUE, bytesMax / slabBytes);
  }
}
