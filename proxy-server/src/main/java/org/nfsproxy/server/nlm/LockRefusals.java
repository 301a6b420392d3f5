package org.nfsproxy.server.nlm;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log, once for each client, why it gets no locks. Safe for use by several threads. */
// An address that was forgotten, because others came after it, is told again: better twice than a
// set that grows with every address that ever called.
public final class LockRefusals {
  /** As many as the connections that are allowed by default ({@code limits.connectionsMax}). */
  private static final int CLIENTS_MAX = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(LockRefusals.class);

  private final Map<InetAddress, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Boolean> eldest) {
          return size() > CLIENTS_MAX;
        }
      };

  /** A client asked for a lock and was refused. */
  public void refused(InetAddress client) {
    if (firstTime(client)) {
      LOG.warn(
          "client {} asked for an NLM lock (NFSv3) and is refused, LCK_DENIED_NOLOCKS: an origin"
              + " tells lock owners apart by source address and svid, every client counts its svid"
              + " from 0, and all clients of this proxy come from its address, so they would share"
              + " locks. Cure: mount with vers=4, where locks are the origin's own, or with -o"
              + " nolock, where they are local to the client. This is said once per client",
          client.getHostAddress());
    }
  }

  private synchronized boolean firstTime(InetAddress client) {
    return told.put(client, Boolean.TRUE) == null;
  }
}
