package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.xdr.XdrException;

/** What is written is what is read, and nothing else is read. */
class LockRecordsTest {
  private final OwnerRows rows = new OwnerRows(8);
  private final HeldLocks held = new HeldLocks(rows, LockRig.bounds(10));

  private static HeldEntry entry() throws Exception {
    HeldKey key = HeldKey.of(0x12340005, new byte[] {(byte) 0xff, 0}, Filehandle.of(new byte[32]));
    LockOwner owner = new LockOwner(InetAddress.getByName("10.0.0.7"), "n\u00e4me", 3);
    ByteRanges ranges = new ByteRanges();
    ranges.add(5, 9);
    ranges.add(-10, -1);
    HeldEntry entry = new HeldEntry(key, owner, 1_700_000_000_123L, ranges, 1, new byte[20]);
    entry.state = 17;
    entry.reached = InetAddress.getByName("fe80::1");
    entry.isExclusive = true;
    entry.waiting.add(new LockedRange(false, 7, 0));
    return entry;
  }

  @Test
  void held_isReadAsItWasWritten() throws Exception {
    HeldEntry written = entry();
    byte[] record = LockRecords.held(written);
    LockRecords.read(record, held);
    HeldEntry read = held.find(written.key);
    assertArrayEquals(record, LockRecords.held(read));
    assertEquals(written.owner, read.owner);
    assertEquals(Set.of(new LockedRange(false, 7, 0)), read.waiting);
    assertEquals(written.reached, read.reached);
    LockRecords.read(LockRecords.dropped(written.key), held);
    assertEquals(0, held.size());
  }

  @Test
  void everything_readAgain_isTheSame() throws Exception {
    HeldEntry entry = entry();
    LockRecords.read(LockRecords.address(InetAddress.getByName("10.0.0.1")), held);
    LockRecords.read(LockRecords.row(0x1234, entry.owner), held);
    LockRecords.read(LockRecords.held(entry), held);
    LockRecords.read(LockRecords.notice(41, false), held);
    HeldLocks again = new HeldLocks(new OwnerRows(8), LockRig.bounds(10));
    everything(held).forEach(record -> LockRecords.read(record, again));
    assertEquals(InetAddress.getByName("10.0.0.1"), again.ownAddress());
    assertEquals(hex(everything(held)), hex(everything(again)));
    assertEquals(4, everything(again).size());
    assertEquals(41, again.originState());
    assertEquals(false, again.isOriginTold());
  }

  private static List<byte[]> everything(HeldLocks locks) {
    List<byte[]> all = new ArrayList<>();
    locks.everything().forEachRemaining(all::addAll);
    return all;
  }

  private static List<String> hex(List<byte[]> records) {
    return records.stream().map(Arrays::toString).toList();
  }

  @Test
  void record_cutAnywhere_isNoRecord() throws Exception {
    byte[] whole = LockRecords.held(entry());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length != whole.length - Long.BYTES) {
        assertThrows(XdrException.class, () -> LockRecords.read(cut, held), "of " + length);
      }
    }
  }

  @Test
  void recordOfAnEarlierVersion_whichCountedNoChanges_isRead() throws Exception {
    HeldEntry entry = entry();
    entry.sequence = 5;
    byte[] whole = LockRecords.held(entry);
    LockRecords.read(whole, held);
    assertEquals(5, held.find(entry.key).sequence);
    LockRecords.read(Arrays.copyOf(whole, whole.length - Long.BYTES), held);
    assertEquals(0, held.find(entry.key).sequence);
  }
}
