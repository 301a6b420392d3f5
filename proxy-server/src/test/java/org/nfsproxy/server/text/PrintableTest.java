package org.nfsproxy.server.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void plainText_staysAsItIs() {
    assertEquals("café /export", Printable.text("café /export", 20));
  }

  @Test
  void controlAndFormatCharacters_areEscaped() {
    assertEquals(
        "a\\033[2J\\012b\\u{202e}\\u{85}", Printable.text("a\u001b[2J\nb\u202e\u0085", 99));
  }

  @Test
  void longText_isCut_andNoPairIsSplit() {
    assertEquals("abc…", Printable.text("abcdef", 3));
    assertEquals("ab…", Printable.text("ab\ud83d\ude00c", 3));
    assertEquals("abc", Printable.text("abc", 3));
  }

  @Test
  void bytesThatAreNoUtf8_areEscaped() {
    assertEquals("a\\377", Printable.text(new byte[] {'a', -1}, 20));
    assertEquals("é", Printable.text("é".getBytes(StandardCharsets.UTF_8), 20));
  }

  @Test
  void manyBytes_areCut() {
    assertEquals("\\00…", Printable.text(new byte[1 << 20], 3));
  }
}
