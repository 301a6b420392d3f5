package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which instance a stretch is at home at. */
class HomesTest {
  private static final long STRETCH = 1L << Homes.STRETCH_BITS;
  private static final int STRETCHES = 20_000;

  private static List<String> instances(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("instance-" + i);
    }
    return names;
  }

  private static String home(Homes homes, int number) {
    return Objects.requireNonNull(homes.of(Told.file(number / 100), number % 100 * STRETCH));
  }

  @Test
  void stretches_areAtHomeAtEachInstance_aboutEquallyOften() {
    for (int count : new int[] {2, 3, 8, 50}) {
      Homes homes = new Homes(instances(count));
      Map<String, Integer> times = new HashMap<>();
      for (int i = 0; i < STRETCHES; i++) {
        times.merge(home(homes, i), 1, Integer::sum);
      }
      double mean = (double) STRETCHES / count;
      assertEquals(count, times.size());
      for (Map.Entry<String, Integer> each : times.entrySet()) {
        double off = Math.abs(each.getValue() - mean) / Math.sqrt(mean);
        assertTrue(off < 5, count + " instances: " + each + ", of " + mean);
      }
    }
  }

  @Test
  void instance_leaves_onlyItsStretchesMove_toAllThatAreLeft() {
    Homes before = new Homes(instances(8));
    Homes after = new Homes(instances(8).subList(0, 7));
    Map<String, Integer> movedTo = new HashMap<>();
    for (int i = 0; i < STRETCHES; i++) {
      String was = home(before, i);
      String is = home(after, i);
      if (was.equals("instance-7")) {
        movedTo.merge(is, 1, Integer::sum);
      } else {
        assertEquals(was, is);
      }
    }
    assertEquals(7, movedTo.size());
    movedTo.forEach((to, times) -> assertTrue(times > STRETCHES / 8 / 7 / 2, to + " " + times));
  }

  @Test
  void sameInstances_inAnyOrder_sameHomes() {
    Homes one = new Homes(List.of("b", "a", "c", "a"));
    Homes other = new Homes(List.of("c", "b", "a"));
    assertEquals(one.instances(), other.instances());
    for (int i = 0; i < 1000; i++) {
      assertEquals(home(one, i), home(other, i));
    }
  }

  @Test
  void bytesOfOneStretch_haveOneHome_andThoseOfALargeFileMany() {
    Homes homes = new Homes(instances(8));
    assertEquals(homes.of(Told.file(1), 3 * STRETCH), homes.of(Told.file(1), 4 * STRETCH - 1));
    long different =
        java.util.stream.LongStream.range(0, 100)
            .mapToObj(stretch -> homes.of(Told.file(1), stretch * STRETCH))
            .distinct()
            .count();
    assertEquals(8, different);
  }

  @Test
  void nobody_noHome() {
    assertNull(new Homes(List.of()).of(Told.file(1), 0));
  }

  // Instances of different versions of the proxy must agree. Whoever changes the hash makes them
  // ask two homes while they are being replaced.
  @Test
  void homes_areThoseOfOldReleases() {
    Homes homes = new Homes(List.of("a", "b", "c", "d"));
    StringBuilder told = new StringBuilder();
    for (int i = 0; i < 24; i++) {
      told.append(homes.of(Told.file(i / 4), i % 4 * STRETCH));
    }
    assertEquals("bababbbbdbbbdbddbddcccad", told.toString());
  }
}
