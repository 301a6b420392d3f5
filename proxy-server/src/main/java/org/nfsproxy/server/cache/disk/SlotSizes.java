package org.nfsproxy.server.cache.disk;

import java.util.Arrays;
import java.util.stream.IntStream;

/** How long slots are: two sizes for each power of two, up to that of a whole block. */
// A piece wastes a third of its slot at most, and what most pieces are, pages and whole blocks,
// nothing. With more sizes a small disk would have slabs of some sizes only.
final class SlotSizes {
  private static final int SMALLEST = 1024;

  /** From here on slots are whole pages: to write a part of one, the kernel reads it before. */
  private static final int PAGED_FROM = 64 << 10;

  private static final int PAGE = 4096;

  private final int[] dataBytes;

  /** For blocks of up to so many bytes. */
  SlotSizes(int blockBytes) {
    dataBytes =
        IntStream.concat(
                IntStream.iterate(SMALLEST, size -> size < blockBytes, size -> size * 2)
                    .flatMap(size -> IntStream.of(size, size + size / 2))
                    .filter(size -> size != SMALLEST + SMALLEST / 2 && size != 3 * SMALLEST)
                    .filter(size -> size < blockBytes),
                IntStream.of(blockBytes))
            .toArray();
  }

  /** How many bytes of a file may be in one block. */
  int dataBytesMax() {
    return dataBytes[dataBytes.length - 1];
  }

  /** How long the slot for so many bytes of a file is. */
  int slotBytes(int length) {
    int at = Arrays.binarySearch(dataBytes, length);
    int data = dataBytes[at < 0 ? -at - 1 : at];
    int bytes = BlockHeader.BYTES + data;
    int unit = data < PAGED_FROM ? BlockHeader.BYTES : PAGE;
    return (bytes + unit - 1) / unit * unit;
  }
}
