package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.BLOCK_BYTES;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.key;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.version;
import static org.nfsproxy.server.cache.disk.DiskUnderTest.wanted;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

// A disk that is full, or that fails: nothing is kept there any more, and nobody waits.
class DiskFailureTest {
  private static final int FAILED = 2;

  private final FakeSlabs slabs = new FakeSlabs();

  @Test
  void fullDisk_turnsItOff() {
    DiskUnderTest disk = new DiskUnderTest(slabs);
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    slabs.writesFail = "No space left on device";
    disk.offer(key(2), version(1), 0, BLOCK_BYTES);
    disk.offer(key(3), version(1), 0, BLOCK_BYTES);
    disk.work();
    isOff(disk);
    slabs.writesFail = null;
    disk.put(key(2), version(1), 0, BLOCK_BYTES);
    isOff(disk);
  }

  @Test
  void unreadableDisk_turnsItOff_andWhoWaitsIsTold() {
    DiskUnderTest disk = new DiskUnderTest(slabs);
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    slabs.readsFail = "Input/output error";
    DiskUnderTest.Taking first = new DiskUnderTest.Taking(key(1), version(1));
    DiskUnderTest.Taking second = new DiskUnderTest.Taking(key(1), version(1));
    assertTrue(disk.cache.bring(wanted(key(1), version(1), 0, 1), first));
    assertTrue(disk.cache.bring(wanted(key(1), version(1), 0, 1), second));
    disk.work();
    assertEquals(1, first.ends);
    assertEquals(1, second.ends);
    assertEquals(0, first.bytes + second.bytes);
    isOff(disk);
  }

  @Test
  void diskThatCannotBeReadAtTheStart_isOff() {
    slabs.readsFail = "Input/output error";
    isOff(new DiskUnderTest(slabs));
  }

  @Test
  void directoryThatCannotBeWrittenAtTheStart_isOff() {
    slabs.writesFail = "Read-only file system";
    isOff(new DiskUnderTest(slabs));
  }

  // It must not be thought empty while the next start finds it full.
  @Test
  void clear_thatFails_turnsItOff() {
    DiskUnderTest disk = new DiskUnderTest(slabs);
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    slabs.writesFail = "Read-only file system";
    disk.cache.clear();
    disk.work();
    isOff(disk);
  }

  @Test
  void clear_afterAFailure_stillEmptiesIt() {
    DiskUnderTest disk = new DiskUnderTest(slabs);
    disk.put(key(1), version(1), 0, BLOCK_BYTES);
    slabs.writesFail = "No space left on device";
    disk.put(key(2), version(1), 0, BLOCK_BYTES);
    slabs.writesFail = null;
    disk.cache.clear();
    disk.work();
    assertNull(new DiskUnderTest(slabs.copy()).cache.version(key(1)));
  }

  private static void isOff(DiskUnderTest disk) {
    assertEquals(FAILED, disk.measure("state"));
    assertNull(disk.cache.version(key(1)));
    assertEquals(0, disk.read(key(1), version(1), 0, 1));
    assertEquals(0, disk.measure("blocks"));
    assertEquals(0, disk.measure("waiting_bytes"));
  }

  @Test
  void cure_goesWithTheCause() {
    assertTrue(DiskCure.of(new IOException("No space left on device")).contains("diskBytesMax"));
    assertTrue(DiskCure.of(new IOException("Disk quota exceeded")).contains("diskBytesMax"));
    assertTrue(DiskCure.of(new IOException("Read-only file system")).contains("for writing"));
    assertTrue(DiskCure.of(new IOException("Too many open files")).contains("LimitNOFILE"));
    assertTrue(DiskCure.of(new NoSuchFileException("/x")).contains("alone"));
    assertTrue(DiskCure.of(new IOException("Input/output error")).contains("Look at the disk"));
  }
}
