package org.nfsproxy.server.portmap;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.portmap.CallBytes.call;
import static org.nfsproxy.server.portmap.CallBytes.getPort;
import static org.nfsproxy.server.portmap.CallBytes.rpcb;
import static org.nfsproxy.server.portmap.CallBytes.success;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.ServedProgram;

/** The portmapper's two sockets, on NIO and on the native transport. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class PortmapperTest {
  private static final int NFS = 100003;
  private static final int TCP = 6;
  private static final int PATIENCE_MILLIS = 20_000;

  private final Vertx vertx;
  private volatile List<ServedProgram> served = List.of(new ServedProgram(NFS, 3, 4));
  private Portmapper portmapper;

  PortmapperTest(boolean nativeTransport) {
    vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
    Assumptions.assumeTrue(vertx.isNativeTransportEnabled() == nativeTransport, "no epoll here");
  }

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void start(String host, String advertise) throws Exception {
    PortmapSettings settings = new PortmapSettings(host, 0, advertise, 2049);
    portmapper = await(Portmapper.start(vertx, settings, () -> served));
  }

  private Socket connect(String host) throws IOException {
    Socket socket = new Socket(host, portmapper.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void send(Socket socket, byte[] message) throws IOException {
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(0x8000_0000 | message.length);
    out.write(message);
  }

  private static byte[] receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] reply = new byte[in.readInt() & 0x7fff_ffff];
    in.readFully(reply);
    return reply;
  }

  private byte[] askTcp(String host, byte[] message) throws IOException {
    try (Socket socket = connect(host)) {
      send(socket, message);
      return receive(socket);
    }
  }

  private byte[] askUdp(String host, byte[] message) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      InetSocketAddress to = new InetSocketAddress(host, portmapper.port());
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.send(new DatagramPacket(message, message.length, to));
      DatagramPacket reply = new DatagramPacket(new byte[2000], 2000);
      socket.receive(reply);
      return Arrays.copyOf(reply.getData(), reply.getLength());
    }
  }

  @Test
  void getAddr_nothingAdvertised_namesTheAddressReached() throws Exception {
    start("0.0.0.0", "");
    byte[] asked = rpcb(4, 3, NFS, 3, "tcp");
    assertArrayEquals(success(out -> out.string("127.0.0.1.8.1")), askTcp("127.0.0.1", asked));
    assertArrayEquals(success(out -> out.string("127.0.0.3.8.1")), askTcp("127.0.0.3", asked));
    assertArrayEquals(success(out -> out.string("127.0.0.1.8.1")), askUdp("127.0.0.1", asked));
  }

  @Test
  void getAddr_boundToOneAddress_namesItOverUdp() throws Exception {
    start("127.0.0.3", "");
    byte[] asked = rpcb(4, 3, NFS, 3, "tcp");
    assertArrayEquals(success(out -> out.string("127.0.0.3.8.1")), askUdp("127.0.0.3", asked));
  }

  @Test
  void getAddr_advertised_namesTheBalancer() throws Exception {
    start("127.0.0.1", "192.0.2.9");
    byte[] asked = rpcb(3, 3, NFS, 3, "tcp");
    assertArrayEquals(success(out -> out.string("192.0.2.9.8.1")), askTcp("127.0.0.1", asked));
    assertArrayEquals(success(out -> out.string("192.0.2.9.8.1")), askUdp("127.0.0.1", asked));
  }

  @Test
  void getAddr_overIpv6_namesIpv6() throws Exception {
    Assumptions.assumeTrue(hasIpv6(), "no IPv6 loopback");
    start("::1", "");
    byte[] asked = rpcb(4, 3, NFS, 3, "tcp6");
    assertArrayEquals(success(out -> out.string("::1.8.1")), askTcp("::1", asked));
    assertArrayEquals(success(out -> out.string("::1.8.1")), askUdp("::1", asked));
  }

  @Test
  void getAddr_listeningOnAllFamilies_namesTheCallers() throws Exception {
    Assumptions.assumeTrue(hasIpv6(), "no IPv6 loopback");
    start("::", "");
    byte[] asked6 = rpcb(4, 3, NFS, 3, "tcp6");
    byte[] asked4 = rpcb(4, 3, NFS, 3, "tcp");
    assertArrayEquals(success(out -> out.string("::1.8.1")), askTcp("::1", asked6));
    assertArrayEquals(success(out -> out.string("::1.8.1")), askUdp("::1", asked6));
    assertArrayEquals(success(out -> out.string("127.0.0.1.8.1")), askTcp("127.0.0.1", asked4));
    assertArrayEquals(success(out -> out.string("127.0.0.1.8.1")), askUdp("127.0.0.1", asked4));
  }

  private static boolean hasIpv6() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
      return probe.isBound();
    } catch (IOException absent) {
      return false;
    }
  }

  @Test
  void getPort_programAppears_isAnsweredWithoutRestart() throws Exception {
    start("127.0.0.1", "");
    byte[] asked = getPort(100227, 3, TCP);
    assertArrayEquals(success(out -> out.int32(0)), askTcp("127.0.0.1", asked));
    served = List.of(new ServedProgram(100227, 3, 3));
    assertArrayEquals(success(out -> out.int32(2049)), askTcp("127.0.0.1", asked));
  }

  @Test
  void tcp_dripFedInOneByteFragments_isAnswered() throws Exception {
    start("127.0.0.1", "");
    byte[] asked = getPort(NFS, 3, TCP);
    try (Socket socket = connect("127.0.0.1")) {
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      for (byte one : asked) {
        out.writeInt(1);
        out.write(one);
      }
      out.writeInt(0x8000_0000); // an empty last fragment
      assertArrayEquals(success(reply -> reply.int32(2049)), receive(socket));
    }
  }

  @Test
  void tcp_manyCallsAtOnce_areAllAnsweredInOrder() throws Exception {
    start("127.0.0.1", "");
    try (Socket socket = connect("127.0.0.1")) {
      for (int i = 0; i < 500; i++) {
        send(socket, getPort(i % 2 == 0 ? NFS : 1, 3, TCP));
      }
      for (int i = 0; i < 500; i++) {
        int port = i % 2 == 0 ? 2049 : 0;
        assertArrayEquals(success(out -> out.int32(port)), receive(socket));
      }
    }
  }

  @Test
  void tcp_recordOfTheBound_isAnsweredAndOneMoreByteIsNot() throws Exception {
    start("127.0.0.1", "");
    byte[] asked = getPort(NFS, 3, TCP);
    byte[] longest = Arrays.copyOf(asked, PortmapTcp.RECORD_BYTES_MAX);
    assertArrayEquals(success(out -> out.int32(2049)), askTcp("127.0.0.1", longest));
    try (Socket socket = connect("127.0.0.1")) {
      new DataOutputStream(socket.getOutputStream())
          .writeInt(0x8000_0000 | PortmapTcp.RECORD_BYTES_MAX + 1);
      assertClosed(socket);
    }
  }

  @Test
  void tcp_otherProtocols_areClosed() throws Exception {
    start("127.0.0.1", "");
    byte[] tlsHello = {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03};
    byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    for (byte[] bytes : List.of(tlsHello, http)) {
      try (Socket socket = connect("127.0.0.1")) {
        socket.getOutputStream().write(bytes);
        assertClosed(socket);
      }
    }
    try (Socket socket = connect("127.0.0.1")) {
      send(socket, success(out -> {}));
      assertClosed(socket);
    }
  }

  private static void assertClosed(Socket socket) {
    try {
      assertEquals(-1, socket.getInputStream().read());
    } catch (java.net.SocketTimeoutException open) {
      throw new AssertionError("still open", open);
    } catch (IOException reset) {
      // closed as well: bytes we sent were not read
    }
  }

  @Test
  void tcp_connectionsBeyondTheBound_closeTheQuietestAndServeTheNewest() throws Exception {
    start("127.0.0.1", "");
    byte[] asked = getPort(NFS, 3, TCP);
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < PortmapTcp.CONNECTIONS_MAX; i++) {
        Socket socket = connect("127.0.0.1");
        sockets.add(socket);
        send(socket, asked);
        receive(socket);
      }
      send(sockets.get(0), asked); // so the second is now the quietest
      receive(sockets.get(0));
      assertArrayEquals(success(out -> out.int32(2049)), askTcp("127.0.0.1", asked));
      assertClosed(sockets.get(1));
      for (int i : new int[] {0, 2, PortmapTcp.CONNECTIONS_MAX - 1}) {
        send(sockets.get(i), asked);
        assertArrayEquals(success(out -> out.int32(2049)), receive(sockets.get(i)));
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void tcp_callerThatNeverReads_isClosedAndOthersAreServed() throws Exception {
    start("127.0.0.1", "");
    try (Socket deaf = connect("127.0.0.1")) {
      byte[] dump = call(2, 4, out -> {});
      ByteArrayOutputStream thousandCalls = new ByteArrayOutputStream();
      for (int i = 0; i < 1000; i++) {
        thousandCalls.write(new byte[] {(byte) 0x80, 0, 0, (byte) dump.length});
        thousandCalls.write(dump);
      }
      // The replies to 44 MB of calls are more than the system keeps for two sockets.
      assertThrows(IOException.class, () -> write(deaf, thousandCalls.toByteArray(), 1000));
      byte[] asked = getPort(NFS, 3, TCP);
      assertArrayEquals(success(out -> out.int32(2049)), askTcp("127.0.0.1", asked));
    }
  }

  private static void write(Socket socket, byte[] bytes, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      socket.getOutputStream().write(bytes);
    }
  }

  @Test
  void tcp_idleConnection_isClosed() throws Exception {
    PortmapProgram program = new PortmapProgram(UnpooledByteBufAllocator.DEFAULT, () -> null);
    PortmapTcp tcp = new PortmapTcp(vertx, program, Optional.empty(), 1);
    try (Socket socket = new Socket("127.0.0.1", await(tcp.listen("127.0.0.1", 0)))) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.getOutputStream().write(0x80); // the beginning of a record, and then nothing
      assertClosed(socket);
    }
  }

  @Test
  void udp_garbageAndReplies_areDroppedAndTheNextCallIsAnswered() throws Exception {
    start("127.0.0.1", "");
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", portmapper.port()));
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] tooLong = Arrays.copyOf(call(2, 0, out -> {}), PortmapUdp.CALL_BYTES_MAX + 1);
      byte[] asked = getPort(NFS, 3, TCP);
      for (byte[] bad : List.of(new byte[0], new byte[] {1}, success(out -> {}), tooLong)) {
        socket.send(new DatagramPacket(bad, bad.length));
      }
      socket.send(new DatagramPacket(asked, asked.length));
      DatagramPacket reply = new DatagramPacket(new byte[2000], 2000);
      socket.receive(reply);
      byte[] first = Arrays.copyOf(reply.getData(), reply.getLength());
      assertArrayEquals(success(out -> out.int32(2049)), first);
    }
  }

  @Test
  void start_tcpPortInUse_saysTheCureAndHoldsNothing() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String message = failure(taken.getLocalPort());
      assertTrue(message.contains("on 127.0.0.1 TCP port " + taken.getLocalPort()), message);
      assertTrue(message.contains("rpcbind.socket"), message);
    }
  }

  @Test
  void start_udpPortInUse_saysTheCureAndClosesTcp() throws Exception {
    try (DatagramSocket taken = udpPortWithAFreeTcpTwin()) {
      int port = taken.getLocalPort();
      String message = failure(port);
      assertTrue(message.contains("on 127.0.0.1 UDP port " + port), message);
      assertThrows(IOException.class, () -> new Socket("127.0.0.1", port).close());
    }
  }

  // The system gives out ports for UDP without a look at TCP, where tests before this one may have
  // left thousands of connections in TIME_WAIT.
  private static DatagramSocket udpPortWithAFreeTcpTwin() throws IOException {
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    for (int i = 0; i < 1000; i++) {
      DatagramSocket udp = new DatagramSocket(0, loopback);
      try (ServerSocket twin = new ServerSocket()) {
        twin.setReuseAddress(false);
        twin.bind(new InetSocketAddress(loopback, udp.getLocalPort()));
        return udp;
      } catch (IOException taken) {
        udp.close();
      }
    }
    throw new IOException("no port is free for both UDP and TCP");
  }

  @Test
  void start_addressOfAnotherHost_saysTheCure() {
    PortmapSettings settings = new PortmapSettings("192.0.2.1", 0, "", 2049);
    String message = failure(settings);
    assertTrue(message.contains("no interface of this machine"), message);
  }

  private String failure(int port) {
    return failure(new PortmapSettings("127.0.0.1", port, "", 2049));
  }

  private String failure(PortmapSettings settings) {
    ExecutionException failed =
        assertThrows(
            ExecutionException.class, () -> await(Portmapper.start(vertx, settings, () -> served)));
    return failed.getCause().getMessage();
  }

  @Test
  void close_listening_freesThePort() throws Exception {
    start("127.0.0.1", "");
    int port = portmapper.port();
    await(portmapper.close());
    assertTrue(becomesFree(port), "port " + port + " is still held");
  }

  /** NIO gives a closed port back at the selector's next turn, not at once. */
  private static boolean becomesFree(int port) throws Exception {
    for (int i = 0; i < 200; i++) {
      try (ServerSocket tcp = new ServerSocket();
          DatagramSocket udp = new DatagramSocket(null)) {
        tcp.setReuseAddress(true);
        tcp.bind(new InetSocketAddress("127.0.0.1", port));
        udp.bind(new InetSocketAddress("127.0.0.1", port));
        return true;
      } catch (BindException held) {
        Thread.sleep(50);
      }
    }
    return false;
  }

  @Test
  void settings_advertiseAName_isRefused() {
    assertFalse(PortmapSettings.isAdvertisable("balancer.example.com"));
    assertFalse(PortmapSettings.isAdvertisable("192.0.2"));
    assertTrue(PortmapSettings.isAdvertisable("192.0.2.1"));
    assertTrue(PortmapSettings.isAdvertisable("2001:db8::1"));
    assertThrows(
        IllegalArgumentException.class, () -> new PortmapSettings("::", 111, "balancer", 2049));
  }
}
