package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No two owners are one at the origin. */
class OwnerRowsTest {
  private static InetAddress client(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 0, (byte) (number >>> 8), (byte) number});
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static LockOwner owner(int client, String name, int svid) {
    return new LockOwner(client(client), name, svid >>> 16);
  }

  @Test
  void svids_ofManyClients_areAllDifferentAndLeadBack() {
    OwnerRows rows = new OwnerRows(8);
    Map<Integer, String> seen = new HashMap<>();
    for (int client = 0; client < 3000; client++) {
      for (int svid : new int[] {0, 1, 0xffff, 0x10000, 0x7fff0001, -1}) {
        LockOwner owner = owner(client, "host", svid);
        int row = rows.take(owner);
        int atOrigin = OwnerRows.svid(row, svid);
        assertEquals(null, seen.put(atOrigin, client + "/" + svid));
        assertEquals(owner, rows.owner(OwnerRows.rowOf(atOrigin)));
        assertEquals(svid, OwnerRows.svidOf(owner, atOrigin));
      }
    }
  }

  @Test
  void names_behindOneAddress_haveDifferentRows() {
    OwnerRows rows = new OwnerRows(8);
    assertNotEquals(rows.take(owner(1, "a", 0)), rows.take(owner(1, "b", 0)));
    assertEquals(rows.take(owner(1, "a", 5)), rows.take(owner(1, "a", 6)));
  }

  @Test
  void rows_ofOneClient_areBoundedAndThoseInUseStay() {
    OwnerRows rows = new OwnerRows(2);
    int first = rows.take(owner(1, "host", 0));
    int second = rows.take(owner(1, "host", 0x10000));
    rows.used(first);
    rows.used(second);
    assertEquals(-1, rows.take(owner(1, "host", 0x20000)));
    assertTrue(rows.take(owner(2, "host", 0)) >= 0, "another client's");
    rows.left(second);
    int third = rows.take(owner(1, "host", 0x20000));
    assertTrue(third >= 0);
    assertEquals(-1, rows.find(owner(1, "host", 0x10000)));
    assertEquals(first, rows.find(owner(1, "host", 0)));
  }

  @Test
  void table_thatIsFull_givesRowsThatNobodyUsesAndNoOthers() {
    OwnerRows rows = new OwnerRows(OwnerRows.ROWS);
    for (int i = 0; i < OwnerRows.ROWS; i++) {
      rows.used(rows.take(owner(1, "host", i << 16)));
    }
    assertEquals(OwnerRows.ROWS, rows.size());
    assertEquals(-1, rows.take(owner(2, "host", 0)));
    int row = rows.find(owner(1, "host", 77 << 16));
    rows.left(row);
    assertEquals(row, rows.take(owner(2, "host", 0)));
  }

  @Test
  void state_isOfTheRowsOwner_asLongAsItHasTheRow() {
    OwnerRows rows = new OwnerRows(8);
    LockOwner one = owner(1, "one", 0);
    int row = rows.take(one);
    int other = rows.take(owner(1, "other", 0));
    rows.heard(row, 5);
    rows.heard(row, 0);
    rows.put(row, one);
    assertEquals(5, rows.state(row), "which neither silence nor the journal's own word changes");
    rows.heard(client(1), "other"::equals, 7);
    rows.heard(client(2), name -> true, 9);
    assertEquals(5, rows.state(row));
    assertEquals(7, rows.state(other));
    rows.put(row, owner(2, "one", 0));
    assertEquals(0, rows.state(row));
  }

  @Test
  void tag_isOfItsRowAlone() {
    byte[] tagged = OwnerRows.tagged(0xab12, new byte[] {7});
    assertArrayEquals(new byte[] {'N', 'L', (byte) 0xab, 0x12, 7}, tagged);
    assertTrue(OwnerRows.isTagged(0xab12, tagged));
    assertFalse(OwnerRows.isTagged(0xab13, tagged));
    assertFalse(OwnerRows.isTagged(0xab12, new byte[] {'N', 'L'}));
  }

  @Test
  void rowToGiveBack_isHadBeyondTheClientsBound_butNeverAnothersInUse() {
    OwnerRows rows = new OwnerRows(2);
    rows.used(rows.take(owner(1, "host", 0)));
    rows.used(rows.take(owner(1, "host", 0x10000)));
    int row = rows.takeToGiveBack(owner(1, "host", 0x20000));
    assertTrue(row >= 0);
    assertEquals(0, rows.takeToGiveBack(owner(1, "host", 0x20000)) - row);
    OwnerRows all = new OwnerRows(OwnerRows.ROWS);
    for (int high = 0; high < OwnerRows.ROWS; high++) {
      all.used(all.take(new LockOwner(client(1), "host", high)));
    }
    assertEquals(OwnerRows.ROWS, all.rowsUsed());
    assertEquals(-1, all.takeToGiveBack(owner(2, "host", 0)));
  }
}
