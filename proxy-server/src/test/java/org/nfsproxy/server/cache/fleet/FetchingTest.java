package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/** Who fetches what. */
class FetchingTest {
  private static final FileKey FILE = Told.file(1);
  private static final FileVersion V1 = Told.version(1);
  private static final FileVersion V2 = Told.version(2);
  private static final long BOUND = 2_000;

  private final Fetching fetching = new Fetching(4, BOUND);

  private boolean begin(Object member, long from, long to) {
    return fetching.begin(member, FILE, V1, from, to, 0);
  }

  @Test
  void range_isFetchedUntilItHasArrived_pieceByPiece() {
    begin("a", 100, 400);
    assertEquals(400, fetching.until(FILE, V1, 100));
    assertEquals(99, fetching.until(FILE, V1, 99));
    assertEquals(400, fetching.until(FILE, V1, 399));
    assertEquals(400, fetching.until(FILE, V1, 400));
    fetching.arrived(FILE, V1, 100, 200);
    assertEquals(100, fetching.until(FILE, V1, 100));
    assertEquals(400, fetching.until(FILE, V1, 200));
    fetching.arrived(FILE, V1, 300, 500);
    assertEquals(300, fetching.until(FILE, V1, 200));
    fetching.arrived(FILE, V1, 0, 1_000);
    assertEquals(0, fetching.size());
    assertNull(fetching.version(FILE));
  }

  @Test
  void otherVersionArrives_theOneThatWasHopedForComesNoMore() {
    begin("a", 0, 100);
    assertEquals(0, fetching.until(FILE, V2, 0));
    fetching.arrived(FILE, V2, 0, 10);
    assertEquals(0, fetching.size());
  }

  @Test
  void twoVersions_theNewerIsTold() {
    begin("a", 0, 100);
    fetching.begin("b", FILE, V2, 0, 100, 0);
    assertEquals(V2, fetching.version(FILE));
    fetching.left("b");
    assertEquals(V1, fetching.version(FILE));
  }

  @Test
  void time_isOver_theFileIsTold() {
    begin("a", 0, 100);
    assertEquals(Set.of(), fetching.expire(BOUND - 1));
    assertEquals(Set.of(FILE), fetching.expire(BOUND));
    assertEquals(0, fetching.size());
  }

  @Test
  void givenUp_onlyItsOwn() {
    begin("a", 0, 100);
    begin("b", 0, 200);
    fetching.givenUp("a", FILE, 0, 100);
    assertEquals(200, fetching.until(FILE, V1, 0));
    assertEquals(1, fetching.size());
    assertEquals(Set.of(FILE), fetching.left("b"));
    assertEquals(Set.of(), fetching.left("b"));
  }

  @Test
  void instance_fetchesSoMuchAndNoMore_othersDo() {
    for (int i = 0; i < 4; i++) {
      assertTrue(begin("a", i * 100, i * 100 + 100));
    }
    assertFalse(begin("a", 500, 600));
    assertTrue(begin("b", 500, 600));
    fetching.arrived(FILE, V1, 0, 100);
    assertTrue(begin("a", 600, 700));
  }

  @Test
  void file_hasABoundOfItsOwn() {
    for (int i = 0; i < Fetching.PER_FILE_MAX; i++) {
      assertTrue(begin("member" + i, i, i + 1));
    }
    assertFalse(begin("one more", 0, 1));
    assertTrue(fetching.begin("one more", Told.file(2), V1, 0, 1, 0));
  }
}
