package org.nfsproxy.backend.coordinated.nfs4j;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.dcache.nfs.v4.NFS4Client;

/** Ends clients that were silent for longer than the lease, RFC 8881 section 8.3. */
// A lease runs by the machine's clock. While the process stands still (a suspended machine), or
// when the clock is set forward, all leases would run out and all locks be lost although no client
// was silent: so a gap between two looks at the clock renews all of them.
final class Leases {
  /** No look is later than this in a process that runs: one is due each second. */
  static final long GAP_MILLIS = 5_000;

  private final Supplier<List<NFS4Client>> clients;
  private final Consumer<NFS4Client> end;
  private final LongSupplier clockMillis;
  private volatile long looked;

  Leases(Supplier<List<NFS4Client>> clients, Consumer<NFS4Client> end, LongSupplier clockMillis) {
    this.clients = clients;
    this.end = end;
    this.clockMillis = clockMillis;
    looked = clockMillis.getAsLong();
  }

  /** Due before each call is executed, and each second. */
  void look() {
    if (isGap()) {
      renewAll();
    } else {
      looked = clockMillis.getAsLong();
    }
  }

  private boolean isGap() {
    return clockMillis.getAsLong() - looked > GAP_MILLIS;
  }

  /** Calls that come meanwhile wait: they must find their client renewed. */
  private synchronized void renewAll() {
    if (isGap()) {
      clients.get().forEach(NFS4Client::refreshLeaseTime);
      looked = clockMillis.getAsLong();
    }
  }

  /** Due each second. */
  void endSilent() {
    look();
    clients.get().stream().filter(client -> !client.isLeaseValid()).forEach(end);
  }
}
