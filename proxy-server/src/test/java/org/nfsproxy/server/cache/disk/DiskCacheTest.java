package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.BLOCK_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.ORIGIN;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.SLAB_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.bounds;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.key;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.version;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.wanted;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Source.Wanted;

class DiskCacheTest {
  private static final FileKey KEY = key(1);
  private static final FileVersion FIRST = version(1);
  private static final FileVersion SECOND = version(2);

  private final FakeSlabs slabs = new FakeSlabs();
  private final DiskUnderTest disk = new DiskUnderTest(slabs);

  @Test
  void block_isBroughtForItsVersionAlone() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    assertEquals(FIRST, disk.cache.version(KEY));
    assertEquals(BLOCK_BYTES, disk.read(KEY, FIRST, 100, 200));
    assertEquals(0, disk.read(KEY, SECOND, 100, 200));
    assertEquals(0, disk.read(key(2), FIRST, 100, 200));
    assertEquals(1, disk.measure("hits_total"));
    assertEquals(BLOCK_BYTES, disk.measure("read_bytes_total"));
  }

  @Test
  void range_isToldToBeThere_onceItIsWritten() {
    disk.offer(KEY, FIRST, 0, BLOCK_BYTES);
    assertFalse(disk.cache.has(KEY, FIRST, 0, BLOCK_BYTES));
    disk.work();
    assertTrue(disk.cache.has(KEY, FIRST, 0, BLOCK_BYTES));
    assertFalse(disk.cache.has(KEY, FIRST, 0, BLOCK_BYTES + 1));
    assertFalse(disk.cache.has(KEY, SECOND, 0, 1));
    assertEquals(0, disk.measure("hits_total"));
  }

  @Test
  void room_isWhatFilesNeed_whenItIsFull() {
    long needs = disk.cache.needsBytes(BLOCK_BYTES);
    assertTrue(needs > BLOCK_BYTES && needs < BLOCK_BYTES * 3 / 2, () -> "" + needs);
    assertEquals(3 * needs, disk.cache.needsBytes(3 * BLOCK_BYTES));
    int blocks = (int) (disk.cache.roomBytes() / needs);
    for (int i = 0; i < blocks; i++) {
      disk.put(key(100 + i), FIRST, 0, BLOCK_BYTES);
    }
    assertEquals(blocks, disk.measure("blocks"));
    assertEquals(0, disk.measure("evicted_bytes_total"));
  }

  @Test
  void range_notAllThere_isRefusedAtOnce() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    disk.put(KEY, FIRST, 2 * BLOCK_BYTES, BLOCK_BYTES);
    assertEquals(0, disk.read(KEY, FIRST, 0, 3 * BLOCK_BYTES));
    disk.put(KEY, FIRST, BLOCK_BYTES, 100);
    assertEquals(0, disk.read(KEY, FIRST, 0, 3 * BLOCK_BYTES));
    disk.put(KEY, FIRST, BLOCK_BYTES, BLOCK_BYTES);
    assertEquals(3 * BLOCK_BYTES, disk.read(KEY, FIRST, 0, 3 * BLOCK_BYTES));
    assertEquals(3, disk.measure("blocks"));
  }

  @Test
  void whatIsThereAlready_isNotWrittenAgain() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    int writes = slabs.slabWrites;
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    disk.put(KEY, FIRST, 1000, 1000);
    disk.offer(key(2), FIRST, 0, 100);
    disk.offer(key(2), FIRST, 0, 100);
    disk.work();
    assertEquals(writes + 3, slabs.slabWrites, "a block, its row, and the header of its slab");
  }

  @Test
  void otherVersion_takesThePlaceOfTheFirst_alsoAfterARestart() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    FakeSlabs before = slabs.copy();
    disk.put(KEY, SECOND, BLOCK_BYTES, BLOCK_BYTES);
    assertEquals(SECOND, disk.cache.version(KEY));
    assertEquals(0, disk.read(KEY, FIRST, 0, 1));
    assertEquals(1, disk.measure("blocks"));
    DiskUnderTest again = new DiskUnderTest(slabs.copy());
    assertEquals(SECOND, again.cache.version(KEY));
    assertEquals(0, again.read(KEY, FIRST, 0, 1));
    assertEquals(BLOCK_BYTES, again.read(KEY, SECOND, BLOCK_BYTES, BLOCK_BYTES + 1));
    assertEquals(FIRST, new DiskUnderTest(before).cache.version(KEY));
  }

  @Test
  void laterVersion_counts_inWhicheverOrderTheyAreFound() {
    DiskUnderTest small = new DiskUnderTest(slabs, bounds(2));
    small.put(KEY, FIRST, 0, 1000);
    small.put(KEY, SECOND, 0, BLOCK_BYTES); // in another slab, behind
    FakeSlabs swapped = slabs.copy();
    assertEquals(SECOND, new DiskUnderTest(swapped, bounds(2)).cache.version(KEY));
  }

  @Test
  void forgotten_isNotBrought_evenIfItWasAskedForBefore() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    DiskUnderTest.Taking taking = new DiskUnderTest.Taking(KEY, FIRST);
    assertTrue(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking));
    disk.cache.forget(KEY);
    assertNull(disk.cache.version(KEY));
    disk.work();
    assertEquals(0, taking.bytes);
    assertEquals(1, taking.ends);
    assertEquals(0, disk.measure("blocks"));
    assertEquals(0, disk.measure("held_bytes"));
    assertEquals(1, disk.measure("lost_total"));
  }

  @Test
  void forgotten_whileItWaitsToBeWritten_isNotWritten() {
    disk.offer(KEY, FIRST, 0, BLOCK_BYTES);
    disk.cache.forget(KEY);
    disk.work();
    assertEquals(0, disk.measure("written_bytes_total"));
    assertNull(disk.cache.version(KEY));
  }

  @Test
  void cleared_nothingIsThere_norAfterARestart() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    DiskUnderTest.Taking taking = new DiskUnderTest.Taking(KEY, FIRST);
    assertTrue(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking));
    disk.offer(KEY, FIRST, BLOCK_BYTES, BLOCK_BYTES);
    FakeSlabs old = slabs.copy();
    disk.cache.clear();
    assertNull(disk.cache.version(KEY));
    disk.offer(KEY, FIRST, 0, BLOCK_BYTES); // before it is done: not taken
    disk.work();
    assertEquals(0, taking.bytes);
    assertEquals(1, taking.ends);
    assertEquals(0, disk.measure("blocks"));
    assertEquals(0, disk.measure("held_bytes"));
    assertTrue(slabs.slabs.isEmpty());
    // Slabs that a power cut has brought back are of another life.
    slabs.slabs.putAll(old.slabs);
    DiskUnderTest again = new DiskUnderTest(slabs.copy());
    assertNull(again.cache.version(KEY));
    again.put(KEY, FIRST, 0, BLOCK_BYTES);
    assertEquals(BLOCK_BYTES, again.read(KEY, FIRST, 0, 1));
  }

  @Test
  void otherOrigin_findsNothing_norDoesTheFirstWhenItComesBack() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    DiskUnderTest other = new DiskUnderTest(slabs, "nfs2.example.com:2049", bounds(8));
    assertNull(other.cache.version(KEY));
    assertTrue(slabs.slabs.isEmpty(), "emptied");
    assertNull(new DiskUnderTest(slabs, ORIGIN, bounds(8)).cache.version(KEY));
  }

  @Test
  void slabOfAnotherDirectory_orUnderAnotherName_isWorthNothing() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    FakeSlabs others = new FakeSlabs();
    new DiskUnderTest(others).put(KEY, SECOND, 0, BLOCK_BYTES);
    FakeSlabs mixed = slabs.copy();
    mixed.slabs.put(1, others.slabs.get(0));
    mixed.slabs.put(2, mixed.slabs.get(0));
    DiskUnderTest again = new DiskUnderTest(mixed);
    assertEquals(FIRST, again.cache.version(KEY));
    assertEquals(1, again.measure("blocks"));
  }

  // A client may write what looks like blocks into a file, have it kept, and hope that its bytes
  // come to lie where a header is looked for.
  @Test
  void whatLooksLikeABlock_inAFile_isNone() {
    byte[] forged = forged(SECOND);
    disk.put(key(2), FIRST, 0, BLOCK_BYTES);
    FakeSlabs mixed = slabs.copy();
    byte[] slab = mixed.slabs.get(0);
    System.arraycopy(forged, SlabHeader.BYTES, slab, SlabHeader.BYTES, slab.length - 512);
    DiskUnderTest again = new DiskUnderTest(mixed);
    assertNull(again.cache.version(KEY));
    assertEquals(1, again.measure("damaged_total"));
  }

  // The same where a block is, of which the table tells.
  @Test
  void whatLooksLikeABlock_inThePlaceOfOne_isNone() {
    byte[] forged = forged(FIRST);
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    byte[] slab = slabs.slabs.get(0);
    int slot = slab.length - BLOCK_BYTES - BlockHeader.BYTES;
    System.arraycopy(forged, slot, slab, slot, BLOCK_BYTES + BlockHeader.BYTES);
    assertEquals(0, disk.read(KEY, FIRST, 0, 1));
    assertEquals(1, disk.measure("damaged_total"));
  }

  // Zeros in place of what the file has, by who knows all but the directory's random bits.
  private static byte[] forged(FileVersion version) {
    FakeSlabs guessed = new FakeSlabs();
    DiskUnderTest other = new DiskUnderTest(guessed);
    ByteBuf zeros = Unpooled.buffer().writeZero(BLOCK_BYTES);
    other.cache.offer(KEY, version, 0, zeros);
    other.work();
    zeros.release();
    return guessed.slabs.get(0);
  }

  @Test
  void moreThanThereIsRoomFor_isEvicted_andWhatIsThereIsRight() {
    for (int i = 0; i < 1000; i++) {
      disk.put(key(i % 100), FIRST, i / 100 * (long) BLOCK_BYTES, BLOCK_BYTES);
    }
    assertTrue(disk.measure("held_bytes") <= 8L * SLAB_BYTES);
    assertTrue(disk.measure("held_bytes") > 6L * SLAB_BYTES);
    assertTrue(slabs.slabs.size() <= 8);
    slabs.slabs.values().forEach(slab -> assertTrue(slab.length <= SLAB_BYTES));
    long there = 0;
    for (int i = 0; i < 1000; i++) {
      long at = i / 100 * (long) BLOCK_BYTES;
      there += disk.read(key(i % 100), FIRST, at, at + BLOCK_BYTES);
    }
    assertEquals(disk.measure("blocks") * BLOCK_BYTES, there);
    assertEquals(0, disk.measure("damaged_total"));
    DiskUnderTest again = new DiskUnderTest(slabs.copy());
    assertTrue(again.measure("blocks") >= disk.measure("blocks"));
    assertEquals(0, again.measure("damaged_total"));
  }

  @Test
  void otherSizes_getTheirRoom() {
    for (int i = 0; i < 300; i++) {
      disk.put(key(i), FIRST, 0, BLOCK_BYTES);
    }
    for (int i = 0; i < 600; i++) {
      disk.put(key(i % 200), SECOND, i / 200 * 1000, 1000);
    }
    int found = 0;
    for (int i = 500; i < 600; i++) {
      found += disk.read(key(i % 200), SECOND, i / 200 * 1000, i / 200 * 1000 + 1000);
    }
    assertTrue(found > 50_000, "found " + found);
    assertEquals(0, disk.measure("damaged_total"));
  }

  @Test
  void blocksMax_holds() {
    DiskBounds few = new DiskBounds(8L * SLAB_BYTES, SLAB_BYTES, BLOCK_BYTES, 50, 1 << 20, 8, 2);
    DiskUnderTest bounded = new DiskUnderTest(slabs, few);
    for (int i = 0; i < 200; i++) {
      bounded.put(key(i), FIRST, 0, 100);
    }
    assertTrue(bounded.measure("blocks") <= 50, "there are " + bounded.measure("blocks"));
  }

  @Test
  void lessRoomThanBefore_removesWhatIsBeyond() {
    for (int i = 0; i < 150; i++) {
      disk.put(key(i), FIRST, 0, BLOCK_BYTES);
    }
    DiskUnderTest smaller = new DiskUnderTest(slabs, bounds(2));
    assertEquals(2, slabs.slabs.size());
    assertTrue(smaller.measure("held_bytes") <= 2L * SLAB_BYTES);
  }

  @Test
  void tooMuchThatWaits_isDropped_andGivenBack() {
    for (int i = 0; i < 200; i++) {
      disk.offer(key(i), FIRST, 0, BLOCK_BYTES);
    }
    assertTrue(disk.measure("waiting_bytes") <= 1 << 20);
    long dropped = disk.measure("dropped_bytes_total");
    assertTrue(dropped > 0);
    disk.work();
    assertEquals(200L * BLOCK_BYTES, dropped + disk.measure("written_bytes_total"));
    assertEquals(0, disk.measure("waiting_bytes"));
  }

  // What is dropped of a file must not take along what waits of it.
  @Test
  void whatWaits_ofAFileOfWhichMoreIsDropped_isWritten() {
    for (int i = 0; i < 256; i++) {
      disk.offer(key(i % 2), FIRST, i / 2 * (long) BLOCK_BYTES, BLOCK_BYTES);
    }
    long dropped = disk.measure("dropped_bytes_total");
    assertTrue(dropped > 0);
    disk.work();
    assertEquals(256L * BLOCK_BYTES - dropped, disk.measure("written_bytes_total"));
  }

  @Test
  void tooManyReads_areRefused() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    DiskUnderTest.Taking taking = new DiskUnderTest.Taking(KEY, FIRST);
    for (int i = 0; i < 4; i++) {
      assertTrue(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking));
    }
    assertFalse(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking), "half of the places");
    assertTrue(disk.cache.bring(new Wanted("another", KEY, FIRST, 0, 1), taking));
    assertEquals(1, disk.measure("busy_total"));
    disk.work();
    assertEquals(5, taking.ends);
  }

  @Test
  void offersThatMakeNoSense_areLeft() {
    disk.put(KEY, FIRST, -1, 100);
    disk.put(KEY, FIRST, Long.MAX_VALUE - 50, 100);
    disk.put(KEY, FIRST, DiskUnderTest.SIZE - 50, 100);
    disk.put(KEY, FIRST, 0, 0);
    disk.put(KEY, FIRST, 0, BLOCK_BYTES + 1);
    disk.put(KEY, new FileVersion(1, -1, 1, 1, 1, 1, 1, 1, 1), 0, 100);
    assertNull(disk.cache.version(KEY));
    assertEquals(0, disk.measure("written_bytes_total"));
  }

  // One that was made to have the sum of the block whose place it takes, while that is being read.
  @Test
  void placeGivenToAnother_whileItIsRead_isNotBrought() {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    slabs.beforeRead = () -> disk.cache.forget(KEY);
    assertEquals(0, disk.read(KEY, FIRST, 0, 1));
    assertEquals(1, disk.measure("lost_total"));
    assertEquals(0, disk.measure("damaged_total"));
  }

  @Test
  void close_endsWhoWaits_andGivesBuffersBack() throws Exception {
    disk.put(KEY, FIRST, 0, BLOCK_BYTES);
    DiskUnderTest.Taking taking = new DiskUnderTest.Taking(KEY, FIRST);
    assertTrue(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking));
    ByteBuf bytes = Unpooled.buffer().writeZero(100);
    disk.cache.offer(key(2), FIRST, 0, bytes);
    disk.cache.close();
    assertEquals(1, taking.ends);
    assertEquals(1, bytes.refCnt());
    assertTrue(slabs.isClosed);
    assertFalse(disk.cache.bring(wanted(KEY, FIRST, 0, 1), taking));
    disk.cache.offer(key(2), FIRST, 0, bytes);
    assertEquals(1, bytes.refCnt());
    bytes.release();
  }
}
