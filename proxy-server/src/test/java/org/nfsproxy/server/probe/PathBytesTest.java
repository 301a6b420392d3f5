package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.PathName;
import org.nfsproxy.server.text.Printable;

class PathBytesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/export", "/é/ü", "/a\nb", "/a\\b", "/\u202e", "/\ud83d\ude00", "/\udb40\udc01"})
  void printedPath_becomesItsBytes(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(bytes, PathBytes.bytes(Printable.text(PathName.text(bytes), 400)));
  }

  @Test
  void noUtf8_becomesItsBytes() {
    byte[] bytes = {'/', -1, -2, 'a'};
    assertArrayEquals(bytes, PathBytes.bytes(PathName.text(bytes)));
  }

  @Test
  void path_isCutAtItsSlashes() {
    assertEquals(2, PathBytes.names("/a//b/").size());
    assertEquals(0, PathBytes.names("/").size());
  }
}
