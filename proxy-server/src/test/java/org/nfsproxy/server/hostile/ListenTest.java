package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.Wire.nfsNull;
import static org.nfsproxy.server.fakes.Wire.record;
import static org.nfsproxy.server.fakes.Wire.word;
import static org.nfsproxy.server.fakes.Wire.write;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;

// Two listener verticles share one port, whoever chose it.
class ListenTest {
  @Test
  void anyFreePort_isSharedByAllListeners() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).start()) {
      for (int i = 0; i < 8; i++) {
        try (RawClient client = proxy.connect()) {
          assertEquals(i, word(client.ask(nfsNull(i)), 0));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"workers", "listeners"})
  void callsOfAllSizes_areJudgedInTheirOrder(String threads) throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ProxyUnderTest proxy = ProxyUnderTest.before(origin).judgeOn(threads).start();
        RawClient client = proxy.connect()) {
      for (int i = 0; i < 8; i++) {
        client.send(nfsNull(3 * i), record(write(3 * i + 1, 40_000)), nfsNull(3 * i + 2));
      }
      for (int xid = 0; xid < 24; xid++) {
        assertEquals(xid, word(client.receive(), 0));
      }
    }
  }

  @Test
  void portInUse_isToldWithTheCure_andTheNextStartFindsItFree() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo);
        ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = other.getLocalPort();
      ProxyUnderTest.Settings settings = ProxyUnderTest.before(origin).port(port);
      ExecutionException failed = assertThrows(ExecutionException.class, settings::start);
      assertTrue(
          failed.getMessage().contains("it is in use, by another process"), failed.getMessage());
      other.close();
      try (ProxyUnderTest proxy = settings.start();
          RawClient client = proxy.connect()) {
        assertEquals(port, proxy.port());
        assertEquals(1, word(client.ask(nfsNull(1)), 0));
      }
    }
  }

  @Test
  void proxyRestartedAtItsPort_takesItsClientsBack() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(FakeOriginConnection::echo)) {
      ProxyUnderTest first = ProxyUnderTest.before(origin).start();
      int port = first.port();
      RawClient client = RawClient.connect(port);
      assertEquals(1, word(client.ask(nfsNull(1)), 0));
      first.close();
      assertEquals(0, client.awaitClosed().length);
      client.close();
      try (ProxyUnderTest second = ProxyUnderTest.before(origin).port(port).start();
          RawClient again = second.connect()) {
        assertEquals(2, word(again.ask(nfsNull(2)), 0));
        eventually("the new one serves it", () -> second.connections() == 1);
      }
    }
  }
}
