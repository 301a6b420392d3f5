package org.nfsproxy.server.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

// With both transports: the native one tells a number, Java's own one type for all.
class BindFailureTest {
  private static BindFailure listening(boolean nativeTransport, String host, int port) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(nativeTransport));
    try {
      vertx
          .createNetServer()
          .connectHandler(socket -> {})
          .listen(port, host)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
      throw new AssertionError("it listens");
    } catch (CompletionException failed) {
      return BindFailure.of(failed.getCause(), host, port);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takenPort_isInUse(boolean nativeTransport) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertEquals(
          BindFailure.IN_USE, listening(nativeTransport, "127.0.0.1", taken.getLocalPort()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void addressOfAnotherMachine_isNotOurs(boolean nativeTransport) {
    assertEquals(BindFailure.NOT_OURS, listening(nativeTransport, "192.0.2.1", 0));
  }

  // In whatever language the machine speaks.
  @Test
  void textOfTheFailure_doesNotCount() {
    assertEquals(
        BindFailure.NOT_OURS, BindFailure.of(new BindException("Adresse?"), "192.0.2.1", 2049));
    assertEquals(
        BindFailure.IN_USE,
        BindFailure.of(new BindException("Permission denied"), "0.0.0.0", 2049));
    assertEquals(
        BindFailure.UNKNOWN_NAME, BindFailure.of(new UnknownHostException("x"), "x", 2049));
    assertEquals(
        BindFailure.OTHER, BindFailure.of(new IOException("Address already in use"), "::", 2049));
  }

  @ParameterizedTest
  @EnumSource(BindFailure.class)
  void everyFailure_hasACureWithItsKeys_orNone(BindFailure failure) {
    for (ListeningPlace place : ListeningPlace.values()) {
      String cure = failure.cure(place);
      assertEquals(failure == BindFailure.OTHER, cure.isEmpty());
      assertTrue(cure.isEmpty() || cure.contains("set "), cure);
    }
  }
}
