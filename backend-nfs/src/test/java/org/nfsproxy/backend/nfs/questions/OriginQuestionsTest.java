package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.acceptedAs;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.authError;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.bytes;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.closing;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.send;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.silence;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.ObjectIdentity;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.FullException;
import org.nfsproxy.rpc.RpcException;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Questions about filehandles, and the connection they go on. */
class OriginQuestionsTest extends Asking {
  private static final int NFS = 100003;
  private static final Filehandle HANDLE = Filehandle.of(new byte[] {1, 2, 3, 4, 5});
  private static final Filehandle HANDLE2 = Filehandle.of(new byte[32]);

  /** GETATTR3res: a directory of mode 755 on filesystem 0x1122334455667788, fileid 99. */
  private static final Consumer<XdrWriter> ATTRIBUTES3 =
      out -> {
        out.int32(0).int32(2).int32(0755).int32(3).int32(1000).int32(100);
        out.int64(4096).int64(8192).int64(0).int64(0x1122_3344_5566_7788L).int64(99);
        out.int64(0).int64(0).int64(0);
      };

  private OriginQuestions questions = questions(PATIENCE_MILLIS, PATIENCE_MILLIS, 32, 100);

  private OriginQuestions questions(
      int callMillis, int questionMillis, int inFlightMax, int waitingMax) {
    QuestionConnection.Bounds bounds =
        new QuestionConnection.Bounds(inFlightMax, waitingMax, questionMillis, 50);
    return new OriginQuestions(
        vertx,
        server -> connector(callMillis).connect(loopback(fake.port())),
        loopback(2049),
        CallCredential.sys("proxy", 0, 0),
        null,
        bounds);
  }

  @AfterEach
  void closeQuestions() throws Exception {
    await(questions.close());
  }

  @Test
  void identify_nfs3_isGetattr() throws Exception {
    AtomicReference<byte[]> handle = new AtomicReference<>();
    fake.on(
        NFS,
        3,
        1,
        (xid, arguments, out) -> {
          handle.set(arguments.opaque(64));
          success(ATTRIBUTES3).play(xid, arguments, out);
        });
    ObjectIdentity expected = new ObjectIdentity(0x1122_3344_5566_7788L, 0, 99, 2);
    assertEquals(expected, await(questions.identify(HANDLE, 3)));
    assertArrayEquals(HANDLE.bytes(), handle.get());
  }

  @Test
  void identify_nfs2_isGetattr() throws Exception {
    fake.on(
        NFS,
        2,
        1,
        success(
            out -> {
              out.int32(0).int32(1).int32(0644).int32(1).int32(0).int32(0).int32(5).int32(512);
              out.int32(0).int32(8).int32(0xffff_fff0).int32(0x8000_0001);
              out.int64(0).int64(0).int64(0);
            }));
    ObjectIdentity expected = new ObjectIdentity(0xffff_fff0L, 0, 0x8000_0001L, 1);
    assertEquals(expected, await(questions.identify(HANDLE2, 2)));
  }

  @Test
  void identify_nfs4_isTheGoldenCompound() throws Exception {
    AtomicReference<byte[]> asked = new AtomicReference<>();
    AnsweringOrigin.Script answer =
        success(
            out -> {
              out.int32(0).string("").int32(2).int32(22).int32(0).int32(9).int32(0);
              out.int32(1).int32(1 << 1 | 1 << 8 | 1 << 20).int32(28);
              out.int32(2).int64(7).int64(8).int64(9);
            });
    fake.on(
        NFS,
        4,
        1,
        (xid, arguments, out) -> {
          asked.set(arguments.fixed(arguments.remaining()));
          answer.play(xid, arguments, out);
        });
    assertEquals(new ObjectIdentity(7, 8, 9, 2), await(questions.identify(HANDLE, 4)));
    byte[] golden =
        bytes(
            out -> {
              out.int32(0).int32(0).int32(2); // tag, minor version, operations
              out.int32(22).opaque(HANDLE.bytes()); // PUTFH
              out.int32(9).int32(1).int32(0x0010_0102); // GETATTR type, fsid, fileid
            });
    assertArrayEquals(golden, asked.get());
  }

