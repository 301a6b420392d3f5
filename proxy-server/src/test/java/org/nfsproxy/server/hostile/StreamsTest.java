package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.fakes.Wire.MOUNT;
import static org.nfsproxy.server.fakes.Wire.NFS;
import static org.nfsproxy.server.fakes.Wire.call;
import static org.nfsproxy.server.fakes.Wire.concat;
import static org.nfsproxy.server.fakes.Wire.marker;
import static org.nfsproxy.server.fakes.Wire.mountNull;
import static org.nfsproxy.server.fakes.Wire.read;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.reply;
import static org.nfsproxy.server.fakes.Wire.replyMessage;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.xdr;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// What passes, passes byte for byte, and as soon as it is there.
class StreamsTest {
  private static final int AUTH_SYS = 1;
  private static final int RPCSEC_GSS = 6;
  private static final int GSS_DATA = 0;
  private static final int GSS_INIT = 1;

  @Test
  void longReply_reachesTheClient_whileTheOriginHasNotSentItsSecondHalf() throws Exception {
    byte[] results = new byte[4 << 20];
    new Random(4).nextBytes(results);
    byte[] reply = reply(7, results);
    int half = reply.length / 2;
    CountDownLatch firstHalfCame = new CountDownLatch(1);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.receive();
                  connection.send(Arrays.copyOf(reply, half));
                  Eventually.await(firstHalfCame);
                  connection.send(Arrays.copyOfRange(reply, half, reply.length));
                  connection.echo();
                });
        ProxyUnderTest proxy =
            ProxyUnderTest.before(origin).limit("recordBytesMax", 5 << 20).start();
        RawClient client = proxy.connect()) {
      client.send(read(7));
      byte[] first = client.bytes(half);
      firstHalfCame.countDown();
      assertArrayEquals(reply, concat(first, client.bytes(reply.length - half)));
    }
  }

  @Test
  void repliesOfTwoConnections_neverMixInsideARecord() throws Exception {
    byte[] nfsReply = reply(7, new byte[1 << 20]);
    int mounts = 50;
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mountsAnswered = new CountDownLatch(mounts);
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  connection.receive();
                  connection.send(Arrays.copyOf(nfsReply, 1000));
                  begun.countDown();
                  Eventually.await(mountsAnswered);
                  connection.send(Arrays.copyOfRange(nfsReply, 1000, nfsReply.length));
                  connection.beSilent();
                });
        FakeOrigin mount =
            FakeOrigin.start(
                connection -> {
                  Eventually.await(begun);
                  for (int i = 0; i < mounts; i++) {
                    byte[] call = connection.receive();
                    connection.send(reply(word(call, 0), new byte[100]));
                    mountsAnswered.countDown();
                  }
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).mount(mount).start();
        RawClient client = proxy.connect()) {
      client.send(read(7));
      byte[] first = client.bytes(1000);
      for (int i = 0; i < mounts; i++) {
        client.send(mountNull(100 + i));
      }
      assertArrayEquals(nfsReply, concat(first, client.bytes(nfsReply.length - 1000)));
      for (int i = 0; i < mounts; i++) {
        assertArrayEquals(replyMessage(100 + i, new byte[100]), client.receive());
      }
    }
  }

  // Each large reply is sent in pieces by two origin connections at once.
  @Test
  void repliesOfTwoConnections_inPieces_allArriveWhole() throws Exception {
    int calls = 100;
    FakeOrigin.Script inPieces =
        connection -> {
          Random random = new Random(connection.number());
          for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
            byte[] results = new byte[random.nextInt(20_000)];
            Arrays.fill(results, (byte) word(call, 0));
            byte[] reply = reply(word(call, 0), results);
            for (int at = 0; at < reply.length; ) {
              int next = Math.min(reply.length, at + 1 + random.nextInt(5_000));
              connection.send(Arrays.copyOfRange(reply, at, next));
              at = next;
            }
          }
        };
    try (FakeOrigin origin = FakeOrigin.start(inPieces);
        FakeOrigin mount = FakeOrigin.start(inPieces);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).mount(mount).start();
        RawClient client = proxy.connect()) {
      for (int i = 0; i < calls; i++) {
        client.send(i % 2 == 0 ? read(i) : mountNull(i));
      }
      Set<Integer> answered = new HashSet<>();
      for (int i = 0; i < calls; i++) {
        byte[] reply = client.receive();
        int xid = word(reply, 0);
        byte[] results = new byte[reply.length - 24];
        Arrays.fill(results, (byte) xid);
        assertArrayEquals(replyMessage(xid, results), reply);
        answered.add(xid);
      }
      assertEquals(calls, answered.size());
    }
  }

  private static byte[] gss(int procedure) {
    byte[] body = new byte[12];
    return xdr(out -> out.int32(1).int32(procedure).int32(9).int32(1).opaque(body));
  }

  private static void assertPassesUnchanged(byte[]... messages) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      for (byte[] message : messages) {
        assertArrayEquals(replyMessage(word(message, 0), message), client.ask(record(message)));
      }
    }
  }

  // RFC 2203: INIT is NULL with a token as its arguments; DATA is sealed, and no garbage to us.
  @Test
  void callsOfRpcsecGss_passByteForByte() throws Exception {
    byte[] sealed = new byte[333];
    new Random(6).nextBytes(sealed);
    assertPassesUnchanged(
        call(1, NFS, 4, 0, RPCSEC_GSS, gss(GSS_INIT), out -> out.opaque(sealed)),
        call(2, NFS, 3, 0, RPCSEC_GSS, gss(GSS_INIT), out -> out.opaque(sealed)),
        call(3, NFS, 4, 1, RPCSEC_GSS, gss(GSS_DATA), out -> out.fixed(sealed)),
        call(4, NFS, 3, 7, RPCSEC_GSS, gss(GSS_DATA), out -> out.fixed(sealed)),
        call(5, MOUNT, 3, 1, RPCSEC_GSS, gss(GSS_DATA), out -> out.fixed(sealed)));
  }

  @Test
  void callsOfAuthSys_passByteForByte() throws Exception {
    byte[] credential =
        xdr(
            out -> {
              out.int32(77).string("client").int32(1000).int32(1000);
              out.int32(2).int32(10).int32(20);
            });
    byte[] handle = new byte[28];
    assertPassesUnchanged(
        call(1, NFS, 3, 1, AUTH_SYS, credential, out -> out.opaque(handle)),
        call(2, NFS, 2, 1, AUTH_SYS, credential, out -> out.fixed(new byte[32])),
        call(3, MOUNT, 3, 1, AUTH_SYS, credential, out -> out.string("/export")),
        call(4, NFS, 4, 1, AUTH_SYS, credential, out -> out.string("tag").int32(2).int32(0)));
  }

  @Test
  void everyXid_staysTheClientsOwn() throws Exception {
    assertPassesUnchanged(
        call(0, NFS, 3, 0, none -> {}),
        call(-1, NFS, 3, 0, none -> {}),
        call(0x8000_0000, NFS, 3, 0, none -> {}),
        call(0x7fff_ffff, NFS, 4, 0, none -> {}),
        call(0x8000_0004, MOUNT, 3, 0, none -> {}));
  }

  // The marker a client sends is not always the marker an origin gets, but only if it was cut.
  @Test
  void recordMarker_staysWhereTheRecordWasWhole() throws Exception {
    byte[] message = call(1, NFS, 3, 0, none -> {});
    try (FakeOrigin origin =
            FakeOrigin.start(
                connection -> {
                  byte[] raw = connection.bytes(4 + message.length);
                  connection.send(reply(1, raw));
                  connection.beSilent();
                });
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        RawClient client = proxy.connect()) {
      byte[] cut =
          concat(
              marker(10),
              Arrays.copyOf(message, 10),
              marker(0x8000_0000 | message.length - 10),
              Arrays.copyOfRange(message, 10, message.length));
      assertArrayEquals(replyMessage(1, record(message)), client.ask(cut));
    }
  }
}
