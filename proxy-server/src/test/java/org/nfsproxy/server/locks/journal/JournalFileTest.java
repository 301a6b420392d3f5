package org.nfsproxy.server.locks.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of records that is cut anywhere, as a kill cuts it. */
class JournalFileTest {
  private static final byte[] ONE = {1, 2, 3};
  private static final byte[] TWO = "another".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("locks.journal");
  }

  private void write(byte[]... payloads) throws IOException {
    try (JournalFile journal = JournalFile.open(directory)) {
      journal.append(List.of(payloads), true);
    }
  }

  private List<String> read() throws IOException {
    try (JournalFile journal = JournalFile.open(directory)) {
      return journal.takeRead().stream().map(HexFormat.of()::formatHex).toList();
    }
  }

  private static String hex(byte[] payload) {
    return HexFormat.of().formatHex(payload);
  }

  @Test
  void records_areBytesInTheirOrder() throws IOException {
    write(ONE);
    // CRC-32 of 01 02 03 is 55bc801d
    assertArrayEquals(
        HexFormat.of().parseHex("4e4653504c434b310000000355bc801d010203"),
        Files.readAllBytes(file()));
    write(TWO);
    assertEquals(List.of(hex(ONE), hex(TWO)), read());
  }

  @Test
  void file_cutAnywhere_keepsWhatIsWholeAndGoesOn() throws IOException {
    write(ONE, TWO);
    byte[] whole = Files.readAllBytes(file());
    int firstEnd = 8 + 8 + ONE.length;
    for (int length = 0; length < whole.length; length++) {
      Files.write(file(), Arrays.copyOf(whole, length));
      List<String> expected = length >= firstEnd ? List.of(hex(ONE)) : List.of();
      assertEquals(expected, read(), "of " + length + " bytes");
      write(TWO);
      assertEquals(expected.size() + 1, read().size(), "behind " + length + " bytes");
    }
  }

  @Test
  void record_withABitTurned_endsTheFile() throws IOException {
    write(ONE, TWO);
    byte[] whole = Files.readAllBytes(file());
    for (int at = 8; at < whole.length; at++) {
      byte[] turned = whole.clone();
      turned[at] ^= 4;
      Files.write(file(), turned);
      assertEquals(at < 8 + 8 + ONE.length ? 0 : 1, read().size(), "bit in byte " + at);
    }
  }

  @Test
  void replace_keepsTheNewRecordsAlone() throws IOException {
    try (JournalFile journal = JournalFile.open(directory)) {
      journal.append(List.of(ONE, ONE, ONE), false);
      journal.replace(List.of(TWO));
      journal.append(List.of(ONE), true);
      assertEquals(Files.size(file()), journal.bytes());
    }
    assertEquals(List.of(hex(TWO), hex(ONE)), read());
  }

  @Test
  void replace_thatWasCutShort_leavesTheOldOne() throws IOException {
    write(ONE);
    Files.write(directory.resolve("locks.journal.new"), TWO);
    assertEquals(List.of(hex(ONE)), read());
    try (JournalFile journal = JournalFile.open(directory)) {
      journal.replace(List.of(TWO));
    }
    assertEquals(List.of(hex(TWO)), read());
  }

  @Test
  void directory_thatIsInUse_isRefused() throws IOException {
    try (JournalFile journal = JournalFile.open(directory)) {
      assertEquals(8, journal.bytes());
      IOException refused =
          assertThrows(IOException.class, () -> JournalFile.open(directory).close());
      assertTrue(refused.getMessage().contains("another process"), refused.getMessage());
    }
    assertEquals(List.of(), read());
  }

  @Test
  void file_ofAnotherKind_isRefusedAndLeftAlone() throws IOException {
    byte[] other = "somebody's letters".getBytes(StandardCharsets.US_ASCII);
    Files.write(file(), other);
    assertThrows(IOException.class, this::read);
    assertArrayEquals(other, Files.readAllBytes(file()));
  }
}
