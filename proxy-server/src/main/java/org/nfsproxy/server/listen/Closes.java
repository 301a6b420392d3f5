package org.nfsproxy.server.listen;

import io.netty.channel.ChannelOutboundInvoker;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Closes connections, and counts why. For any thread. */
// Nothing else in this package closes a channel, so that no close goes uncounted (LayeringTest).
final class Closes {
  private final Map<CloseReason, LongAdder> counts = new EnumMap<>(CloseReason.class);

  Closes() {
    for (CloseReason reason : CloseReason.values()) {
      counts.put(reason, new LongAdder());
    }
  }

  void close(ChannelOutboundInvoker channel, CloseReason reason) {
    Objects.requireNonNull(counts.get(reason), "each has one").increment();
    channel.close();
  }

  /** How often each reason was met since the start, by its key; those never met too. */
  Map<String, Long> numbers() {
    Map<String, Long> numbers = new TreeMap<>();
    counts.forEach((reason, count) -> numbers.put(reason.key(), count.sum()));
    return numbers;
  }
}
