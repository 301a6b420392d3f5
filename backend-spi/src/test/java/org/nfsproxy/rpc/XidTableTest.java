package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class XidTableTest {
  private final XidTable table = new XidTable();

  @Test
  void unknownXid_isNotRemoved() {
    table.add(1);
    assertFalse(table.remove(2));
    assertEquals(1, table.size());
  }

  @Test
  void xidSentTwice_isAnsweredTwice() {
    table.add(-1);
    table.add(-1);
    assertTrue(table.remove(-1));
    assertTrue(table.remove(-1));
    assertFalse(table.remove(-1));
  }

  @Test
  void xidZero_isAnXid() {
    assertFalse(table.remove(0));
    table.add(0);
    assertTrue(table.remove(0));
  }

  @Test
  void randomAddsAndRemoves_agreeWithAList() {
    Random random = new Random(5);
    List<Integer> model = new ArrayList<>();
    for (int step = 0; step < 200_000; step++) {
      int xid = random.nextInt(300) * (random.nextBoolean() ? 1 : 0x1000_0000);
      if (random.nextInt(100) < (step / 20_000 % 2 == 0 ? 60 : 40)) {
        table.add(xid);
        model.add(xid);
      } else {
        assertEquals(model.remove((Integer) xid), table.remove(xid), "step " + step);
      }
      assertEquals(model.size(), table.size());
    }
    for (int xid : List.copyOf(model)) {
      assertTrue(table.remove(xid));
    }
    assertEquals(0, table.size());
  }
}
