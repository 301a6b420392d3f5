package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.configuration.Limits;
import org.nfsproxy.server.fakes.LogLines;

class RecordMemoryTest {
  private static final int MIB = 1 << 20;
  private static final int RECORD_BYTES_MAX = 2 * MIB;

  private static Limits limits(long recordMemoryBytesMax) {
    return new Limits(RECORD_BYTES_MAX, 1, 1, 1, 16, recordMemoryBytesMax, 0, 0, 0, 0, 1, 1, 0, 0);
  }

  @Test
  void bound_isTheConfiguredOne_ifDirectMemoryIsTwiceThat() {
    try (LogLines log = LogLines.of(RecordMemory.class)) {
      assertEquals(8 * MIB, RecordMemory.within(limits(8 * MIB), 16 * MIB).bytesMax());
      assertEquals(List.of(), log.lines());
    }
  }

  @Test
  void bound_isHalfOfDirectMemory_andTheWarningNamesKeyAndFlag_ifTheConfiguredOneIsMore() {
    try (LogLines log = LogLines.of(RecordMemory.class)) {
      assertEquals(8 * MIB - 1, RecordMemory.within(limits(8 * MIB), 16 * MIB - 2).bytesMax());
      assertEquals(
          List.of(
              "WARN limits.recordMemoryBytesMax: 8388608 is more than half of the 16777214 bytes of"
                  + " direct memory that Java may take, so it is 8388607 for now. Lower it, or"
                  + " start Java with -XX:MaxDirectMemorySize=16777216"),
          log.lines());
    }
  }

  @Test
  void bound_hasRoomForOneRecord_howeverSmallDirectMemoryIs() {
    assertEquals(
        RECORD_BYTES_MAX, RecordMemory.within(limits(8 * MIB), RECORD_BYTES_MAX).bytesMax());
  }

  @Test
  void whoHoldsMuch_exceedsIt_onceAllTogetherHoldMore() {
    RecordMemory memory = RecordMemory.within(limits(8 * MIB), 16 * MIB);
    memory.change(8 * MIB);
    assertFalse(memory.isExceededBy(MIB), "as much as there may be");
    memory.change(1);
    assertTrue(memory.isExceededBy(MIB), "more");
    assertFalse(memory.isExceededBy(1024), "a usual call is let through");
  }
}
