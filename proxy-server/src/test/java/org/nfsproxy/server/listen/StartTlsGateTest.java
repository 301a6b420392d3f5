package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.backend.ServedProgram;
import org.nfsproxy.server.fakes.ClientHellos;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.fakes.TlsClients;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.tls.ClientCertificates;
import org.nfsproxy.server.tls.HandshakeBounds;
import org.nfsproxy.server.tls.HandshakeCounts;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.server.tls.TlsFiles;

// What it holds of a client that sends on while its handshake is computed elsewhere. Here that does
// not end before the test lets it.
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
  private ServerTls server;
  private TlsListening tls;
  private EmbeddedChannel channel;

  @BeforeEach
  void make() throws Exception {
    certificates = TestCertificates.in(folder);
    TlsFiles files =
        new TlsFiles(certificates.certificate().toString(), certificates.key().toString(), "");
    server = ServerTls.start(files, ClientCertificates.NONE, 10_000);
    tls = new TlsListening(server, new HandshakeBounds(1, 1), new HandshakeCounts());
    StartTlsProbe probe = new StartTlsProbe(() -> List.of(new ServedProgram(Wire.NFS, 3, 4)));
    channel = new EmbeddedChannel(new StartTlsGate(tls, probe, client, (handler, records) -> {}));
  }

  // That the handshake fails in the end is no matter here.
  @AfterEach
  void stop() {
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
    channel.writeInbound(bytes(TlsClients.probe(5)));
    ByteBuf granted = channel.readOutbound();
    assertEquals(36, granted.readableBytes());
    granted.release();
    arrives(bytes(ClientHellos.of(certificates.client(null))));
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
