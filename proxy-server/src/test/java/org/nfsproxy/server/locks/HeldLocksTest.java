package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;

/** All that is held is walked in steps, and bounded by bytes. */
class HeldLocksTest {
  private final OwnerRows rows = new OwnerRows(8);
  private final HeldLocks held = new HeldLocks(rows, LockRig.bounds(100_000));

  private HeldEntry entry(int number, int ownerBytes) throws Exception {
    InetAddress client = InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) (number % 5)});
    LockOwner owner = new LockOwner(client, "host", 0);
    int svid = OwnerRows.svid(rows.take(owner), number);
    Filehandle handle = Filehandle.of(ByteBuffer.allocate(8).putInt(number).array());
    HeldKey key = HeldKey.of(svid, new byte[ownerBytes], handle);
    HeldEntry entry = new HeldEntry(key, owner, 0, new ByteRanges(), 1, new byte[20]);
    entry.ranges.add(0, 9);
    return entry;
  }

  private void add(HeldEntry entry) {
    held.add(entry);
    held.weigh(entry, LockRecords.held(entry).length);
  }

  @Test
  void walk_whileOthersComeAndGo_meetsOnceWhatIsThereAllTheTime() throws Exception {
    List<HeldEntry> staying = new ArrayList<>();
    List<HeldEntry> going = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      HeldEntry entry = entry(i, 8);
      add(entry);
      (i % 3 == 0 ? going : staying).add(entry);
    }
    Random random = new Random(3);
    List<HeldEntry> met = new ArrayList<>();
    Iterator<List<HeldEntry>> pages = held.pages(50);
    int next = 10_000;
    while (pages.hasNext()) {
      List<HeldEntry> page = pages.next();
      assertTrue(page.size() <= 50);
      met.addAll(page);
      for (int i = 0; i < 20 && !going.isEmpty(); i++) {
        held.remove(going.remove(random.nextInt(going.size())).key);
        add(entry(next++, 8));
      }
    }
    Set<HeldEntry> once = new HashSet<>(met);
    assertEquals(met.size(), once.size());
    assertTrue(once.containsAll(staying));
  }

  @Test
  void numbers_areThoseOfWhatIsThere() throws Exception {
    HeldEntry one = entry(1, 8);
    HeldEntry two = entry(2, 8);
    add(one);
    add(two);
    one.waiting.add(org.nfsproxy.server.locks.wire.LockedRange.WHOLE);
    held.weigh(one, LockRecords.held(one).length);
    assertEquals(2, held.size());
    assertEquals(1, held.waiting());
    assertEquals(LockRecords.held(one).length + LockRecords.held(two).length, held.bytes());
    assertEquals(2, rows.rowsUsed());
    held.remove(one.key);
    held.remove(two.key);
    assertEquals(0, held.size());
    assertEquals(0, held.waiting());
    assertEquals(0, held.bytes());
    assertEquals(0, rows.rowsUsed());
  }

  @Test
  void clientWithLongOwners_hasAQuarterOfTheBytes_andOthersHaveRoom() throws Exception {
    int count = 0;
    InetAddress first = entry(0, 8).owner.client();
    while (held.hasRoom(first, true)) {
      add(entry(5 * count++, 1_000));
      assertTrue(count < 1_000, "no bound");
    }
    assertTrue(held.bytes() <= (1 << 20) / 4 + 2_000, held.bytes() + " bytes");
    assertFalse(held.hasRoom(first, false), "nor a further range");
    assertTrue(held.hasRoom(entry(1, 8).owner.client(), true));
  }
}
