package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.nfs.Filehandle;

class FsidKindTest {
  private static final int HEX = 16;

  @ParameterizedTest
  @CsvSource({
    "01000000 0008010000000002, DEVICE",
    "01000100 00000007, NUMBER",
    "01000601 00112233445566778899aabbccddeeff 0000000c00000001, UUID",
    "01000600 00112233445566778899aabbccddeeff, UUID",
    "01000600 00112233, UNTOLD",
    "01000900 00112233, UNTOLD",
    "43000600 00112233445566778899aabbccddeeff, UNTOLD",
    "01, UNTOLD"
  })
  void handle_tellsItsKind(String hex, FsidKind kind) {
    String digits = hex.replace(" ", "");
    byte[] bytes = new byte[digits.length() / 2];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Integer.parseInt(digits.substring(2 * i, 2 * i + 2), HEX);
    }
    assertEquals(kind, FsidKind.of(Filehandle.of(bytes)));
  }
}
