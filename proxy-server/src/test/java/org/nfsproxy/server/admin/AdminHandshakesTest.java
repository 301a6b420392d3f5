package org.nfsproxy.server.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.configuration.Admin;
import org.nfsproxy.server.configuration.AdminAccess;
import org.nfsproxy.server.configuration.LivePage;
import org.nfsproxy.server.fakes.ClientHellos;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.fakes.HeldHandshakes;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.tls.ServerTls;
import org.nfsproxy.server.tls.TlsFiles;

// What strangers leave behind who begin TLS at the admin pages, faster than it is computed.
class AdminHandshakesTest {
  private static final int HANDSHAKE_MILLIS = 2_000;

  /** More than the system keeps for two sockets. */
  private static final int FLOOD_BYTES = 64 << 20;

  /** Less than a connection may be idle. */
  private static final int SOON_MILLIS = 7_000;

  private final Vertx vertx = Vertx.vertx();
  private final HeldHandshakes held = new HeldHandshakes();
  @TempDir private Path folder;
  private TestCertificates certificates;
  private Guard guard;
  private AdminListener listener;

  @BeforeEach
  void serve() throws Exception {
    certificates = TestCertificates.in(folder);
    TlsFiles files =
        new TlsFiles(certificates.certificate().toString(), certificates.key().toString(), "");
    ServerTls tls = ServerTls.ofPages(files, HANDSHAKE_MILLIS, held.threads());
    guard = new Guard(tls, null, new AtomicBoolean());
    Admin admin =
        new Admin(
            true,
            "127.0.0.1",
            0,
            List.of(),
            ClientMatch.of(List.of("127.0.0.1")),
            new LivePage(8, 2000, 100),
            AdminAccess.OPEN);
    Map<String, Page> pages =
        Map.of("/one", () -> new Page.Answer(200, new JsonObject().put("n", 1)));
    listener = await(AdminListener.start(vertx, admin, pages, Map.of(), null, guard));
  }

  @AfterEach
  void stop() throws Exception {
    await(listener.close());
    guard.close();
    await(vertx.close());
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", listener.port());
    socket.setSoTimeout(Eventually.MILLIS_MAX);
    return socket;
  }

  private void sendHello(Socket socket) throws Exception {
    socket.getOutputStream().write(ClientHellos.of(certificates.client(null)));
    eventually("its handshake waits", () -> held.waiting() > 0);
  }

  private SSLSocket secured(Socket plain) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            certificates
                .client(null)
                .getSocketFactory()
                .createSocket(plain, "127.0.0.1", listener.port(), true);
    socket.startHandshake();
    return socket;
  }

  private boolean isServed() {
    try (Socket plain = connect();
        SSLSocket socket = secured(plain)) {
      String request = "GET /one HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.startsWith("HTTP/1.1 200 ");
    } catch (Exception refused) {
      return false;
    }
  }

  @Test
  void handshakesThatWereReset_areNotComputed_andTheNextOneIs() throws Exception {
    for (int i = 0; i < 3 * AdminAccess.OPEN.connectionsMax(); i++) {
      try (Socket each = connect()) {
        each.setSoLinger(true, 0);
        sendHello(each);
      }
      eventually("nothing is left of it", () -> held.waiting() == 0);
    }
    held.letGo();
    assertTrue(isServed());
  }

  @Test
  void whatIsSentWhileAHandshakeWaits_isLeftInTheSocket() throws Exception {
    try (Socket socket = connect()) {
      sendHello(socket);
      assertThrows(IOException.class, () -> send(socket, FLOOD_BYTES));
    }
    held.letGo();
    eventually("there is room again", this::isServed);
  }

  private static void send(Socket socket, int length) throws IOException {
    OutputStream out = socket.getOutputStream();
    byte[] some = new byte[1 << 16];
    for (int sent = 0; sent < length; sent += some.length) {
      out.write(some);
    }
  }

  @Test
  void recordAnnouncedTooLong_endsTheConnection() throws Exception {
    held.letGo();
    try (Socket plain = connect();
        SSLSocket secured = secured(plain)) {
      String request = "GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n";
      secured.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertEquals('H', secured.getInputStream().read());
      plain.setSoTimeout(SOON_MILLIS);
      plain.getOutputStream().write(new byte[] {23, 3, 3, (byte) 0xff, (byte) 0xff});
      awaitEnd(plain);
    }
  }

  private static void awaitEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } catch (SocketException reset) {
      // That is an end too.
    }
  }
}
