package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.server.fakes.ClientHellos;
import org.nfsproxy.server.fakes.HeldHandshakes;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TlsClients;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.tls.ClientCertificates;
import org.nfsproxy.server.tls.HandshakeBounds;
import org.nfsproxy.server.tls.HandshakeCounts;
import org.nfsproxy.server.tls.HandshakeIntake;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.server.tls.TlsFiles;

// What is held of clients that send on, or leave, while their handshakes are computed elsewhere.
// Here that happens when the test lets it.
class StartTlsGateTest {
  private static final int KIB = 1024;

  private record Client(InetSocketAddress address, List<CloseReason> closes)
      implements StartTlsGate.Gated {
    @Override
    public boolean isLeavingNow() {
      return !closes.isEmpty();
    }

    @Override
    public void close(CloseReason reason, @Nullable String detail) {
      closes.add(reason);
    }
  }

  @TempDir private Path folder;
  private final Client client =
      new Client(new InetSocketAddress(InetAddress.getLoopbackAddress(), 700), new ArrayList<>());
  private TestCertificates certificates;
  private final HeldHandshakes handshakes = new HeldHandshakes();
  private ServerTls server;
  private TlsListening tls;
  private EmbeddedChannel channel;

  @BeforeEach
  void make() throws Exception {
    certificates = TestCertificates.in(folder);
    TlsFiles files =
        new TlsFiles(certificates.certificate().toString(), certificates.key().toString(), "");
    server = ServerTls.start(files, ClientCertificates.NONE, 10_000, handshakes.threads());
    tls = new TlsListening(server, new HandshakeBounds(1, 1), new HandshakeCounts());
    channel = gated();
  }

  private EmbeddedChannel gated() {
    StartTlsProbe probe = new StartTlsProbe(() -> List.of(new ServedProgram(Wire.NFS, 3, 4)));
    return new EmbeddedChannel(new StartTlsGate(tls, probe, client, (handler, records) -> {}));
  }

  // The socket itself, in front of all handlers.
  private static void reset(EmbeddedChannel channel) {
    channel.unsafe().close(channel.newPromise());
    channel.runPendingTasks();
  }

  // That the handshake fails in the end is no matter here.
  @AfterEach
  void stop() {
    reset(channel);
    try {
      channel.finishAndReleaseAll();
    } catch (DecoderException failed) {
      channel.finishAndReleaseAll();
    }
    server.close();
  }

  /** Application data, as somebody sends it who does not wait. */
  private static byte[] records(int length) {
    byte[] bytes = new byte[length];
    int body = 4 * KIB - 5;
    for (int at = 0; at < length; at += 4 * KIB) {
      bytes[at] = 23;
      bytes[at + 1] = 3;
      bytes[at + 2] = 3;
      bytes[at + 3] = (byte) (body >> 8);
      bytes[at + 4] = (byte) body;
    }
    return bytes;
  }

  private static ByteBuf bytes(byte[]... parts) {
    return Unpooled.wrappedBuffer(Wire.concat(parts));
  }

  // Without a look at what other threads have done meanwhile: a handshake that is computed there
  // does not go on.
  private void arrives(ByteBuf bytes) {
    channel.pipeline().fireChannelRead(bytes);
  }

  private void beginHandshake() throws Exception {
    askForTls(channel);
    arrives(bytes(ClientHellos.of(certificates.client(null))));
  }

  private static void askForTls(EmbeddedChannel channel) {
    channel.writeInbound(bytes(TlsClients.probe(5)));
    ByteBuf granted = channel.readOutbound();
    assertEquals(36, granted.readableBytes());
    granted.release();
  }

  // Before an origin with NFSv3 alone, say: who asked by NFSv4 asks again, on the same connection.
  @ParameterizedTest
  @ValueSource(ints = {1, 44})
  void probeOfAnotherVersion_isToldWhichAreServed_andTheNextOneIsTaken(int piece) {
    byte[] other = TlsClients.probe(4);
    other[4 * 5 + 3] = 2;
    for (int at = 0; at < other.length; at += piece) {
      arrives(bytes(Arrays.copyOfRange(other, at, at + piece)));
    }
    ByteBuf told = channel.readOutbound();
    int[] words = new int[told.readableBytes() / 4];
    for (int i = 0; i < words.length; i++) {
      words[i] = told.getInt(4 * i);
    }
    told.release();
    assertArrayEquals(new int[] {0x8000_0020, 4, 1, 0, 0, 0, 2, 3, 4}, words);
    askForTls(channel);
  }

