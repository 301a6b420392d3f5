package org.nfsproxy.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class ToldOnceTest {
  @Test
  void line_isTold_whenItBecomesTrue_andNotAgainAsLongAsItIs() {
    ToldOnce told = new ToldOnce();
    assertEquals(List.of("a"), told.news(List.of("a")));
    assertEquals(List.of("b"), told.news(List.of("a", "b")));
    assertEquals(List.of(), told.news(List.of("b")));
    assertEquals(List.of("a"), told.news(List.of("a", "b")));
  }
}
