package org.nfsproxy.server.containment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.MarkName;

class IdentitySuffixTest {
  private static final String SUFFIX = "/via:nfs-proxy";
  private final IdentitySuffix mark = new IdentitySuffix("nfs-proxy");

  private static byte[] name(int length) {
    byte[] name = new byte[length];
    Arrays.fill(name, (byte) 'n');
    return name;
  }

  @Test
  void name_getsTheMarkBehindIt() {
    assertEquals(
        "Linux NFSv4.2 host/via:nfs-proxy",
        new String(mark.on("Linux NFSv4.2 host".getBytes(UTF_8))));
    assertEquals(SUFFIX, new String(mark.on(new byte[0])));
  }

  @Test
  void names_thatJustFit_areWhole() {
    byte[] marked = mark.on(name(1024 - SUFFIX.length()));
    assertArrayEquals((new String(name(1010)) + SUFFIX).getBytes(UTF_8), marked);
  }

  @ParameterizedTest
  @ValueSource(ints = {1011, 1023, 1024, 5000})
  void names_thatDoNotFit_areShortened_markedAndKeptApart(int length) {
    byte[] name = name(length);
    byte[] other = name(length);
    other[length - 1] = 'm';
    byte[] marked = mark.on(name);
    assertEquals(IdentitySuffix.NAME_BYTES_MAX, marked.length);
    assertTrue(new String(marked).endsWith(SUFFIX));
    assertArrayEquals(marked, new IdentitySuffix("nfs-proxy").on(name(length)));
    assertFalse(Arrays.equals(marked, mark.on(other)));
    assertFalse(Arrays.equals(marked, mark.on(name(length + 1))));
  }

  @Test
  void clusters_haveDifferentMarks() {
    assertFalse(
        Arrays.equals(new IdentitySuffix("a").on(name(9)), new IdentitySuffix("b").on(name(9))));
    assertEquals(
        1024, new IdentitySuffix("c".repeat(MarkName.CLUSTER_NAME_MAX)).on(name(1024)).length);
  }
}
