package org.nfsproxy.server.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.FakeOriginConnection;
import org.nfsproxy.server.fakes.ProxyUnderTest;
import org.nfsproxy.server.fakes.RawClient;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.socket.InheritedSockets.Descriptor;

// A socket that listens in this process before the proxy is started is one that was handed over.
class InheritedSocketsTest {
  private static final long PID = 4711;
  private static final int BACKLOG = 16;
  private static final int WAITING = 8;

  private final List<Socket> opened = new ArrayList<>();
  private FakeOrigin origin;

  @BeforeEach
  void open() throws IOException {
    Assumptions.assumeTrue(Epoll.isAvailable(), "no epoll here");
    origin = FakeOrigin.start(FakeOriginConnection::echo);
  }

  @AfterEach
  void close() throws IOException {
    origin.close();
  }

  private Socket bound(boolean stream, String host) throws IOException {
    Socket socket = stream ? Socket.newSocketStream() : Socket.newSocketDgram();
    opened.add(socket);
    socket.bind(new InetSocketAddress(host, 0));
    return socket;
  }

  private Socket listening(String host) throws IOException {
    Socket socket = bound(true, host);
    socket.listen(BACKLOG);
    return socket;
  }

  private static int port(Socket socket) {
    return socket.localAddress().getPort();
  }

  private static Descriptor named(String name, Socket socket) {
    return new Descriptor(socket.intValue(), name);
  }

  private static Map<String, String> environment(String count, String names) {
    return Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", count, "LISTEN_FDNAMES", names);
  }

  @Test
  void descriptors_beginAtThree_withTheirNames() throws IOException {
    assertEquals(
        List.of(new Descriptor(3, "nfs"), new Descriptor(4, "balancers")),
        InheritedSockets.descriptors(environment("2", "nfs:balancers"), PID));
  }

  @Test
  void descriptors_ofAnotherProcess_areNotOurs() throws IOException {
    assertEquals(List.of(), InheritedSockets.descriptors(environment("1", "nfs"), PID + 1));
    assertEquals(List.of(), InheritedSockets.descriptors(Map.of("LISTEN_FDS", "1"), PID));
  }

  @Test
  void descriptors_withoutNames_haveNone() throws IOException {
    Map<String, String> unnamed = Map.of("LISTEN_PID", "" + PID, "LISTEN_FDS", "1");
    assertEquals(List.of(new Descriptor(3, "")), InheritedSockets.descriptors(unnamed, PID));
  }

  @ParameterizedTest
  @CsvSource({"x,nfs", "65,nfs", "-1,nfs", "'',nfs", "2,nfs", "1,nfs:nfs"})
  void descriptors_thatCannotBeTold_areRefusedByVariable(String count, String names) {
    String told =
        assertThrows(
                IOException.class,
                () -> InheritedSockets.descriptors(environment(count, names), PID))
            .getMessage();
    assertTrue(told.startsWith("environment variable LISTEN_FD"), told);
  }

  @Test
  void clientThatCameBeforeTheProxy_isServed() throws Exception {
    Socket socket = listening("127.0.0.1");
    try (RawClient early = RawClient.connect(port(socket))) {
      early.send(Wire.nfsNull(7));
      try (ProxyUnderTest proxy = before(socket, "nfs").start()) {
        assertEquals(port(socket), proxy.port());
        assertNotNull(early.receive());
        assertEquals(1, proxy.connections());
      }
    }
  }

