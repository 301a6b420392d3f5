package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.listen.ConnectionState.ANSWERED;
import static org.nfsproxy.server.listen.ConnectionState.CLIENT_ENDED;
import static org.nfsproxy.server.listen.ConnectionState.CLOSED;
import static org.nfsproxy.server.listen.ConnectionState.DRAINED;
import static org.nfsproxy.server.listen.ConnectionState.DRAINING;
import static org.nfsproxy.server.listen.ConnectionState.OPEN;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConnectionStateTest {
  private static final Map<ConnectionState, Set<ConnectionState>> LEGAL =
      Map.of(
          OPEN, EnumSet.of(DRAINING, CLIENT_ENDED, CLOSED),
          DRAINING, EnumSet.of(CLIENT_ENDED, DRAINED, CLOSED),
          CLIENT_ENDED, EnumSet.of(ANSWERED, CLOSED),
          DRAINED, EnumSet.of(CLOSED),
          ANSWERED, EnumSet.of(CLOSED),
          CLOSED, EnumSet.noneOf(ConnectionState.class));

  @ParameterizedTest
  @EnumSource
  void state_becomesWhatIsLegal_andNothingElse(ConnectionState from) {
    for (ConnectionState next : ConnectionState.values()) {
      if (LEGAL.get(from).contains(next)) {
        assertSame(next, from.become(next));
      } else {
        assertThrows(IllegalStateException.class, () -> from.become(next), from + " to " + next);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void state_neverComesBack(ConnectionState from) {
    Set<ConnectionState> later = LEGAL.get(from);
    for (int i = 0; i < ConnectionState.values().length; i++) {
      later =
          Stream.concat(later.stream(), later.stream().flatMap(each -> LEGAL.get(each).stream()))
              .collect(Collectors.toSet());
    }
    assertFalse(later.contains(from));
    assertEquals(from != CLOSED, later.contains(CLOSED));
  }

  // Whose last bytes are written is not read, nor is a reply carried to it.
  @Test
  void statesBehindTheLastReply_doNotServe() {
    assertTrue(OPEN.isServing() && DRAINING.isServing() && CLIENT_ENDED.isServing());
    assertFalse(DRAINED.isServing() || ANSWERED.isServing() || CLOSED.isServing());
  }
}
