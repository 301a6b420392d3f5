package org.nfsproxy.nfs.edit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadDelegationsTest {
  // As hexadecimal words: what a client wants, and what the origin is asked for.
  @ParameterizedTest
  @CsvSource({
    "00000001, 00000001",
    "00000101, 00000101",
    "00100101, 00100101",
    "00000401, 00000401",
    "00000501, 00000501",
    "00000201, 00000101",
    "00330301, 00330101",
    "00000002, 00000402",
    "00000003, 00000403",
    "00000202, 00000402",
    "00000303, 00000403",
    "00000502, 00000402",
    "00100003, 00000403",
    "00330303, 00000403",
    "40330303, 40000403",
    // WANT_DELEGATION, which does not say how it shares.
    "00000200, 00000100",
    "00000100, 00000100",
    "00000300, 00000100",
  })
  void wanted_isNeverADelegationToWrite(String wanted, String asked) {
    int word = Integer.parseUnsignedInt(asked, 16);
    assertEquals(word, ReadDelegations.onlyReading(Integer.parseUnsignedInt(wanted, 16)));
    assertEquals(word, ReadDelegations.onlyReading(word), "again");
  }
}
