package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SourcePortsTest {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();
  private static final InetSocketAddress CLIENT = new InetSocketAddress(HOST, 700);
  private static final InetSocketAddress ORIGIN = new InetSocketAddress(HOST, 2049);
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
      SourcePorts.Source source = sources.take(CLIENT, ORIGIN, true, true);
      assertTrue(source.isReserved());
      taken.add(source);
    }
    return taken;
  }

  @Test
  void auto_ifNoneIsLeft_waitsWhilePatient_thenGoesAbove1023_andComesBack() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    List<SourcePorts.Source> taken = exhaust(sources);
    assertThrows(
        SourcePorts.ExhaustedException.class, () -> sources.take(CLIENT, ORIGIN, true, true));
    assertEquals(0, warnings.list.size());
    SourcePorts.Source above = sources.take(CLIENT, ORIGIN, false, true);
    assertFalse(above.isReserved());
    assertTrue(above.local().getPort() > 1023);
    assertEquals(
        Map.of("connectionsBelow1024", 357L, "connectionsAbove1023", 1L), sources.counts());

    sources.giveBack(taken.get(7), ORIGIN);
    assertTrue(sources.take(CLIENT, ORIGIN, false, true).isReserved());
    sources.giveBack(above, ORIGIN);
    assertEquals(
        Map.of("connectionsBelow1024", 357L, "connectionsAbove1023", 0L), sources.counts());
  }

  // Others on this machine, and what is in TIME_WAIT, leave a process no port either.
  @Test
  void auto_ifAllArePortsThatTheSystemRefuses_goesAbove1023_andTriesAgainLater() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    for (int i = 0; i < 357; i++) {
      sources.refused(sources.take(CLIENT, ORIGIN, false, true), ORIGIN);
    }
    assertFalse(sources.take(CLIENT, ORIGIN, false, true).isReserved());
    nowNanos += 10 * SECOND;
    assertTrue(sources.take(CLIENT, ORIGIN, false, true).isReserved());
  }

  @Test
  void exhaustion_isWarnedAboutOnceAMinute_withTheCure() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    exhaust(sources);
    for (int second = 0; second < 61; second++) {
      sources.take(CLIENT, ORIGIN, false, true);
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
          SourcePorts.ExhaustedException.class,
          () -> sources.take(CLIENT, ORIGIN, isPatient, true));
    }
    assertEquals(1, warnings.list.size());
    String said = warnings.list.get(0).getFormattedMessage();
    assertTrue(said.contains("backend.origin.localAddresses"), said);
  }

  @Test
  void proxyItself_getsAPort_whenClientsGetNone() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.ALWAYS);
    exhaust(sources);
    assertTrue(sources.takeOwn(ORIGIN, null).isReserved());
    assertTrue(sources.takeOwn(ORIGIN, null).isReserved());
    assertThrows(SourcePorts.ExhaustedException.class, () -> sources.takeOwn(ORIGIN, null));
  }

  @Test
  void never_takesNoReservedPort() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.NEVER);
    assertFalse(sources.take(CLIENT, ORIGIN, true, true).isReserved());
  }

  @Test
  void reservedPortsThatMayNotBeBound_areNotTriedAgain() throws Exception {
    SourcePorts auto = sources(ReservedPortPolicy.AUTO);
    auto.forbidReserved();
    assertFalse(auto.take(CLIENT, ORIGIN, true, true).isReserved());
    SourcePorts always = sources(ReservedPortPolicy.ALWAYS);
    always.forbidReserved();
    assertThrows(
        SourcePorts.ExhaustedException.class, () -> always.take(CLIENT, ORIGIN, true, true));
  }

  private static InetSocketAddress client(String address, int port) throws Exception {
    return new InetSocketAddress(InetAddress.getByName(address), port);
  }

  @Test
  void client_afterARestart_leavesFromTheSamePort() throws Exception {
    for (ReservedPortPolicy policy : ReservedPortPolicy.values()) {
      for (int port = 665; port < 1024; port++) {
        InetSocketAddress client = client("192.0.2.7", port);
        assertEquals(
            sources(policy).take(client, ORIGIN, true, true).local(),
            sources(policy).take(client, ORIGIN, true, true).local());
      }
    }
  }

  @Test
  void clientsThatWantOnePort_getOneEach() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.AUTO);
    int first = sources.take(CLIENT, ORIGIN, true, true).local().getPort();
    int second = sources.take(CLIENT, ORIGIN, true, true).local().getPort();
    assertEquals(first == 1023 ? 665 : first + 1, second);
  }

  @Test
  void clientThatComesBackAtOnce_leavesFromAnotherPort_andLaterFromItsOwn() throws Exception {
    for (ReservedPortPolicy policy : ReservedPortPolicy.values()) {
      SourcePorts sources = sources(policy);
      SourcePorts.Source before = sources.take(CLIENT, ORIGIN, true, true);
      sources.giveBack(before, ORIGIN);
      nowNanos += RestingPorts.REST_NANOS - 1;
      SourcePorts.Source soon = sources.take(CLIENT, ORIGIN, true, true);
      assertNotEquals(before.local(), soon.local());
      nowNanos += 1;
      assertEquals(before.local(), sources.take(CLIENT, ORIGIN, true, true).local());
    }
  }

  @Test
  void portAbove1023_thatSomebodyElseHas_isLeftToTheSystem() throws Exception {
    SourcePorts sources = sources(ReservedPortPolicy.NEVER);
    assertTrue(sources.take(CLIENT, ORIGIN, true, true).local().getPort() > 1023);
    assertEquals(0, sources.take(CLIENT, ORIGIN, true, false).local().getPort());
  }

  @Test
  void clientsOfOneSite_wantDifferentPorts() throws Exception {
    Set<Integer> ports = new HashSet<>();
    for (int host = 1; host <= 100; host++) {
      InetSocketAddress client = client("192.0.2." + host, 900);
      ports.add(Math.floorMod(WantedPort.number(client), ReservedPorts.PORTS - 8));
    }
    assertTrue(ports.size() > 75, () -> ports.size() + " of 100"); // 88 are expected of chance
  }

  @Test
  void rangeOfPorts_isTheSystems_orLinuxDefault(@TempDir Path folder) throws Exception {
    InetSocketAddress client = client("2001:db8::7", 900);
    Path range = Files.writeString(folder.resolve("one"), "40000\t40000\n");
    assertEquals(40000, WantedPort.of(range).of(client));
    for (String useless : List.of("", "x y", "7", "50000 40000")) {
      Path file = Files.writeString(folder.resolve("useless"), useless);
      int port = WantedPort.of(file).of(client);
      assertTrue(port >= 32768 && port <= 60999, () -> useless + ": " + port);
    }
    assertTrue(WantedPort.of(folder.resolve("none")).of(client) >= 32768);
  }
}
