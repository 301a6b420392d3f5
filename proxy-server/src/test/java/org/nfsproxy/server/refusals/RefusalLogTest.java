package org.nfsproxy.server.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.metrics.Refused;

class RefusalLogTest {
  private static final String RULE = "path /a";

  private final LogLines lines = LogLines.of(RefusalLog.class);
  private final AtomicInteger made = new AtomicInteger();

  @AfterEach
  void stop() {
    lines.close();
  }

  private static InetAddress client(int last) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  private void refuse(RefusalLog log, int client, Refused why, int times)
      throws UnknownHostException {
    for (int i = 0; i < times; i++) {
      log.refused(client(client), why, RULE, () -> "line " + made.incrementAndGet());
    }
  }

  @Test
  void refusals_ofOneKind_areToldOnce_andTheirNumberAtThePeriodsEnd() throws Exception {
    RefusalLog log = new RefusalLog(10);
    refuse(log, 1, Refused.ACCESS, 1000);
    assertEquals(List.of("WARN line 1"), lines.take());
    log.periodIsOver(60);
    assertEquals(
        List.of(
            "WARN client 10.0.0.1 is refused as before, by `access` of the rule for path /a: 999"
                + " more calls in the last 60 s"),
        lines.take());
  }

  @Test
  void refusal_afterAPeriodWithoutOne_isToldAnew() throws Exception {
    RefusalLog log = new RefusalLog(10);
    refuse(log, 1, Refused.ACCESS, 2);
    log.periodIsOver(60);
    lines.take();
    refuse(log, 1, Refused.ACCESS, 1);
    assertEquals(List.of(), lines.take());
    log.periodIsOver(60);
    assertEquals(1, lines.take().size());
    log.periodIsOver(60);
    assertEquals(List.of(), lines.take());
    refuse(log, 1, Refused.ACCESS, 1);
    assertEquals(List.of("WARN line 2"), lines.take());
  }

  @Test
  void clientsAndReasons_areToldApart() throws Exception {
    RefusalLog log = new RefusalLog(10);
    refuse(log, 1, Refused.ACCESS, 2);
    refuse(log, 2, Refused.ACCESS, 2);
    refuse(log, 2, Refused.CLIENTS, 2);
    assertEquals(List.of("WARN line 1", "WARN line 2", "WARN line 3"), lines.take());
  }

  @Test
  void whatClientsLookFor_isNoWarning() throws Exception {
    RefusalLog log = new RefusalLog(10);
    refuse(log, 1, Refused.HIDDEN, 1);
    refuse(log, 1, Refused.VERSIONS, 1);
    refuse(log, 1, Refused.REDIRECTION, 1);
    assertEquals(List.of("INFO line 1", "INFO line 2", "INFO line 3"), lines.take());
  }

  @Test
  void manyClients_writeABoundedNumberOfLines_andTheRestIsANumber() throws Exception {
    RefusalLog log = new RefusalLog(5);
    for (int period = 0; period < 3; period++) {
      for (int client = 0; client < 200; client++) {
        refuse(log, client, Refused.CLIENTS, 2);
      }
      log.periodIsOver(60);
      List<String> said = lines.take();
      assertTrue(said.size() <= 11, () -> said.size() + " lines");
      long told = period == 0 ? 5 : 0;
      assertEquals(400, told + numbers(said));
    }
  }

  private static long numbers(List<String> said) {
    Pattern number = Pattern.compile("(\\d+) more calls");
    return said.stream()
        .map(number::matcher)
        .filter(Matcher::find)
        .mapToLong(found -> Long.parseLong(found.group(1)))
        .sum();
  }

  @Test
  void noLines_whereNoneAreWanted() throws Exception {
    RefusalLog log = new RefusalLog(0);
    refuse(log, 1, Refused.ACCESS, 3);
    log.periodIsOver(60);
    assertEquals(List.of(), lines.take());
  }

  // None is lost between the one who counts and the one who tells.
  @Test
  void refusals_whilePeriodsEnd_areAllTold() throws Exception {
    int each = 20_000;
    RefusalLog log = new RefusalLog(10);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  refuse(log, 1, Refused.ACCESS, each);
                } catch (UnknownHostException impossible) {
                  throw new AssertionError(impossible);
                }
              });
      thread.start();
      threads.add(thread);
    }
    while (threads.stream().anyMatch(Thread::isAlive)) {
      log.periodIsOver(1);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    log.periodIsOver(1);
    log.periodIsOver(1);
    assertEquals(3 * each, made.get() + numbers(lines.lines()));
  }
}