  @Test
  void parent_nfs3_isLookupOfDotDot() throws Exception {
    AtomicReference<String> name = new AtomicReference<>();
    AnsweringOrigin.Script answer = success(out -> out.int32(0).opaque(new byte[28]).bool(false));
    fake.on(
        NFS,
        3,
        3,
        (xid, arguments, out) -> {
          arguments.skipOpaque(64);
          name.set(arguments.string(255));
          answer.play(xid, arguments, out);
        });
    assertEquals(Filehandle.of(new byte[28]), await(questions.parent(HANDLE, 3)));
    assertEquals("..", name.get());
  }

  @Test
  void parent_nfs4_isLookupp() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        success(
            out -> {
              out.int32(0).string("").int32(3).int32(22).int32(0).int32(16).int32(0);
              out.int32(10).int32(0).opaque(new byte[128]);
            }));
    assertEquals(Filehandle.of(new byte[128]), await(questions.parent(HANDLE, 4)));
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 70", "3, 1, 13", "3, 1, 10008", "2, 1, 70"})
  void identify_refused_failsWithTheStatus(int version, int procedure, int status) {
    fake.on(NFS, version, procedure, success(out -> out.int32(status)));
    Future<ObjectIdentity> answer = questions.identify(HANDLE2, version);
    assertEquals(status, failure(NfsStatusException.class, answer).status());
  }

  @ParameterizedTest
  @ValueSource(ints = {70, 13, 10001, 10021}) // STALE, ACCESS, BADHANDLE, MINOR_VERS_MISMATCH
  void nfs4_refused_failsWithTheStatus(int status) {
    fake.on(NFS, 4, 1, success(o -> o.int32(status).string("").int32(1).int32(22).int32(status)));
    assertEquals(status, failure(NfsStatusException.class, questions.identify(HANDLE, 4)).status());
    assertEquals(status, failure(NfsStatusException.class, questions.parent(HANDLE, 4)).status());
  }

  @Test
  void parent_ofTheRoot_failsWithTheStatus() {
    fake.on(NFS, 3, 3, success(out -> out.int32(2).bool(false)));
    assertEquals(2, failure(NfsStatusException.class, questions.parent(HANDLE, 3)).status());
  }

  @Test
  void version_unknown_fails() {
    failure(IllegalArgumentException.class, questions.identify(HANDLE, 5));
    failure(IllegalArgumentException.class, questions.parent(HANDLE, 2));
    assertEquals(0, fake.connections());
  }

  @Test
  void results_truncatedAnywhere_areGarbage() throws Exception {
    byte[] whole = bytes(ATTRIBUTES3);
    AtomicInteger length = new AtomicInteger();
    fake.on(
        NFS,
        3,
        1,
        (xid, arguments, out) -> {
          byte[] cut = Arrays.copyOf(whole, length.get());
          byte[] header = bytes(o -> o.int32(xid).int32(1).int32(0).int32(0).int32(0).int32(0));
          byte[] message = Arrays.copyOf(header, header.length + cut.length);
          System.arraycopy(cut, 0, message, header.length, cut.length);
          send(out, message);
        });
    int fileidEnds = 4 + 5 * 4 + 5 * 8;
    for (int cut = 0; cut < fileidEnds; cut++) {
      length.set(cut);
      failure(XdrException.class, questions.identify(HANDLE, 3));
    }
    length.set(fileidEnds);
    await(questions.identify(HANDLE, 3));
    assertEquals(1, fake.connections(), "garbage in an answer is not the connection's fault");
  }

  @Test
  void attributes_nobodyAskedFor_areGarbage() {
    fake.on(
        NFS,
        4,
        1,
        success(
            out -> {
              out.int32(0).string("").int32(2).int32(22).int32(0).int32(9).int32(0);
              out.int32(1).int32(1 << 1 | 1 << 3 | 1 << 8).int32(28);
              out.int32(2).int64(7).int64(7).int64(8);
            }));
    failure(XdrException.class, questions.identify(HANDLE, 4));
  }

  @Test
  void attributes_withoutFileid_stillIdentifyTheFilesystem() throws Exception {
    fake.on(
        NFS,
        4,
        1,
        success(
            out -> {
              out.int32(0).string("").int32(2).int32(22).int32(0).int32(9).int32(0);
              out.int32(3).int32(1 << 1 | 1 << 8).int32(0).int32(0).int32(20);
              out.int32(1).int64(7).int64(8);
            }));
    assertEquals(new ObjectIdentity(7, 8, 0, 1), await(questions.identify(HANDLE, 4)));
  }

  @Test
  void results_ofAnotherOperation_areGarbage() {
    fake.on(NFS, 4, 1, success(o -> o.int32(0).string("").int32(1).int32(24).int32(0)));
    failure(XdrException.class, questions.identify(HANDLE, 4));
  }

  @Test
  void credential_refused_failsWithAuthError() {
    fake.on(NFS, 3, 1, authError(5));
    RpcException denied = failure(RpcException.class, questions.identify(HANDLE, 3));
    assertEquals(5, denied.authStatus().orElseThrow());
  }

  @Test
  void procedure_unavailable_failsWithThat() {
    fake.on(NFS, 3, 1, acceptedAs(3, out -> {}));
    failure(RpcException.class, questions.identify(HANDLE, 3));
  }

  @Test
  void identify_silence_timesOutAndTheNextGoesElsewhere() throws Exception {
    fake.on(NFS, 3, 1, silence());
    questions = questions(100, PATIENCE_MILLIS, 32, 100);
    failure(TimeoutException.class, questions.identify(HANDLE, 3));
    fake.on(NFS, 3, 1, success(ATTRIBUTES3));
    await(questions.identify(HANDLE, 3));
    assertEquals(2, fake.connections());
  }

  @Test
  void identify_wrongXid_timesOut() {
    fake.on(NFS, 3, 1, (xid, in, out) -> success(ATTRIBUTES3).play(xid + 1, in, out));
    questions = questions(100, PATIENCE_MILLIS, 32, 100);
    failure(TimeoutException.class, questions.identify(HANDLE, 3));
  }

  @Test
  void identify_recordTooLong_failsAndTheNextGoesElsewhere() throws Exception {
    fake.on(NFS, 3, 1, (xid, in, out) -> out.writeInt(0xffff_ffff));
    failure(IOException.class, questions.identify(HANDLE, 3));
    fake.on(NFS, 3, 1, success(ATTRIBUTES3));
    await(questions.identify(HANDLE, 3));
  }

  @Test
  void connection_closedByTheOrigin_isMadeAnewAndTheQuestionRepeated() throws Exception {
    AtomicInteger times = new AtomicInteger();
    fake.on(
        NFS,
        3,
        1,
        (xid, in, out) ->
            (times.incrementAndGet() == 2 ? closing() : success(ATTRIBUTES3)).play(xid, in, out));
    await(questions.identify(HANDLE, 3));
    await(questions.identify(HANDLE, 3));
    assertEquals(3, times.get());
    assertEquals(2, fake.connections());
  }

  @Test
  void connection_closedAgain_failsTheQuestion() {
    fake.on(NFS, 3, 1, closing());
    failure(IOException.class, questions.identify(HANDLE, 3));
    assertEquals(2, fake.calls());
  }

  @Test
  void origin_away_failsAndIsNotDialledForEachQuestion() throws Exception {
    fake.close();
    questions = questions(PATIENCE_MILLIS, PATIENCE_MILLIS, 32, 100);
    failure(IOException.class, questions.identify(HANDLE, 3));
    int first = connects.get();
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      asked.add(questions.identify(Filehandle.of(new byte[] {(byte) i}), 3));
    }
    for (Future<ObjectIdentity> one : asked) {
      failure(IOException.class, one);
    }
    assertTrue(connects.get() - first <= 1, "dialled " + connects);
    int before = connects.get();
    for (int i = 0; i < 400 && connects.get() == before; i++) {
      Thread.sleep(20);
      failure(IOException.class, questions.identify(HANDLE, 3));
    }
    assertTrue(connects.get() > before, "never dialled again");
  }

  @Test
  void identify_sameHandleAtOnce_isOneQuestion() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    fake.on(NFS, 3, 1, AnsweringOrigin.after(latch, success(ATTRIBUTES3)));
    Future<ObjectIdentity> first = questions.identify(HANDLE, 3);
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(questions.identify(Filehandle.of(HANDLE.bytes()), 3));
    }
    latch.countDown();
    for (Future<ObjectIdentity> one : asked) {
      assertSame(await(first), await(one));
    }
    assertEquals(1, fake.calls());
    await(questions.identify(HANDLE, 3));
    assertEquals(2, fake.calls());
  }

  @Test
  void identify_differentQuestions_areNotOne() throws Exception {
    fake.on(NFS, 3, 1, success(ATTRIBUTES3));
    await(
        Future.all(
            questions.identify(HANDLE, 3),
            questions.identify(HANDLE2, 3),
            questions.identify(HANDLE2, 2).otherwise((ObjectIdentity) null)));
    assertEquals(2, fake.calls(NFS, 3, 1));
    assertEquals(1, fake.calls(NFS, 2, 1));
    assertEquals(1, fake.connections());
  }

  @Test
  void questions_beyondTheBound_waitAndThenAreRefused() throws Exception {
    questions = questions(PATIENCE_MILLIS, PATIENCE_MILLIS, 2, 3);
    CountDownLatch latch = new CountDownLatch(1);
    fake.on(NFS, 3, 1, AnsweringOrigin.after(latch, success(ATTRIBUTES3)));
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      asked.add(questions.identify(Filehandle.of(new byte[] {(byte) i}), 3));
    }
    IOException full = failure(IOException.class, asked.get(5));
    assertTrue(full.getMessage().contains("3 questions wait"), full.getMessage());
    latch.countDown();
    for (Future<ObjectIdentity> one : asked.subList(0, 5)) {
      await(one);
    }
    assertEquals(5, fake.calls());
    await(questions.identify(HANDLE, 3));
  }

  // The connection is everybody's: one that holds all it may refuses the next, and loses none.
  @Test
  void questions_beyondWhatAConnectionHolds_failAlone() throws Exception {
    // Nothing here is to time out: that would be another failure than the one that is looked for.
    questions = questions(20 * PATIENCE_MILLIS, 20 * PATIENCE_MILLIS, 300, 100);
    CountDownLatch latch = new CountDownLatch(1);
    fake.on(NFS, 3, 1, AnsweringOrigin.after(latch, success(ATTRIBUTES3)));
    CountDownLatch tooMany = new CountDownLatch(4);
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 260; i++) {
      Filehandle handle = Filehandle.of(new byte[] {(byte) i, (byte) (i >> 8)});
      asked.add(questions.identify(handle, 3).onFailure(failed -> tooMany.countDown()));
    }
    // Which four, is chance: those that are asked when the connection is there do not queue up.
    assertTrue(tooMany.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
    latch.countDown();
    int failed = 0;
    for (Future<ObjectIdentity> one : asked) {
      if (one.failed()) {
        failed++;
        failure(FullException.class, one);
      } else {
        await(one);
      }
    }
    assertEquals(4, failed);
    assertEquals(1, fake.connections());
  }

  @Test
  void questions_waitingTooLong_giveUpTheirPlace() throws Exception {
    questions = questions(PATIENCE_MILLIS, 200, 1, 100);
    CountDownLatch latch = new CountDownLatch(1);
    AnsweringOrigin.Script answer = success(ATTRIBUTES3);
    fake.on(NFS, 3, 1, AnsweringOrigin.after(latch, answer));
    List<Future<ObjectIdentity>> asked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      asked.add(questions.identify(Filehandle.of(new byte[] {(byte) i}), 3));
    }
    for (Future<ObjectIdentity> one : asked) {
      failure(TimeoutException.class, one);
    }
    latch.countDown();
    for (int i = 0; i < 100 && !answers(); i++) {
      Thread.sleep(20);
    }
    assertTrue(answers(), "its turn never comes");
    assertTrue(fake.calls() < 50, "asked in vain " + fake.calls());
  }

  private boolean answers() {
    try {
      await(questions.identify(HANDLE, 3));
      return true;
    } catch (Exception late) {
      return false;
    }
  }

  @Test
  void close_questionsInFlight_fail() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    fake.on(NFS, 3, 1, (xid, in, out) -> arrived.countDown());
    Future<ObjectIdentity> asked = questions.identify(HANDLE, 3);
    arrived.await();
    await(questions.close());
    failure(IOException.class, asked);
    failure(IOException.class, questions.identify(HANDLE, 3));
    assertEquals(1, fake.connections());
  }

  @Test
  void reader_bitmapOfManyWords_isBounded() {
    XdrReader in = new XdrReader();
    byte[] words = bytes(out -> out.int32(9).fixed(new byte[64]));
    in.reset(io.netty.buffer.Unpooled.wrappedBuffer(words));
    org.junit.jupiter.api.Assertions.assertThrows(XdrException.class, () -> Attributes4.read(in));
  }
}
