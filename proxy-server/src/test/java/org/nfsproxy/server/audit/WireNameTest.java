package org.nfsproxy.server.audit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireNameTest {
  private static final int ROUNDS = 20_000;

  private static String text(String name) {
    return WireName.text(name.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void utf8_staysAsItIs_andABackslashIsTwo() {
    assertEquals("Übung \n\"a\"", text("Übung \n\"a\""));
    assertEquals("a\\\\x41", text("a\\x41"));
  }

  @Test
  void bytes_thatAreNoUtf8_areHexadecimal() {
    byte[] name = {'a', (byte) 0xff, 'b', (byte) 0xc3, 'c', (byte) 0xe2, (byte) 0x82};
    assertEquals("a\\xffb\\xc3c\\xe2\\x82", WireName.text(name));
    assertEquals("\\xc0\\x80", WireName.text(new byte[] {(byte) 0xc0, (byte) 0x80}));
  }

  /** What a reader does who wants the bytes. */
  private static byte[] bytes(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      if (point != '\\') {
        out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        i += Character.charCount(point);
      } else if (text.charAt(i + 1) == '\\') {
        out.write('\\');
        i += 2;
      } else {
        out.write(Integer.parseInt(text.substring(i + 2, i + 4), 16));
        i += 4;
      }
    }
    return out.toByteArray();
  }

  // Bytes of which many make up UTF-8, escapes and the ends of lines.
  private static final byte[] LIKELY = {
    '\\',
    'x',
    '4',
    'f',
    '"',
    '\n',
    '\r',
    0,
    0x7f,
    (byte) 0xc3,
    (byte) 0xa9,
    (byte) 0xe2,
    (byte) 0x80,
    (byte) 0xae,
    (byte) 0xf0,
    (byte) 0x9f,
    (byte) 0x98,
    (byte) 0x80,
    (byte) 0xed,
    (byte) 0xa0,
    (byte) 0xff
  };

  @Test
  void anyBytes_canBeToldFromALineOfAscii() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] name = new byte[random.nextInt(20)];
      for (int i = 0; i < name.length; i++) {
        name[i] = LIKELY[random.nextInt(LIKELY.length)];
      }
      String line = NotedJson.line(new JsonObject().put("name", WireName.text(name)));
      assertEquals(-1, firstOdd(line), () -> "seed " + seed + ": " + line);
      String read = new JsonObject(line).getString("name");
      assertArrayEquals(name, bytes(read), () -> "seed " + seed + ": " + line);
    }
  }

  private static int firstOdd(String line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) < 0x20 || line.charAt(i) > 0x7e) {
        return i;
      }
    }
    return -1;
  }
}
