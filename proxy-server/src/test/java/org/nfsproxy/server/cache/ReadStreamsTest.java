package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ReadStreamsTest {
  private static final int READ = 1000;
  private static final long MAX = 8000;

  private final ReadStreams streams = new ReadStreams();

  /** How many bytes are to be read behind a READ. */
  private long ahead(long offset) {
    return streams.noted(offset, offset + READ, MAX) - offset - READ;
  }

  @Test
  void firstRead_isNoReader() {
    assertEquals(0, ahead(0));
  }

  @Test
  void readerOnePartBehindTheOther_isReadForAsFarAsHeHasCome() {
    long at = 1_000_000_000;
    long[] expected = {0, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 8000};
    for (long each : expected) {
      assertEquals(each, ahead(at));
      at += READ;
    }
  }

  @Test
  void callsThatOvertakeEachOther_areOfOneReader() {
    ahead(0);
    ahead(1000);
    assertEquals(4000, ahead(3000));
    assertEquals(5000, ahead(2000), "up to where the other one is read for");
    assertEquals(5000, ahead(4000));
  }

  @Test
  void severalReaders_areToldApart() {
    for (int i = 0; i < 3; i++) {
      for (int reader = 0; reader < 4; reader++) {
        long ahead = ahead(reader * 1_000_000_000L + i * READ);
        assertEquals(i == 0 ? 0 : 1000L * i + 1000, ahead);
      }
    }
  }

  @Test
  void readsHereAndThere_areOfNobody() {
    Random random = new Random(7);
    long inVain = 0;
    for (int i = 0; i < 10_000; i++) {
      inVain += Math.max(0, ahead(random.nextInt(1_000_000) * 1_000_000L));
    }
    assertEquals(0, inVain);
  }

  @Test
  void readerWhoReadsTheSameAgainAndAgain_isNotReadForFurther() {
    ahead(0);
    ahead(1000);
    for (int i = 0; i < 100; i++) {
      assertTrue(streams.noted(1000, 2000, MAX) <= 4000);
    }
  }
}
