package org.nfsproxy.server.hostile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.nfsproxy.server.fakes.Eventually.eventually;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.Wire;

/** A client that comes back from its own port, as Linux does, over a restart of the proxy. */
class SourcePortAfterARestartTest {
  private static final int NFS = 100003;
  private static final int GETATTR = 1;
  private static final int XID = 0x7e57;

  /** Another than the tests beside this one use. */
  private static final String CLIENT = "127.0.0.92";

  private final List<Integer> ports = new CopyOnWriteArrayList<>();

  private void serve(FakeOriginConnection connection) throws IOException {
    for (byte[] call = connection.receive(); call != null; call = connection.receive()) {
      if (ByteBuffer.wrap(call).getInt() == XID) {
        ports.add(connection.socket().getPort());
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getByName(CLIENT))) {
      return unused.getLocalPort();
    }
  }

  /** One proxy, one call of a client that is at this port of its own, and the proxy's end. */
  private void once(FakeOrigin origin, int clientPort) throws Exception {
    int before = ports.size();
    try (ProxyUnderTest proxy = ProxyUnderTest.before(origin).start();
        Socket client = new Socket()) {
      client.setReuseAddress(true);
      client.bind(new InetSocketAddress(CLIENT, clientPort));
      client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port()));
      client.setSoLinger(true, 0);
      client
          .getOutputStream()
          .write(Wire.record(Wire.call(XID, NFS, 3, GETATTR, out -> out.string("handle"))));
      eventually("the origin has the call", () -> ports.size() > before);
    }
  }

  @Test
  void client_fromItsOldPort_reachesTheOriginFromTheSamePort() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve)) {
      int clientPort = freePort();
      once(origin, clientPort);
      once(origin, clientPort);
      assertEquals(ports.get(0), ports.get(1));
    }
  }

  @Test
  void client_whosePortSomebodyElseHas_reachesTheOriginFromAnother() throws Exception {
    try (FakeOrigin origin = FakeOrigin.start(this::serve)) {
      int clientPort = freePort();
      once(origin, clientPort);
      try (ServerSocket somebody = new ServerSocket(ports.get(0))) {
        once(origin, clientPort);
        assertNotEquals(somebody.getLocalPort(), ports.get(1));
      }
    }
  }
}
