package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SourcePortsTest {
  private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress ORIGIN = new InetSocketAddress(CLIENT, 2049);
  private static final long SECOND = 1_000_000_000L;

  private final ListAppender<ILoggingEvent> warnings = new ListAppender<>();
  private long nowNanos = 5 * SECOND;

  @BeforeEach
  void listen() {
    warnings.start();
    ((Logger) LoggerFactory.getLogger(SourcePorts.class)).addAppender(warnings);
  }

  @AfterEach
  void listenNoMore() {
    ((Logger) LoggerFactory.getLogger(SourcePorts.class)).detachAppender(warnings);
  }

  private SourcePorts sources(ReservedPortPolicy policy) {
    return new SourcePorts(policy, List.of(), 0, () -> nowNanos);
  }

  /** Takes what clients may have: all but the proxy's own two. */
  private static List<SourcePorts.Source> exhaust(SourcePorts sources) throws Exception {
    List<SourcePorts.Source> taken = new ArrayList<>();
    for (int i = 0; i < 357; i++) {
      SourcePorts.Source source = sources.take(CLIENT, ORIGIN, true);
      assertTrue(source.isReserved());
      taken.add(source);
    }
    return taken;
  }

  @Test
  void auto_ifNoneIsLeft_waitsWhilePatient_thenGoesAbove1023_andComesBack() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    List<SourcePorts.Source> taken = exhaust(sources);
    assertThrows(SourcePorts.ExhaustedException.class, () -> sources.take(CLIENT, ORIGIN, true));
    assertEquals(0, warnings.list.size());
    SourcePorts.Source above = sources.take(CLIENT, ORIGIN, false);
    assertFalse(above.isReserved());
    assertEquals(0, above.local().getPort());
    assertEquals(
        Map.of("connectionsBelow1024", 357L, "connectionsAbove1023", 1L), sources.counts());

    sources.giveBack(taken.get(7), ORIGIN);
    assertTrue(sources.take(CLIENT, ORIGIN, false).isReserved());
    sources.giveBack(above, ORIGIN);
    assertEquals(
        Map.of("connectionsBelow1024", 357L, "connectionsAbove1023", 0L), sources.counts());
  }

  // Others on this machine, and what is in TIME_WAIT, leave a process no port either.
  @Test
  void auto_ifAllArePortsThatTheSystemRefuses_goesAbove1023_andTriesAgainLater() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    for (int i = 0; i < 357; i++) {
      sources.refused(sources.take(CLIENT, ORIGIN, false), ORIGIN);
    }
    assertFalse(sources.take(CLIENT, ORIGIN, false).isReserved());
    nowNanos += 10 * SECOND;
    assertTrue(sources.take(CLIENT, ORIGIN, false).isReserved());
  }

  @Test
  void exhaustion_isWarnedAboutOnceAMinute_withTheCure() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    exhaust(sources);
    for (int second = 0; second < 61; second++) {
      sources.take(CLIENT, ORIGIN, false);
      nowNanos += SECOND;
    }
    assertEquals(2, warnings.list.size());
    String said = warnings.list.get(0).getFormattedMessage();
    assertTrue(said.contains("backend.origin.localAddresses"), said);
    assertTrue(said.contains("\"insecure\""), said);
    assertTrue(said.contains("above 1023"), said);
  }

  @Test
  void always_ifNoneIsLeft_givesNoOther_andWarnsWithTheCure() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.ALWAYS);
    exhaust(sources);
    for (boolean isPatient : new boolean[] {true, false}) {
      assertThrows(
          SourcePorts.ExhaustedException.class, () -> sources.take(CLIENT, ORIGIN, isPatient));
    }
    assertEquals(1, warnings.list.size());
    String said = warnings.list.get(0).getFormattedMessage();
    assertTrue(said.contains("backend.origin.localAddresses"), said);
  }

  @Test
  void proxyItself_getsAPort_whenClientsGetNone() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.ALWAYS);
    exhaust(sources);
    assertTrue(sources.take(null, ORIGIN, true).isReserved());
    assertTrue(sources.take(null, ORIGIN, true).isReserved());
    assertThrows(SourcePorts.ExhaustedException.class, () -> sources.take(null, ORIGIN, true));
  }

  @Test
  void never_takesNoReservedPort() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.NEVER);
    assertFalse(sources.take(CLIENT, ORIGIN, true).isReserved());
  }

  @Test
  void reservedPortsThatMayNotBeBound_areNotTriedAgain() throws Exception {
    SourcePorts auto = sources(ReservedPortPolicy.AUTO);
    auto.forbidReserved();
    assertFalse(auto.take(CLIENT, ORIGIN, true).isReserved());
    SourcePorts always = sources(ReservedPortPolicy.ALWAYS);
    always.forbidReserved();
    assertThrows(SourcePorts.ExhaustedException.class, () -> always.take(CLIENT, ORIGIN, true));
  }
}
