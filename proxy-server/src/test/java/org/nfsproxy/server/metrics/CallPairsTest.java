package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallPairsTest {
  private static Map<String, Long> all(CallPairs pairs) {
    Map<String, Long> all = new TreeMap<>();
    pairs.read((slot, row, count) -> all.put(slot + "/" + row, count));
    return all;
  }

  @Test
  void pairs_upToTheBoundOfOneClient_areCountedExactly_andFurtherOnesNot() {
    CallPairs pairs = new CallPairs(100, new AtomicInteger(1000));
    Map<String, Long> expected = new TreeMap<>();
    for (int round = 0; round < 3; round++) {
      for (int slot = 3; slot < 23; slot++) {
        for (int row = 0; row < 10; row++) {
          boolean isKept = (slot - 3) * 10 + row < 100;
          assertEquals(isKept, pairs.add(slot, row, 1));
          if (isKept) {
            expected.merge(slot + "/" + row, 1L, Long::sum);
          }
        }
      }
    }
    assertEquals(expected, all(pairs));
  }

  @Test
  void bound_ofAllClients_isShared_andGivenBack() {
    AtomicInteger left = new AtomicInteger(3);
    CallPairs one = new CallPairs(2, left);
    CallPairs other = new CallPairs(2, left);
    assertTrue(one.add(3, 1, 1) && one.add(3, 2, 1) && other.add(3, 1, 1));
    assertFalse(other.add(3, 2, 1));
    assertFalse(one.add(3, 3, 1));
    one.giveBack();
    assertTrue(other.add(3, 2, 1));
    assertEquals(1, left.get());
  }

  @Test
  void highestNumbers_areToldAsTheyWere() {
    CallPairs pairs = new CallPairs(10, new AtomicInteger(10));
    pairs.add(65_538, 1023, 7);
    pairs.add(0, 0, 5);
    assertEquals(Map.of("65538/1023", 7L, "0/0", 5L), all(pairs));
  }
}
