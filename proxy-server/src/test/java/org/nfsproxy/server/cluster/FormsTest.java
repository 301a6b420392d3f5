package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.VersionedFsid;

/** What instances write, byte by byte: those of the next version read it too. */
class FormsTest {
  private static final PeerExport TOLD =
      new PeerExport("/a/ü", List.of(new VersionedFsid(3, -1, 0), new VersionedFsid(4, 0x0102, 3)));
  private static final String TOLD_BYTES =
      "01"
          + "0005"
          + "2f612fc3bc"
          + "02"
          + "03"
          + "ffffffffffffffff"
          + "0000000000000000"
          + "04"
          + "0000000000000102"
          + "0000000000000003";
  private static final String KEY = "nfs.example.com 2049|4|102|3";

  private final PeerExportForm form = new PeerExportForm("nfs.example.com 2049");

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  @Test
  void export_isWrittenAndReadByteByByte() {
    assertArrayEquals(bytes(TOLD_BYTES), form.write(TOLD));
    assertEquals(KEY, form.key(TOLD.fsids().get(1)));
    assertEquals("nfs.example.com 2049|3|ffffffffffffffff|0", form.key(TOLD.fsids().get(0)));
    assertEquals(TOLD, form.read(KEY, bytes(TOLD_BYTES)));
  }

  @Test
  void exportOfAnotherOrigin_isNoneOfOurBusiness() {
    assertNull(form.read("nfs.example.com 20490|4|102|3", bytes("ff")));
    assertNull(form.read("", bytes("")));
  }

  @Test
  void exportCutAnywhere_isRefused() {
    byte[] whole = bytes(TOLD_BYTES);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(IllegalArgumentException.class, () -> form.read(KEY, cut), "length " + length);
    }
    byte[] longer = Arrays.copyOf(whole, whole.length + 1);
    assertThrows(IllegalArgumentException.class, () -> form.read(KEY, longer));
  }

  @Test
  void exportOfAnotherForm_isRefused() {
    for (int version : new int[] {0, 2, 255}) {
      byte[] other = bytes(TOLD_BYTES);
      other[0] = (byte) version;
      assertThrows(IllegalArgumentException.class, () -> form.read(KEY, other));
    }
  }

  @Test
  void exportUnderAnothersKey_isRefused() {
    String key = "nfs.example.com 2049|4|102|4";
    assertThrows(IllegalArgumentException.class, () -> form.read(key, bytes(TOLD_BYTES)));
  }

  @Test
  void exportWithAPathThatIsNoText_isRefused() {
    byte[] other = bytes(TOLD_BYTES);
    other[7] = (byte) 0xff;
    assertThrows(IllegalArgumentException.class, () -> form.read(KEY, other));
  }

  @Test
  void largestExport_fits() {
    String path = "/" + "x".repeat(PeerExport.PATH_BYTES_MAX - 1);
    PeerExport largest =
        new PeerExport(
            path,
            List.of(
                new VersionedFsid(2, 1, 0),
                new VersionedFsid(3, 1, 0),
                new VersionedFsid(4, 1, 2)));
    assertEquals(PeerExportForm.BYTES_MAX, form.write(largest).length);
    assertEquals(largest, form.read(form.key(largest.fsids().get(0)), form.write(largest)));
  }

  @Test
  void statement_isWrittenAndReadByteByByte() {
    UUID owner = new UUID(1, 2);
    byte[] text = "hello".getBytes(StandardCharsets.UTF_8);
    Statement said = new Statement(owner, "handles", "a-1", text);
    byte[] written = bytes("01" + "0000000000000001" + "0000000000000002" + "68656c6c6f");
    assertEquals("handles|a-1", said.key());
    assertArrayEquals(written, said.write());
    Statement read = Statement.read("handles|a-1", written);
    assertEquals(owner, read.owner());
    assertEquals("a-1", read.instance());
    assertArrayEquals(text, read.text());
  }

  @Test
  void statementOfNoForm_isRefused() {
    byte[] written = ByteBuffer.allocate(17).put((byte) 1).array();
    for (String key : List.of("", "a", "|a", "a|", "a|b|c", "a b|c", "a|" + "x".repeat(129))) {
      assertThrows(IllegalArgumentException.class, () -> Statement.read(key, written), key);
    }
    for (int length = 0; length < 17; length++) {
      byte[] cut = Arrays.copyOf(written, length);
      assertThrows(IllegalArgumentException.class, () -> Statement.read("a|b", cut));
    }
    byte[] long1 = Arrays.copyOf(written, Statement.BYTES_MAX + 1);
    assertThrows(IllegalArgumentException.class, () -> Statement.read("a|b", long1));
    assertEquals(0, Statement.read("a|b", written).text().length);
  }
}
