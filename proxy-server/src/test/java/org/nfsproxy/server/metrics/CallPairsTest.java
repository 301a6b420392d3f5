package org.nfsproxy.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CallPairsTest {
  private static final int OTHER = 2;

  private static Map<String, Long> all(CallPairs pairs) {
    Map<String, Long> all = new TreeMap<>();
    pairs.read((slot, row, count) -> all.put(slot + "/" + row, count));
    return all;
  }

  @Test
  void pairs_upToTheBound_areCountedExactly_andTheRestByOperation() {
    CallPairs pairs = new CallPairs(100, OTHER);
    Map<String, Long> expected = new TreeMap<>();
    for (int round = 0; round < 3; round++) {
      for (int slot = 3; slot < 23; slot++) {
        for (int row = 0; row < 10; row++) {
          pairs.add(slot, row, 1);
          boolean isKept = (slot - 3) * 10 + row < 100;
          expected.merge((isKept ? slot : OTHER) + "/" + row, 1L, Long::sum);
        }
      }
    }
    assertEquals(expected, all(pairs));
  }

  @Test
  void highestNumbers_areToldAsTheyWere() {
    CallPairs pairs = new CallPairs(10, OTHER);
    pairs.add(65_538, 1023, 7);
    pairs.add(0, 0, 5);
    assertEquals(Map.of("65538/1023", 7L, "0/0", 5L), all(pairs));
  }

  @Test
  void bound_ofNone_countsByOperationAlone() {
    CallPairs pairs = new CallPairs(0, OTHER);
    pairs.add(9, 1, 1);
    pairs.add(8, 1, 1);
    pairs.add(8, 2, 1);
    assertEquals(Map.of("2/1", 2L, "2/2", 1L), all(pairs));
  }
}
