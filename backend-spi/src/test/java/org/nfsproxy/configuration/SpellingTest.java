package org.nfsproxy.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
  private static final List<String> KNOWN =
      List.of("host", "port", "portmap", "proxyProtocol", "recordBytesMax", "recordMemoryBytesMax");

  @ParameterizedTest
  @CsvSource({
    "prot, port",
    "Port, port",
    "hots, host",
    "port_map, portmap",
    "proxyprotocol, proxyProtocol",
    "recordBytesMaximum, recordBytesMax",
    "recordMemoryByteMax, recordMemoryBytesMax",
  })
  void mistypedWord_isNearestToWhatWasMeant(String word, String meant) {
    assertEquals(Optional.of(meant), Spelling.nearest(word, KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"x", "squash", "origin", "''"})
  void otherWord_isNearToNone(String word) {
    assertEquals(Optional.empty(), Spelling.nearest(word, KNOWN));
  }

  @Test
  void veryLongWord_isNotCompared() {
    assertEquals(Optional.empty(), Spelling.nearest("x".repeat(1 << 20), KNOWN));
  }

  @ParameterizedTest
  @CsvSource({"'', '', 0", "a, '', 1", "ab, ba, 1", "port, prot, 1", "abc, abd, 1", "ca, abc, 3"})
  void distance_countsSteps(String one, String other, int steps) {
    assertEquals(steps, Spelling.distance(one, other));
    assertEquals(steps, Spelling.distance(other, one));
  }
}
