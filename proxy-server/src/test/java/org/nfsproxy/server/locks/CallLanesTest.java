package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Nobody's silence delays another. */
class CallLanesTest {
  private static final int MAX = 16;
  private static final int STRANGERS_MAX = 4;
  private static final int PER_SECOND = 10;

  private long now;
  private final List<Runnable> timers = new ArrayList<>();
  private final List<LockEvent> events = new ArrayList<>();
  private final CallLanes lanes =
      new CallLanes(
          MAX,
          STRANGERS_MAX,
          PER_SECOND,
          () -> now,
          (millis, task) -> timers.add(task),
          events::add);

  /** Calls that have begun and have no answer, by client. */
  private final Map<InetAddress, List<Promise<String>>> begun = new HashMap<>();

  private static InetAddress client(int number) {
    try {
      return InetAddress.getByAddress(new byte[] {10, 1, (byte) (number >>> 8), (byte) number});
    } catch (UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private Future<String> call(int client) {
    return lanes.run(client(client), () -> begin(client));
  }

  /** A call for which a datagram asked, in a client's name. */
  private Future<String> callForADatagram(int client) {
    return lanes.runDoubtful(client(client), () -> begin(client));
  }

  private Future<String> begin(int client) {
    Promise<String> promise = Promise.promise();
    begun.computeIfAbsent(client(client), first -> new ArrayList<>()).add(promise);
    return promise.future();
  }

  private void answered(int client) {
    lanes.heard(client(client));
    call(client);
    take(client).complete("here");
  }

  private int running() {
    return begun.values().stream().mapToInt(List::size).sum();
  }

  private int begun(int client) {
    return begun.getOrDefault(client(client), List.of()).size();
  }

  private Promise<String> take(int client) {
    return begun.get(client(client)).remove(0);
  }

  private void pass(int millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    List<Runnable> due = List.copyOf(timers);
    timers.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void strangersThatHang_delayNoClientThatIsKnown() {
    lanes.heard(client(1));
    for (int stranger = 1_000; stranger < 3_000; stranger++) {
      call(stranger);
    }
    assertEquals(STRANGERS_MAX, begun.size());
    call(1);
    assertEquals(1, begun(1));
    assertTrue(events.contains(LockEvent.CALL_NO_ROOM), "those who wait are bounded too");
  }

  @Test
  void knownClientThatHangs_delaysNoOther() {
    lanes.heard(client(1));
    lanes.heard(client(2));
    for (int i = 0; i < 2 * CallLanes.PER_CLIENT_MAX; i++) {
      call(1);
    }
    assertEquals(4, begun(1));
    call(2);
    assertEquals(1, begun(2));
    assertEquals(CallLanes.PER_CLIENT_MAX, events.size());
  }

  @Test
  void clients_haveTheirTurnsOneAfterTheOther() {
    for (int client = 0; client < 6; client++) {
      answered(client);
    }
    for (int client = 0; client < 6; client++) {
      for (int i = 0; i < 8; i++) {
        call(client);
      }
    }
    assertEquals(MAX - STRANGERS_MAX, running());
    take(0).complete("done");
    take(0).complete("done");
    take(0).complete("done");
    take(0).complete("done");
    for (int client = 3; client < 6; client++) {
      assertTrue(begun(client) > 0, "client " + client);
    }
  }

  @Test
  void stranger_isCalledOnceAtATime_andLeftAloneWhenItDoesNotAnswer() {
    Future<String> first = call(1);
    Future<String> second = call(1);
    assertEquals(1, begun(1));
    take(1).fail(new IOException("nobody"));
    assertTrue(first.failed());
    assertTrue(second.failed(), "nor is one made that waits behind it");
    assertTrue(call(1).failed());
    assertEquals(List.of(LockEvent.CALL_RESTING), events);
    pass(1_000 * CallLanes.REST_SECONDS + 1);
    call(1);
    assertEquals(1, begun(1));
  }

  @Test
  void strangers_areCalledSoOftenInASecond_andNoOftener() {
    int calls = 0;
    for (int round = 0; round < 100; round++) {
      for (int i = 0; i < 10; i++) {
        call(round * 10 + i);
      }
      while (!begun.isEmpty()) {
        List<List<Promise<String>>> due = List.copyOf(begun.values());
        begun.clear();
        calls += due.size();
        due.forEach(each -> each.get(0).fail(new IOException("nobody")));
      }
      pass(20);
    }
    // 2 seconds, and what may come at once
    assertTrue(calls <= 3 * PER_SECOND + STRANGERS_MAX, calls + " calls");
    assertTrue(calls >= 2 * PER_SECOND, calls + " calls");
  }

  @Test
  void stranger_thatAnswers_isKnown_andOneThatNoLongerDoes_isAStrangerInSpiteOfItsConnections() {
    call(1);
    assertFalse(lanes.isKnown(client(1)));
    take(1).complete("here");
    assertTrue(lanes.isKnown(client(1)));
    call(1);
    take(1).fail(new IOException("away"));
    lanes.heard(client(1));
    assertFalse(lanes.isKnown(client(1)));
    pass(1_000 * CallLanes.DISTRUST_SECONDS + 1);
    lanes.heard(client(1));
    assertTrue(lanes.isKnown(client(1)));
  }

  @Test
  void strangerThatConnects_isCalledAtOnce_whateverHangs() {
    for (int stranger = 1_000; stranger < 1_100; stranger++) {
      call(stranger);
    }
    call(1);
    assertEquals(0, begun(1));
    lanes.heard(client(1));
    assertEquals(1, begun(1));
    take(1).complete("here");
    assertEquals(STRANGERS_MAX, running());
  }

  @Test
  void addressesThatOnlyConnectAndHang_delayNoClientThatHasAnswered() {
    answered(1);
    for (int connected = 1_000; connected < 1_100; connected++) {
      lanes.heard(client(connected));
      call(connected);
    }
    assertEquals((MAX - STRANGERS_MAX) / 2, running());
    call(1);
    assertEquals(1, begun(1));
  }

  @Test
  void datagramsInAClientsName_takeNoneOfItsPlaces() {
    answered(1);
    for (int i = 0; i < 40; i++) {
      callForADatagram(1);
    }
    assertEquals(1, begun(1));
    assertEquals(40 - CallLanes.PER_STRANGER_MAX, events.size());
    call(1);
    assertEquals(2, begun(1));
  }

  @Test
  void datagramsInClientsNames_areAnsweredAsSeldomAsStrangers() {
    int answers = 0;
    for (int client = 0; client < 5 * PER_SECOND; client++) {
      answered(client);
      boolean isMade =
          lanes.runDoubtful(client(client), () -> Future.succeededFuture("done")).succeeded();
      answers += isMade ? 1 : 0;
    }
    assertEquals(PER_SECOND, answers);
  }

  @Test
  void callForADatagram_thatFails_makesNoStrangerOfTheClient_andIsNotRepeatedAtOnce() {
    answered(1);
    callForADatagram(1);
    take(1).fail(new IOException("nobody"));
    assertTrue(lanes.isKnown(client(1)));
    assertTrue(callForADatagram(1).failed());
    assertEquals(List.of(LockEvent.CALL_RESTING), events);
    call(1);
    assertEquals(1, begun(1));
  }

  @Test
  void clientThatAnswersACallForADatagram_isKnown_andIsOwedWhatWaits() {
    for (int stranger = 1_000; stranger < 1_000 + STRANGERS_MAX - 1; stranger++) {
      call(stranger);
    }
    callForADatagram(1);
    call(1);
    assertEquals(1, begun(1), "strangers have no more places");
    take(1).complete("here");
    assertTrue(lanes.isKnown(client(1)));
    assertEquals(1, begun(1));
    assertEquals(STRANGERS_MAX, running());
  }

  @Test
  void callsThatEndAtOnce_doNotPileUp() {
    lanes.heard(client(1));
    for (int i = 0; i < 100_000; i++) {
      assertTrue(lanes.run(client(1), () -> Future.succeededFuture("done")).succeeded());
    }
  }
}
