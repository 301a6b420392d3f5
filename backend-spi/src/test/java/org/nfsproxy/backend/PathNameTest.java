package org.nfsproxy.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PathNameTest {
  private static String text(int... bytes) {
    byte[] name = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      name[i] = (byte) bytes[i];
    }
    return PathName.text(name);
  }

  @Test
  void text_ofUtf8_isItself() {
    assertEquals("Größe 東京 🗄", PathName.text("Größe 東京 🗄".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void text_ofOtherBytes_isOctalForEachThatIsNoAscii() {
    assertEquals("caf\\351", text('c', 'a', 'f', 0xe9));
    assertEquals("\\377\\376", text(0xff, 0xfe));
    assertEquals("\\303\\251\\377", text(0xc3, 0xa9, 0xff));
  }

  @Test
  void text_ofControlCharacters_staysOnOneLine() {
    assertEquals("a\\012b\\033[2J", text('a', '\n', 'b', 0x1b, '[', '2', 'J'));
    assertEquals("\\205", PathName.text("\u0085".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void text_ofABackslash_cannotPassForAnother() {
    assertEquals("\\134351", text('\\', '3', '5', '1'));
  }
}
