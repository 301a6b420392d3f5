package org.nfsproxy.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecordMarkingTest {
  @Test
  void marker_isLastBitAndLength() {
    assertEquals(0x80000028, RecordMarking.lastFragment(40));
    assertTrue(RecordMarking.isLast(0x80000028));
    assertFalse(RecordMarking.isLast(0x00000028));
    assertEquals(40, RecordMarking.length(0x80000028));
    assertEquals(40, RecordMarking.length(0x00000028));
    assertEquals(Integer.MAX_VALUE, RecordMarking.length(-1));
    assertEquals(0, RecordMarking.length(0x80000000));
  }
}
