package org.nfsproxy.backend.nfs.connect;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Ports that connections of this process have left a moment ago. Not thread-safe. */
// A client that was cut off comes back within milliseconds, while the origin may still execute what
// it had sent. From the same port a Linux server takes the repetition for what it has begun, and
// drops it without a word; the client repeats it after a minute. From another port it is executed,
// as it always was. After a restart of this process, which takes seconds, that is over.
final class RestingPorts {
  /** Far longer than an operation takes, and shorter than anybody stays away who is idle. */
  static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private record Left(int port, long untilNanos) {}

  private final ArrayDeque<Left> inOrder = new ArrayDeque<>();
  private final Set<Integer> ports = new HashSet<>();

  void left(int port, long nowNanos) {
    if (ports.add(port)) {
      inOrder.add(new Left(port, nowNanos + REST_NANOS));
    }
  }

  boolean isResting(int port, long nowNanos) {
    while (!inOrder.isEmpty() && nowNanos - inOrder.peek().untilNanos >= 0) {
      ports.remove(inOrder.poll().port);
    }
    return ports.contains(port);
  }
}
