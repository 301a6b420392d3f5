package org.nfsproxy.server.metrics;

import java.net.InetAddress;

/** Somebody who wants to be told of single calls. Asked on event loops, so it returns at once. */
public interface NotedCalls {
  /**
   * Of which calls of a client.
   *
   * @return bits of {@link org.nfsproxy.server.call.Noting}
   */
  int wants(InetAddress client);

  /**
   * A call was answered, or will never be. Also told of calls that only others wanted to be told
   * of.
   *
   * @param call what it was; stays as it is, but for the reply's length, which follows
   */
  void told(NotedCall call);
}