  // The first event loop would have them all if it accepted before the others are there.
  @Test
  void clientsThatWaited_areSpreadOverTheEventLoops() throws Exception {
    Socket listening = listening("127.0.0.1");
    Vertx vertx = InheritedTransport.vertx(new VertxOptions(), List.of(named("nfs", listening)));
    Map<String, Integer> accepted = new ConcurrentHashMap<>();
    List<RawClient> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < WAITING; i++) {
        waiting.add(RawClient.connect(port(listening)));
      }
      InheritedSockets sockets = InheritedSockets.of(vertx);
      InheritedSocket socket = sockets.named("nfs", "listen", "0.0.0.0", 0).get(0);
      Supplier<VerticleBase> verticle =
          () ->
              new VerticleBase() {
                @Override
                public Future<?> start() {
                  return socket.listen(
                      vertx
                          .createNetServer()
                          .connectHandler(
                              each ->
                                  accepted.merge(
                                      Thread.currentThread().getName(), 1, Integer::sum)));
                }
              };
      ProxyUnderTest.await(vertx.deployVerticle(verticle, new DeploymentOptions().setInstances(2)));
      assertEquals(Map.of(), accepted);
      sockets.accept();
      Eventually.eventually(
          "half of them each: " + accepted,
          () -> List.of(WAITING / 2, WAITING / 2).equals(List.copyOf(accepted.values())));
    } finally {
      for (RawClient each : waiting) {
        each.close();
      }
      ProxyUnderTest.await(vertx.close());
    }
  }

  @Test
  void severalSockets_areAllAcceptedOn() throws Exception {
    Socket one = listening("127.0.0.1");
    Socket other = listening("127.0.0.2");
    try (ProxyUnderTest proxy =
            ProxyUnderTest.before(origin)
                .listenHost("0.0.0.0")
                .port(0)
                .inheriting(List.of(named("nfs", one), named("nfs", other)))
                .start();
        RawClient first = RawClient.connect(port(one));
        RawClient second = RawClient.connectTo("127.0.0.2", port(other))) {
      assertNotNull(first.ask(Wire.nfsNull(1)));
      assertNotNull(second.ask(Wire.nfsNull(2)));
      assertEquals(2, proxy.connections());
    }
  }

  @Test
  void socketOfAnotherPort_isRefusedByKey() throws IOException {
    Socket socket = listening("127.0.0.1");
    String told = refused(before(socket, "nfs").port(port(socket) + 1));
    assertTrue(told.contains("listen.port is " + (port(socket) + 1)), told);
    assertTrue(told.contains("set that to " + port(socket)), told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.2", "::1", "192.0.2.1"})
  void socketOfAnotherAddress_isRefusedByKey(String configured) throws IOException {
    String told = refused(before(listening("127.0.0.1"), "nfs").listenHost(configured));
    assertTrue(told.contains("listen.host is " + configured), told);
  }

  // IPv6 clients would come where the file says IPv4.
  @Test
  void socketThatAcceptsMoreThanTheFileSays_isRefused() throws IOException {
    Assumptions.assumeTrue(Socket.isIPv6Preferred(), "no IPv6 here");
    String told = refused(before(listening("::"), "nfs").listenHost("0.0.0.0"));
    assertTrue(told.contains("listen.host is 0.0.0.0"), told);
  }

  @Test
  void socketThatDoesNotListen_isRefused() throws IOException {
    String told = refused(before(bound(true, "127.0.0.1"), "nfs"));
    assertTrue(told.contains("found a socket that does not listen"), told);
  }

  @Test
  void udpSocket_isRefused() throws IOException {
    String told = refused(before(bound(false, "127.0.0.1"), "nfs"));
    assertTrue(told.contains("found no TCP socket"), told);
  }

  @Test
  void descriptorThatIsNotOpen_isRefused() {
    String told =
        refused(ProxyUnderTest.before(origin).inheriting(List.of(new Descriptor(60_000, "nfs"))));
    assertTrue(told.contains("descriptor 60000"), told);
  }

  @Test
  void unknownName_isRefused() throws IOException {
    String told = refused(before(listening("127.0.0.1"), "nfs-proxy.socket"));
    assertTrue(told.contains("\"nfs-proxy.socket\": expected nfs"), told);
  }

  @Test
  void socketForBalancers_withoutTheirKey_isRefused() throws IOException {
    String told = refused(before(listening("127.0.0.1"), "balancers"));
    assertTrue(told.contains("set listen.proxyProtocol.port"), told);
  }

  private ProxyUnderTest.Settings before(Socket socket, String name) {
    return ProxyUnderTest.before(origin).inheriting(List.of(named(name, socket)));
  }

  private static String refused(ProxyUnderTest.Settings settings) {
    return assertThrows(ExecutionException.class, settings::start).getCause().getMessage();
  }
}
