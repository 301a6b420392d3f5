package org.nfsproxy.backend.coordinated.nfs4j;

import java.time.Duration;
import org.dcache.nfs.status.NoGraceException;
import org.dcache.nfs.v4.ClientRecoveryStore;

/** The time after a start in which clients reclaim what they held, RFC 8881 section 8.4.2. */
// Nothing is written to disk, so whoever asks in this time is believed, and nobody may open or lock
// anew until it is over. Afterwards nobody is believed: a lock may have been somebody else's since.
final class Grace implements ClientRecoveryStore {
  private final long endNanos;
  private volatile boolean over;

  Grace(Duration duration) {
    endNanos = System.nanoTime() + duration.toNanos();
    over = duration.isZero();
  }

  @Override
  public boolean waitingForReclaim() {
    if (!over && System.nanoTime() - endNanos >= 0) {
      over = true;
    }
    return !over;
  }

  @Override
  public void wantReclaim(byte[] client) throws NoGraceException {
    if (!waitingForReclaim()) {
      throw new NoGraceException("the time to reclaim is over");
    }
  }

  @Override
  public void reclaimComplete() {
    over = true;
  }

  @Override
  public void addClient(byte[] client) {}

  @Override
  public void reclaimClient(byte[] client) {}

  @Override
  public void removeClient(byte[] client) {}

  @Override
  public void close() {}
}
