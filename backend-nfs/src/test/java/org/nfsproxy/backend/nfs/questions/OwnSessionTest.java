package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;

/** Questions to an origin that has no NFSv4.0. */
class OwnSessionTest extends Asking {
  private static final ObjectIdentity DIRECTORY = new ObjectIdentity(7, 8, 9, 2);

  private final SessionOrigin origin = new SessionOrigin();
  private OriginQuestions questions;

  @BeforeEach
  void serve() {
    fake.on(100003, 4, 1, origin);
    questions = questions(PATIENCE_MILLIS);
  }

  private OriginQuestions questions(int callMillis) {
    return new OriginQuestions(
        vertx,
        server -> connector(callMillis).connect(loopback(fake.port())),
        loopback(2049),
        CallCredential.sys("proxy", 0, 0),
        null,
        new QuestionConnection.Bounds(32, 4096, PATIENCE_MILLIS, 50));
  }

  @AfterEach
  void close() throws Exception {
    await(questions.close());
    assertNull(origin.wrong());
  }

  private static Filehandle handle(int number) {
    return Filehandle.of(new byte[] {(byte) number, (byte) (number >> 8)});
  }

  private Future<ObjectIdentity> ask(int number) {
    return questions.identify(handle(number), 4);
  }

  @Test
  void question_withoutMinorVersion0_goesByASession() throws Exception {
    assertEquals(DIRECTORY, await(ask(1)));
    assertEquals(List.of("42", "43", "53"), List.copyOf(origin.operations));
    assertEquals(DIRECTORY, await(ask(2)));
    assertEquals(1, origin.sessions());
    assertEquals(5, fake.calls(), "minor version 0 is tried once");
  }

  @Test
  void question_withMinorVersion2Only_goesByASessionOfThat() throws Exception {
    origin.minorVersion = 2;
    assertEquals(DIRECTORY, await(ask(1)));
  }

  @Test
  void questions_moreThanSlots_keepEachSlotInStep() throws Exception {
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      asked.add(ask(i));
    }
    for (Future<ObjectIdentity> one : asked) {
      assertEquals(DIRECTORY, await(one));
    }
    assertEquals(500, origin.sequences.get());
    assertEquals(1, origin.sessions());
  }

  @Test
  void question_refused_failsWithTheStatusAndTheSessionGoesOn() throws Exception {
    origin.status = 70;
    assertEquals(70, failure(NfsStatusException.class, ask(1)).status());
    origin.status = 0;
    assertEquals(DIRECTORY, await(ask(2)));
    assertEquals(1, origin.sessions());
    assertEquals(2, origin.sequences.get());
  }

  @Test
  void origin_restarted_getsANewSessionAndTheQuestionAgain() throws Exception {
    await(ask(1));
    origin.restart();
    assertEquals(DIRECTORY, await(ask(2)));
    assertEquals(1, origin.sessions());
  }

  @Test
  void connection_lost_leavesOneSession() throws Exception {
    await(ask(1));
    fake.on(100003, 4, 1, AnsweringOrigin.closing());
    ask(2).onComplete(any -> {});
    while (fake.connections() < 2) {
      Thread.sleep(5);
    }
    fake.on(100003, 4, 1, origin);
    for (int i = 0; i < 200 && !answers(3 + i); i++) {
      Thread.sleep(20);
    }
    assertTrue(answers(300));
    assertEquals(1, origin.sessions());
  }

  private boolean answers(int number) throws InterruptedException {
    try {
      return DIRECTORY.equals(await(ask(number)));
    } catch (Exception notYet) {
      return false;
    }
  }

  // BADSESSION, DEADSESSION, SEQ_MISORDERED, RETRY_UNCACHED_REP
  @ParameterizedTest
  @ValueSource(ints = {10052, 10078, 10063, 10068})
  void sequence_refusedOnce_isAskedAgainInANewSession(int status) throws Exception {
    await(ask(1));
    origin.refuseTimes = 1;
    origin.refuseSequence = status;
    assertEquals(DIRECTORY, await(ask(2)));
    assertEquals(1, origin.sessions(), "the one before is gone at the origin too");
  }

  @Test
  void sequence_refusedAlways_failsAndDoesNotWearTheOriginDown() throws Exception {
    origin.refuseSequence = 10052;
    for (int i = 0; i < 50; i++) {
      assertEquals(10052, failure(NfsStatusException.class, ask(i)).status());
    }
    long made = origin.operations.stream().filter("43"::equals).count();
    assertTrue(made < 10, made + " sessions for 50 questions");
  }

  @Test
  void sequence_delayed_isAnAnswerAndKeepsTheSlotsSequence() throws Exception {
    await(ask(1));
    origin.refuseTimes = 1;
    origin.refuseSequence = 10008;
    assertEquals(10008, failure(NfsStatusException.class, ask(2)).status());
    assertEquals(DIRECTORY, await(ask(3)));
    assertEquals(1, origin.operations.stream().filter("43"::equals).count());
  }

  @Test
  void silence_timesOutAndTheNextSessionWorks() throws Exception {
    await(questions.close());
    questions = questions(200);
    await(ask(1));
    origin.silent = true;
    failure(TimeoutException.class, ask(2));
    origin.silent = false;
    assertEquals(DIRECTORY, await(ask(3)));
    assertEquals(1, origin.sessions());
  }

  @Test
  void close_givesTheSessionBack() throws Exception {
    await(ask(1));
    assertEquals(1, origin.sessions());
    await(questions.close());
    assertEquals(0, origin.sessions());
    assertEquals("57", origin.operations.get(origin.operations.size() - 1));
  }
}
