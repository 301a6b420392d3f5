package org.nfsproxy.server.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClosesTest {
  @Test
  void close_closesTheChannel_andCountsItsReasonAlone() {
    Closes closes = new Closes();
    EmbeddedChannel channel = new EmbeddedChannel();

    closes.close(channel, CloseReason.IDLE);

    assertFalse(channel.isOpen());
    assertEquals(1, closes.numbers().get("idle"));
    assertEquals(1, closes.numbers().values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void eachReason_isTold_beforeItIsMetToo_underAKeyOfItsOwn() {
    Set<String> keys =
        Arrays.stream(CloseReason.values()).map(CloseReason::key).collect(Collectors.toSet());

    assertEquals(CloseReason.values().length, keys.size());
    assertEquals(keys, new HashSet<>(new Closes().numbers().keySet()));
    keys.forEach(key -> assertTrue(key.matches("[a-z]+([A-Z][a-z]+)*"), key));
  }
}
