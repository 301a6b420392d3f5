package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Fleet;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.PeerExports;
import org.nfsproxy.server.exports.VersionedFsid;

/** Somebody else on the cluster's port, with a Hazelcast of its own and the cluster's name. */
class RejectedEntriesTest {
  private static final String ORIGIN = "origin 2049";
  private static final VersionedFsid FSID = new VersionedFsid(4, 1, 2);
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  /** What it would do if it were read. */
  static final AtomicBoolean READ = new AtomicBoolean();

  /** Something that acts when Java reads it. */
  private static final class Bomb implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      READ.set(true);
    }
  }

  private final PeerExportForm form = new PeerExportForm(ORIGIN);
  private final PeerExport told = new PeerExport("/export", List.of(FSID));
  private Instances instances;
  private InstanceLink link;
  private HazelcastInstance stranger;

  @BeforeEach
  void meet() throws Exception {
    instances = new Instances(2);
    link = instances.start(0, ORIGIN);
    Instances.joined(link, 1);
    Config config =
        MemberSettings.of(
            instances.settings(1), "stranger", "javascript:alert(1)", "127.0.0.1", 100);
    config.getSerializationConfig().setJavaSerializationFilterConfig(null);
    stranger = Hazelcast.newHazelcastInstance(config);
    Instances.joined(link, 2);
  }

  @AfterEach
  void part() throws Exception {
    stranger.getLifecycleService().terminate();
    instances.close();
  }

  private long refused() {
    return link.report().get().refused();
  }

  @Test
  void garbageInTheMaps_isCountedAndNothingElse() throws Exception {
    IMap<Object, Object> exports = stranger.getMap(SharedExports.MAP);
    IMap<Object, Object> statements = stranger.getMap(SharedStatements.MAP);
    String key = form.key(FSID);
    byte[] newer = form.write(told);
    newer[0] = 2;
    Map<Object, Object> garbage = new HashMap<>();
    garbage.put(7, form.write(told));
    garbage.put("x".repeat(100_000), form.write(told));
    garbage.put(key, "a text");
    garbage.put(form.key(new VersionedFsid(4, 1, 3)), newer);
    garbage.put(form.key(new VersionedFsid(4, 1, 4)), new byte[1 << 20]);
    garbage.put(form.key(new VersionedFsid(4, 1, 5)), form.write(told));
    garbage.put(form.key(new VersionedFsid(4, 1, 6)), new Bomb());
    exports.putAll(garbage);
    statements.set("no key of ours", HELLO);
    statements.set("topic|somebody", 1.5);
    eventually("each is refused", () -> refused() >= garbage.size() + 2);
    assertFalse(READ.get());
    assertEquals(0, link.report().get().exportsHeard());
    Fleet fleet = await(link.joined());
    assertEquals(Map.of(), fleet.heard("topic"));
    assertEquals(null, await(link.peers().about(FSID)));

    // And what is of our form is heard all the same, also under a key that was garbage before.
    exports.set(key, form.write(told));
    eventually("it is heard", () -> link.report().get().exportsHeard() == 1);
    assertEquals(told, await(link.peers().about(FSID)));
  }

  @Test
  void pageThatIsNoPage_isNotTold() {
    assertEquals(
        List.of("instance-0 " + instances.page(0), "stranger null"),
        link.report().get().instances().stream()
            .map(each -> each.name() + " " + each.page())
            .sorted()
            .toList());
  }

  @Test
  void garbageThatWasThereBefore_isCountedAndNothingElse() throws Exception {
    IMap<Object, Object> exports = stranger.getMap(SharedExports.MAP);
    exports.set(form.key(new VersionedFsid(4, 1, 6)), new Bomb());
    exports.set("another", 3);
    exports.set(form.key(FSID), form.write(told));
    eventually("there are copies", stranger.getPartitionService()::isClusterSafe);
    await(link.stop());
    InstanceLink later = instances.start(0, ORIGIN);
    Instances.joined(later, 2);
    eventually("the good one is heard", () -> later.report().get().exportsHeard() == 1);
    assertEquals(told, await(later.peers().about(FSID)));
    eventually("the others are refused", () -> later.report().get().refused() >= 2);
    assertFalse(READ.get());
  }

  // Such a key spoils reading the map as a whole.
  @Test
  void keyThatCannotBeRead_isCountedAndNothingElse() throws Exception {
    IMap<Object, Object> exports = stranger.getMap(SharedExports.MAP);
    exports.set(new Bomb(), 3);
    exports.set(form.key(FSID), form.write(told));
    eventually("the other is heard", () -> link.report().get().exportsHeard() == 1);
    eventually("it is refused", () -> refused() >= 1);
    assertEquals(told, await(link.peers().about(FSID)));
    assertFalse(READ.get());
  }

  @Test
  void statementInTheNameOfNobodyThere_isNotHeard() throws Exception {
    IMap<Object, Object> statements = stranger.getMap(SharedStatements.MAP);
    Fleet fleet = await(link.joined());
    Statement dead = new Statement(UUID.randomUUID(), "topic", "dead", HELLO);
    statements.set(dead.key(), dead.write());
    UUID self = stranger.getCluster().getLocalMember().getUuid();
    Statement alive = new Statement(self, "topic", "alive", HELLO);
    statements.set(alive.key(), alive.write());
    eventually("one is heard", () -> !fleet.heard("topic").isEmpty());
    assertEquals(Set.of("alive"), fleet.heard("topic").keySet());
    assertArrayEquals(HELLO, fleet.heard("topic").get("alive"));
    stranger.getLifecycleService().terminate();
    eventually("it has left", () -> fleet.heard("topic").isEmpty());
  }

  @Test
  void question_isAnsweredInTimeOrNotAtAll() throws Exception {
    PeerExports peers = link.peers();
    assertEquals(null, await(peers.about(new VersionedFsid(4, 9, 9))));
    assertEquals(1, link.report().get().lookups());
  }

  private static String answer(Socket client) throws IOException {
    try {
      byte[] answer = client.getInputStream().readAllBytes();
      return new String(answer, StandardCharsets.US_ASCII);
    } catch (SocketException reset) {
      return "";
    }
  }

  // Only members' own protocol is spoken at the port: not that of Hazelcast's clients, nor HTTP.
  @Test
  void port_servesMembersOnly() throws Exception {
    int port = instances.settings(0).port();
    for (String hello : List.of("CP2", "GET /hazelcast/health HTTP/1.1\r\n\r\n")) {
      try (Socket client = new Socket("127.0.0.1", port)) {
        client.setSoTimeout(10_000);
        client.getOutputStream().write(hello.getBytes(StandardCharsets.US_ASCII));
        assertEquals("", answer(client));
      }
    }
  }
}