  @Test
  void probesOfAnotherVersion_areToldOnceHere_andTheSecondIsTheJudges() {
    byte[] other = TlsClients.probe(4);
    other[4 * 5 + 3] = 2;
    channel.writeInbound(bytes(other));
    channel.<ByteBuf>readOutbound().release();
    channel.writeInbound(bytes(other));
    assertNull(channel.readOutbound());
    ByteBuf passed = channel.readInbound();
    assertEquals(44, passed.readableBytes());
    passed.release();
  }

  @Test
  void probeOfAnotherVersion_withMoreBehindIt_isPassedOnWhole() {
    byte[] other = TlsClients.probe(4);
    other[4 * 5 + 3] = 2;
    channel.writeInbound(bytes(other, other));
    assertNull(channel.readOutbound());
    ByteBuf passed = channel.readInbound();
    assertEquals(88, passed.readableBytes());
    passed.release();
  }

  // Somebody asks, says hello and resets, again and again, faster than it is computed.
  @Test
  void handshakesThatWereLeft_areNotComputed_andTheNextOneGoesWell() throws Exception {
    byte[] hello = ClientHellos.of(certificates.client(null));
    for (int i = 0; i < 2_000; i++) {
      EmbeddedChannel each = gated();
      askForTls(each);
      each.pipeline().fireChannelRead(bytes(hello));
      assertEquals(1, handshakes.waiting());
      reset(each);
      assertEquals(0, handshakes.waiting());
      assertEquals(0, tls.bounds().underWay());
    }
    assertShakesHands();
  }

  private void assertShakesHands() throws Exception {
    askForTls(channel);
    SSLEngine engine = certificates.client(null).createSSLEngine("127.0.0.1", 2049);
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    SslHandler own = new SslHandler(engine);
    EmbeddedChannel peer = new EmbeddedChannel(own);
    for (int i = 0; i < 20 && tls.bounds().underWay() > 0; i++) {
      pass(peer, channel);
      handshakes.computeNext();
      channel.runPendingTasks();
      pass(channel, peer);
    }
    assertTrue(own.handshakeFuture().isSuccess());
    assertEquals(0, tls.bounds().underWay());
    assertTrue(channel.isActive());
    assertNull(channel.pipeline().get(HandshakeIntake.class));
    peer.finishAndReleaseAll();
  }

  private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
    for (ByteBuf each = from.readOutbound(); each != null; each = from.readOutbound()) {
      to.writeInbound(each);
    }
  }

  @Test
  void moreThanAHandshakeNeeds_isLeftInTheSocket() throws Exception {
    beginHandshake();
    assertTrue(channel.config().isAutoRead());
    arrives(bytes(records(64 * KIB)));
    assertFalse(channel.config().isAutoRead());
    assertEquals(List.of(), client.closes);
  }

  @Test
  void moreThanAMebibyte_endsIt_andIsNotKept() throws Exception {
    beginHandshake();
    int sent = 0;
    while (client.closes.isEmpty() && sent < 4 * KIB * KIB) {
      ByteBuf next = bytes(records(64 * KIB));
      arrives(next);
      sent += 64 * KIB;
      assertTrue(client.closes.isEmpty() || next.refCnt() == 0);
    }
    assertEquals(List.of(CloseReason.TLS_FAILED), client.closes);
    assertEquals(KIB * KIB, sent);
    assertNull(channel.readInbound());
  }

  @Test
  void secondProbeWithoutRoom_waitsWithItsSocketUnread_andItsPlaceComesBack() throws Exception {
    tls.bounds().enter(client.address.getAddress());
    channel.writeInbound(bytes(TlsClients.probe(5)));
    assertNull(channel.readOutbound());
    assertFalse(channel.config().isAutoRead());
    tls.bounds().leave(client.address.getAddress());
    channel.advanceTimeBy(1, TimeUnit.SECONDS);
    channel.runScheduledPendingTasks();
    ByteBuf granted = channel.readOutbound();
    assertEquals(36, granted.readableBytes());
    granted.release();
    assertTrue(channel.config().isAutoRead());
    assertEquals(1, tls.bounds().underWay());
  }
}
