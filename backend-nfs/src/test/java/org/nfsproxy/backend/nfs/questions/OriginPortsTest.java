package org.nfsproxy.backend.nfs.questions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.mismatch;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.silence;
import static org.nfsproxy.backend.nfs.questions.AnsweringOrigin.success;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an origin's programs are, as its portmapper says. */
class OriginPortsTest extends Asking {
  private static final int PORTMAP = 100000;
  private static final int MOUNT = 100005;
  private static final int NFS_ACL = 100227;

  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5); // about to overflow

  private OriginPorts ports(int mount, int acl, int callMillis) {
    OriginPorts.Configured configured =
        new OriginPorts.Configured("127.0.0.1", 2049, mount, acl, 0, fake.port());
    return new OriginPorts(vertx, connector(callMillis), configured, nanoTime::get);
  }

  private OriginPorts ports() {
    return ports(0, 0, PATIENCE_MILLIS);
  }

  private void passSeconds(long seconds) {
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }

  /** GETPORT of a server that has these versions of programs: key is program * 10 + version. */
  private void registered(Map<Integer, Integer> ports) {
    fake.on(
        PORTMAP,
        2,
        3,
        (xid, in, out) -> {
          int key = in.int32() * 10 + in.int32();
          assertEquals(6, in.int32(), "protocol");
          int port = ports.getOrDefault(key, 0);
          success(reply -> reply.int32(port)).play(xid, in, out);
        });
  }

  @Test
  void mount_registered_isItsPort() throws Exception {
    registered(Map.of(MOUNT * 10 + 3, 20048));
    assertEquals(20048, await(ports().mount()));
  }

  @Test
  void mount_ofVersion1Only_isItsPort() throws Exception {
    registered(Map.of(MOUNT * 10 + 1, 635));
    assertEquals(635, await(ports().mount()));
  }

  @Test
  void ports_configured_askNobody() throws Exception {
    OriginPorts ports = ports(4002, 4003, PATIENCE_MILLIS);
    assertEquals(4002, await(ports.mount()));
    assertEquals(4003, await(ports.acl()));
    assertEquals(0, connects.get());
  }

  @Test
  void mount_notRegistered_failsWithTheCure() {
    registered(Map.of());
    String message = failure(IOException.class, ports().mount()).getMessage();
    assertTrue(message.contains("port " + fake.port()), message);
    assertTrue(message.contains("backend.origin.ports.mount"), message);
  }

  @Test
  void mount_portmapperAway_failsWithTheCure() throws Exception {
    fake.close();
    String message = failure(IOException.class, ports().mount()).getMessage();
    assertTrue(message.contains("backend.origin.ports.mount"), message);
  }

  @Test
  void mount_portmapperSilent_failsInTime() {
    fake.on(PORTMAP, 2, 3, silence());
    failure(IOException.class, ports(0, 0, 100).mount());
  }

  @Test
  void mount_rpcbindWithoutVersion2_isAskedInVersion4() throws Exception {
    fake.on(PORTMAP, 2, 3, mismatch(3, 4));
    fake.on(
        PORTMAP,
        4,
        3,
        (xid, in, out) -> {
          assertEquals(MOUNT, in.int32());
          assertEquals(3, in.int32());
          assertEquals("tcp6", in.string(10));
          success(reply -> reply.string("fe80::1.78.80")).play(xid, in, out);
        });
    assertEquals(20048, await(ports().mount()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "::1.8", "1.2.3.4.256.1", "1.2.3.4.a.b", "1.2.3.4.-1.5", "...."})
  void mount_addressMalformed_fails(String address) {
    fake.on(PORTMAP, 2, 3, mismatch(3, 4));
    fake.on(PORTMAP, 4, 3, success(reply -> reply.string(address)));
    failure(IOException.class, ports().mount());
  }

  @ParameterizedTest
  @ValueSource(ints = {65536, -1, Integer.MIN_VALUE})
  void mount_portImpossible_fails(int port) {
    fake.on(PORTMAP, 2, 3, success(reply -> reply.int32(port)));
    failure(IOException.class, ports().mount());
  }

  @Test
  void mount_known_isRememberedForAWhile() throws Exception {
    OriginPorts ports = ports();
    registered(Map.of(MOUNT * 10 + 3, 20048));
    await(ports.mount());
    registered(Map.of(MOUNT * 10 + 3, 20049));
    passSeconds(59);
    assertEquals(20048, await(ports.mount()));
    assertEquals(1, fake.calls());
    passSeconds(2);
    assertEquals(20049, await(ports.mount()));
  }

  @Test
  void mount_forgotten_isAskedAgain() throws Exception {
    OriginPorts ports = ports();
    registered(Map.of(MOUNT * 10 + 3, 20048));
    await(ports.mount());
    registered(Map.of(MOUNT * 10 + 3, 20049));
    ports.forget();
    assertEquals(20049, await(ports.mount()));
  }

  @Test
  void mount_afterAFailure_isAskedAgain() throws Exception {
    OriginPorts ports = ports();
    registered(Map.of());
    failure(IOException.class, ports.mount());
    registered(Map.of(MOUNT * 10 + 3, 20048));
    assertEquals(20048, await(ports.mount()));
  }

  @Test
  void mount_askedByManyAtOnce_isOneQuestion() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    fake.on(PORTMAP, 2, 3, AnsweringOrigin.after(latch, success(reply -> reply.int32(20048))));
    OriginPorts ports = ports();
    List<Future<Integer>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      asked.add(ports.mount());
    }
    latch.countDown();
    for (Future<Integer> one : asked) {
      assertEquals(20048, await(one));
    }
    assertEquals(1, fake.calls());
    assertEquals(1, connects.get());
  }

  @Test
  void acl_registered_isItsPort() throws Exception {
    registered(Map.of(NFS_ACL * 10 + 3, 2050));
    assertEquals(2050, await(ports().acl()));
  }

  @Test
  void acl_notRegistered_isThatOfNfs() throws Exception {
    registered(Map.of());
    assertEquals(2049, await(ports().acl()));
  }

  @Test
  void acl_portmapperAway_isThatOfNfsAndRemembered() throws Exception {
    fake.close();
    OriginPorts ports = ports();
    assertEquals(2049, await(ports.acl()));
    assertEquals(2049, await(ports.acl()));
    assertEquals(1, connects.get());
  }
}
