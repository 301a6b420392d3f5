package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.exports.VersionedFsid;

class WayTest {
  private static final Filehandle HANDLE = Filehandle.of(new byte[] {1, 2, 3});
  private static final VersionedFsid FSID = new VersionedFsid(4, 7, 0);

  private static Way way(Filehandle from, String... names) {
    Way way = Way.from(from);
    for (String name : names) {
      way = way.step(name.getBytes(StandardCharsets.UTF_8));
    }
    return way;
  }

  @Test
  void ways_areEqual_whereBeginningAndAllStepsAre() {
    assertEquals(way(HANDLE, "a", "b"), way(HANDLE, "a", "b"));
    assertEquals(way(HANDLE, "a", "b").hashCode(), way(HANDLE, "a", "b").hashCode());
    assertEquals(way(null), way(null));
    assertNotEquals(way(HANDLE, "a", "b"), way(null, "a", "b"));
    assertNotEquals(way(HANDLE, "a", "b"), way(HANDLE, "b", "a"));
    assertNotEquals(way(HANDLE, "a", "b"), way(HANDLE, "a"));
    assertNotEquals(way(HANDLE, "ab"), way(HANDLE, "a", "b"));
    assertNotEquals(way(HANDLE, "Aa", "c"), way(HANDLE, "BB", "c")); // of one hash
  }

  @Test
  void way_beyondItsBounds_isNotMade() {
    Way longest = Way.from(HANDLE);
    for (int i = 0; i < Way.STEPS_MAX; i++) {
      longest = longest.step(new byte[] {(byte) i});
    }
    Way whole = longest;
    assertThrows(IllegalArgumentException.class, () -> whole.step(new byte[1]));
    Way root = Way.from(null);
    assertThrows(IllegalArgumentException.class, () -> root.step(new byte[Way.NAME_BYTES_MAX + 1]));
    assertTrue(Way.mayStep(3, Way.PATH_BYTES_MAX - 5, 5));
    assertFalse(Way.mayStep(3, Way.PATH_BYTES_MAX - 5, 6));
  }

  // A name is a client's: 4,096 of the longest ways would be 16 MiB.
  @Test
  void crossings_ofLongNames_keepToTheirBytes() {
    Crossings crossings = new Crossings();
    for (int i = 0; i < 20_000; i++) {
      byte[] name = new byte[Way.NAME_BYTES_MAX];
      name[0] = (byte) i;
      name[1] = (byte) (i >> 8);
      Way way = Way.from(HANDLE).step(name);
      crossings.lead(way, FSID);
      assertTrue(crossings.bytes() <= Crossings.BYTES_MAX, "behind " + i);
      assertEquals(FSID, crossings.find(way));
    }
  }

  @Test
  void crossings_thatAreKeptAgain_areCountedOnce() {
    Crossings crossings = new Crossings();
    crossings.ledElsewhere(way(HANDLE, "a"));
    long once = crossings.bytes();
    crossings.lead(way(HANDLE, "a"), FSID);
    assertEquals(once, crossings.bytes());
    assertFalse(crossings.isToBeAsked(way(HANDLE, "a")));
  }
}
