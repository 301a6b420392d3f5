package org.nfsproxy.backend.nfs.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.backend.nfs.questions.Asking;
import org.nfsproxy.backend.nfs.tls.OriginTlsSettings;

class OriginServersTest extends Asking {
  private OriginServers servers() {
    return servers(
        "127.0.0.1", new OriginAddress("127.0.0.2", 0), new OriginAddress("localhost", 2050));
  }

  private OriginServers servers(String host, OriginAddress... equivalents) {
    NfsSettings settings =
        new NfsSettings(
            Identity.OWN,
            host,
            2049,
            1,
            1,
            1,
            ReservedPortPolicy.NEVER,
            0,
            List.of(),
            1_000,
            2_000,
            10_000,
            0,
            0,
            List.of(equivalents),
            OriginTlsSettings.OFF);
    return OriginServers.of(
        vertx, settings, new SourcePorts(ReservedPortPolicy.NEVER, List.of(), 0), null);
  }

  private static List<String> shown(OriginServers servers) {
    return servers.inOrder().stream().map(OriginServer::toString).toList();
  }

  @Test
  void order_isTheOriginsFirst_thenTheServingOnes() {
    OriginServers servers = servers();
    assertEquals(
        List.of("127.0.0.1 port 2049", "127.0.0.2 port 2049", "localhost port 2050"),
        shown(servers));
    assertTrue(servers.serves(servers.inOrder().get(0), servers.inOrder().get(2)));
    assertEquals(
        List.of("localhost port 2050", "127.0.0.1 port 2049", "127.0.0.2 port 2049"),
        shown(servers));
  }

  // Two clients found the origin dead at the same time, and one of them, slower, met it again.
  @Test
  void clientThatReachesAnotherThanTheServingOne_isSentToThat() {
    OriginServers servers = servers();
    List<OriginServer> order = servers.inOrder();
    assertTrue(servers.serves(order.get(0), order.get(1)));
    assertFalse(servers.serves(order.get(0), order.get(2)));
    assertTrue(servers.serves(order.get(0), order.get(1)));
    assertSame(order.get(1), servers.serving());
  }

  @Test
  void question_goesOnToTheNextServer_onlyWhereOneCannotBeReached() throws Exception {
    OriginServers servers = servers();
    List<Object> asked = new ArrayList<>();
    Future<String> answer =
        servers.ask(
            questions -> {
              asked.add(questions);
              return asked.size() < 2
                  ? Future.failedFuture(new IOException("refused"))
                  : Future.succeededFuture("answered");
            });
    assertEquals("answered", await(answer));
    assertEquals(
        List.of(servers.inOrder().get(0).questions(), servers.inOrder().get(1).questions()), asked);
    failure(
        NfsStatusException.class,
        servers.ask(q -> Future.failedFuture(new NfsStatusException(70))));
    failure(TimeoutException.class, servers.ask(q -> Future.failedFuture(new TimeoutException())));
    assertTrue(servers.originServes());
  }

  @Test
  void names_areThoseConfigured_andTheAddressesFound() throws Exception {
    OriginServers servers = servers();
    await(servers.inOrder().get(2).name().addresses());
    assertTrue(servers.names().containsAll(List.of("127.0.0.1", "127.0.0.2", "localhost")));
    assertTrue(
        servers.names().size() == 3 || servers.names().size() == 4, servers.names()::toString);
  }

  @Test
  void locks_whereThereAreEquivalents_areRefusedWithTheKey() {
    Throwable why = new OriginLockManager(servers()).leadsToOneAddress().cause();
    assertTrue(why.getMessage().contains("backend.origin.equivalents"), why.getMessage());
    assertEquals(
        List.of("backend.origin.equivalents"),
        new OriginLockManager(servers()).unfit().stream().map(each -> each.key()).toList());
    assertEquals(List.of(), new OriginLockManager(servers("127.0.0.1")).unfit());
  }

  @Test
  void locks_ofOneAddress_orOfANameThatNobodyKnowsNow_areNot() throws Exception {
    await(new OriginLockManager(servers("127.0.0.1")).leadsToOneAddress());
    await(new OriginLockManager(servers("no-such-host.invalid")).leadsToOneAddress());
  }
}
