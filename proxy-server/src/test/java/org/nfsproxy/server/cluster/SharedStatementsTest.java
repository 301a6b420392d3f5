package org.nfsproxy.server.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.nfsproxy.server.fakes.Eventually.eventually;
import static org.nfsproxy.server.fakes.ProxyUnderTest.await;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.Fleet;

class SharedStatementsTest {
  private Instances instances;

  @BeforeEach
  void build() throws Exception {
    instances = new Instances(3);
  }

  @AfterEach
  void stop() throws Exception {
    instances.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String heard(Fleet fleet, String instance) {
    byte[] text = fleet.heard("topic").get(instance);
    return text == null ? null : new String(text, StandardCharsets.UTF_8);
  }

  @Test
  void statements_areHeardByAllAndVanishWithWhoMadeThem() throws Exception {
    InstanceLink one = instances.start(0, "origin");
    Fleet first = await(one.joined());
    first.say("topic", bytes("one"));
    assertEquals("one", heard(first, "instance-0"), "its own, at once");

    InstanceLink two = instances.start(1, "origin");
    Fleet second = await(two.joined());
    AtomicInteger changes = new AtomicInteger();
    first.onChange("topic", changes::incrementAndGet);
    second.say("topic", bytes("two"));
    second.say("topic", bytes("two again"));
    InstanceLink three = instances.start(2, "another origin");
    Fleet third = await(three.joined());
    for (Fleet each : new Fleet[] {first, second, third}) {
      eventually("one's", () -> "one".equals(heard(each, "instance-0")));
      eventually("two's", () -> "two again".equals(heard(each, "instance-1")));
    }
    assertEquals(Map.of(), third.heard("another topic"));
    assertEquals("instance-2", third.instance());

    eventually("it was told", () -> changes.get() > 0);
    int before = changes.get();
    await(two.stop());
    eventually("it has left", () -> first.heard("topic").keySet().equals(Set.of("instance-0")));
    eventually("it has left", () -> third.heard("topic").keySet().equals(Set.of("instance-0")));
    eventually("it was told", () -> changes.get() > before);

    InstanceLink again = instances.start(1, "origin");
    Fleet newer = await(again.joined());
    eventually("one's", () -> "one".equals(heard(newer, "instance-0")));
    assertEquals(null, heard(newer, "instance-1"), "what it said before it left");
  }

  @Test
  void statement_isCopiedAndBounded() throws Exception {
    Fleet fleet = await(instances.start(0, "origin").joined());
    byte[] text = bytes("text");
    fleet.say("topic", text);
    text[0] = 'X';
    fleet.heard("topic").get("instance-0")[1] = 'X';
    assertArrayEquals(bytes("text"), fleet.heard("topic").get("instance-0"));
    byte[] large = new byte[Statement.TEXT_BYTES_MAX + 1];
    assertThrows(IllegalArgumentException.class, () -> fleet.say("topic", large));
    assertThrows(IllegalArgumentException.class, () -> fleet.say("a topic", text));
    assertEquals("text", heard(fleet, "instance-0"));
  }
}
