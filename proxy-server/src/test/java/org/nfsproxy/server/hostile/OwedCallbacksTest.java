package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;
import static org.nfsproxy.server.fakes.Wire.NFS;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.xdr;

import io.vertx.core.Future;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.xdr.XdrWriter;

// A copy that goes on behind its reply, or a lock that is waited for, ends in a callback. While
// that is to come the connection is not quiet.
class OwedCallbacksTest {
  private static final int SEQUENCE = 53;
  private static final int PUTFH = 22;
  private static final int COPY = 60;
  private static final int LOCK = 12;
  private static final int WRITEW_LT = 4;
  private static final int DENIED = 10010;
  private static final int CB_SEQUENCE = 11;
  private static final int CB_NOTIFY_LOCK = 13;
  private static final int CB_OFFLOAD = 15;
  private static final byte[] STATEID = new byte[16];

  /** SEQUENCE, PUTFH and one operation more. */
  private static byte[] compound(int xid, Consumer<XdrWriter> operation) {
    return record(
        call(
            xid,
            NFS,
            4,
            1,
            out -> {
              out.string("").int32(2).int32(3);
              out.int32(SEQUENCE).fixed(STATEID).int32(1).int32(0).int32(0).int32(0);
              out.int32(PUTFH).opaque(new byte[28]);
              operation.accept(out);
            }));
  }

  private static byte[] copy(int xid) {
    return compound(
        xid,
        out -> {
          out.int32(COPY).fixed(STATEID).fixed(STATEID).int64(0).int64(0).int64(1 << 30);
          out.int32(0).int32(0).int32(0);
        });
  }

  private static byte[] lock(int xid, int type) {
    return compound(
        xid,
        out -> {
          out.int32(LOCK).int32(type).int32(0).int64(0).int64(-1);
          out.int32(0).fixed(STATEID).int32(0);
        });
  }

  private static byte[] answer(int xid, int status, Consumer<XdrWriter> last) {
    return reply(
        xid,
        xdr(
            out -> {
              out.int32(status).string("").int32(3);
              out.int32(SEQUENCE).int32(0).fixed(STATEID).int32(1);
              out.int32(0).int32(0).int32(0).int32(0);
              out.int32(PUTFH).int32(0);
              last.accept(out);
            }));
  }

  private static byte[] copying(int xid, int callbacks) {
    return answer(
        xid,
        0,
        out -> {
          out.int32(COPY).int32(0).int32(callbacks).fixed(callbacks == 0 ? new byte[0] : STATEID);
          out.int64(0).int32(0).int64(7).int32(0).int32(0);
        });
  }

  private static byte[] denied(int xid) {
    return answer(
        xid,
        DENIED,
        out -> {
          out.int32(LOCK).int32(DENIED).int64(0).int64(-1).int32(2).int64(5);
          out.opaque(new byte[4]);
        });
  }

  private static byte[] callback(int xid, Consumer<XdrWriter> operation) {
    return record(
        call(
            xid,
            0x4000_0000,
            1,
            1,
            out -> {
              out.string("").int32(2).int32(0).int32(2);
              out.int32(CB_SEQUENCE).fixed(STATEID).int32(1).int32(0).int32(0).int32(0).int32(0);
              operation.accept(out);
            }));
  }

  private static byte[] copied(int xid) {
    return callback(
        xid,
        out -> {
          out.int32(CB_OFFLOAD).opaque(new byte[28]).fixed(STATEID).int32(0);
          out.int32(0).int64(1 << 30).int32(0).int64(7);
        });
  }

  private static byte[] unlocked(int xid) {
    return callback(
        xid, out -> out.int32(CB_NOTIFY_LOCK).opaque(new byte[28]).int64(5).opaque(new byte[4]));
  }

  /** Answers the first call so, then sends the callback when it is told to; echoes what follows. */
  private static FakeOrigin origin(byte[] answer, byte[] callback, CountDownLatch send)
      throws Exception {
    return FakeOrigin.start(
        connection -> {
          connection.receive();
          connection.send(answer);
          byte[] next = connection.receive();
          if (next == null) {
            return;
          }
          connection.send(reply(word(next, 0)));
          Eventually.await(send);
          connection.send(callback);
          connection.beSilent();
        });
  }

  private static void assertWaitsFor(byte[] call, byte[] answer, byte[] callback) throws Exception {
    CountDownLatch send = new CountDownLatch(1);
    try (FakeOrigin origin = origin(answer, callback, send);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("drainMillis", 30_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(call), 0));
      Future<Void> stopped = proxy.stop();
      assertTrue(client.isQuiet(1_500));
      assertEquals(8, word(client.ask(nfsNull(8)), 0));
      send.countDown();
      assertEquals(9, word(client.receive(), 0));
      client.send(reply(9));
      assertEquals(0, client.awaitClosed().length);
      client.close();
      await(stopped);
    }
  }

  @Test
  void copyUnderWay_holdsADrain_untilItsCallbackIsAnswered() throws Exception {
    assertWaitsFor(copy(7), copying(7, 1), copied(9));
  }

  @Test
  void lockThatIsWaitedFor_holdsADrain_untilItsCallbackIsAnswered() throws Exception {
    assertWaitsFor(lock(7, WRITEW_LT), denied(7), unlocked(9));
  }

  @Test
  void copyWithoutItsCallback_holdsADrain_forDrainMillis() throws Exception {
    try (FakeOrigin origin = origin(copying(7, 1), copied(9), new CountDownLatch(1));
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("drainMillis", 1_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(copy(7)), 0));
      Future<Void> stopped = proxy.stop();
      assertTrue(client.isQuiet(600));
      assertEquals(0, client.awaitClosed().length);
      await(stopped);
    }
  }

  private static void assertQuiet(byte[] call, byte[] answer) throws Exception {
    try (FakeOrigin origin = origin(answer, copied(9), new CountDownLatch(1));
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).limit("drainMillis", 60_000).start();
        RawClient client = proxy.connect()) {
      assertEquals(7, word(client.ask(call), 0));
      Future<Void> stopped = proxy.stop();
      assertEquals(0, client.awaitClosed().length);
      client.close();
      eventually("it has stopped", stopped::isComplete);
    }
  }

  @Test
  void copyThatIsDone_orLockThatNobodyWaitsFor_holdsNoDrain() throws Exception {
    assertQuiet(copy(7), copying(7, 0));
    assertQuiet(lock(7, WRITEW_LT - 2), denied(7));
  }
}
