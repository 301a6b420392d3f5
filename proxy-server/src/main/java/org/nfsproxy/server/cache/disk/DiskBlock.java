package org.nfsproxy.server.cache.disk;

import org.nfsproxy.server.cache.ExtentKey;

/** Where on the disk some bytes of a file's version are. */
// Some 48 bytes of heap, and with its places in the two indexes 250: there are millions.
final class DiskBlock {
  final DiskFile file;
  final Slab slab;
  final long offset;

  /** Where its header begins in the slab. */
  final long at;

  final int slot;
  final int length;
  private volatile boolean isGone;

  /**
   * A block.
   *
   * @param slab where it is
   * @param slot in which of its slots
   * @param at where that begins
   * @param offset of its first byte in the file
   * @param length how many bytes of the file it has
   */
  DiskBlock(DiskFile file, Slab slab, int slot, long at, long offset, int length) {
    this.file = file;
    this.slab = slab;
    this.slot = slot;
    this.at = at;
    this.offset = offset;
    this.length = length;
  }

  ExtentKey key() {
    return new ExtentKey(file.key, offset);
  }

  /** Behind its last byte. */
  long end() {
    return offset + length;
  }

  /** Says that its place is no longer its own. */
  void leave() {
    isGone = true;
  }

  /** Whether what was read there may be somebody else's. */
  // Said before anything is written there. So bytes that were read before this was asked, and found
  // false, are what was written for this block, even where somebody has chosen others with the same
  // sum.
  boolean isGone() {
    return isGone || file.isGone();
  }
}
