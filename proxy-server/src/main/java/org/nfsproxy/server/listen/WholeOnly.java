package org.nfsproxy.server.listen;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Clients whose calls are forwarded only when they are whole, for a while: one of theirs was begun,
 * and refused because of what came at its end.
 */
// Such a client is disconnected and sends the call again. Now it is judged before anything of it is
// sent, so it can be refused with an answer. It is one of a thousand clients that combines a large
// WRITE with what is forbidden behind it, and one that is forgotten here loses a connection.
final class WholeOnly {
  static final int CLIENTS_MAX = 1024;

  /** A client that was disconnected is back within seconds; a Linux client after 60 at most. */
  static final int SECONDS = 120;

  private final Map<InetAddress, Long> untilSecond =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Long> eldest) {
          return size() > CLIENTS_MAX;
        }
      };

  synchronized void add(InetAddress client, long second) {
    untilSecond.remove(client);
    untilSecond.put(client, second + SECONDS);
  }

  synchronized boolean has(InetAddress client, long second) {
    Long until = untilSecond.get(client);
    return until != null && second < until;
  }
}
