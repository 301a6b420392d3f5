package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dcache.nfs.v4.EphemeralClientRecoveryStore;
import org.dcache.nfs.v4.NFS4Client;
import org.dcache.nfs.v4.NFSv4StateHandler;
import org.dcache.nfs.v4.xdr.clientid4;
import org.dcache.nfs.v4.xdr.verifier4;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is ended, by a clock that the test sets. */
class LeasesTest {
  private static final Duration LEASE = Duration.ofSeconds(30);

  private final NFSv4StateHandler state =
      new NFSv4StateHandler(LEASE, 0, new EphemeralClientRecoveryStore(), new Clients());
  private final List<NFS4Client> clients = new ArrayList<>();
  private final List<NFS4Client> ended = new ArrayList<>();
  private long nowMillis = 1_000_000;
  private final Leases leases = new Leases(() -> clients, ended::add, () -> nowMillis);

  @AfterEach
  void stop() throws Exception {
    state.shutdown();
  }

  /** Its lease runs by the test's clock. */
  private final class Client extends NFS4Client {
    private long renewedMillis = nowMillis;

    Client(int id) {
      super(
          state,
          new clientid4(id),
          1,
          new InetSocketAddress(0),
          new InetSocketAddress(0),
          new byte[] {(byte) id},
          new verifier4(),
          null,
          LEASE,
          false);
      clients.add(this);
    }

    @Override
    public void refreshLeaseTime() {
      renewedMillis = nowMillis;
    }

    @Override
    public boolean isLeaseValid() {
      return nowMillis - renewedMillis < LEASE.toMillis();
    }
  }

  private void passes(int seconds) {
    for (int second = 0; second < seconds; second++) {
      nowMillis += 1000;
      leases.endSilent();
    }
  }

  @Test
  void clientThatIsSilent_isEnded_andNoOther() {
    Client silent = new Client(1);
    Client renewing = new Client(2);
    passes(20);
    renewing.refreshLeaseTime();
    passes(9);
    assertEquals(List.of(), ended);
    passes(1);
    assertEquals(List.of(silent), ended);
  }

  @Test
  void timeInWhichNobodyLooked_countsForNobody() {
    new Client(1);
    passes(10);
    nowMillis += 3_600_000;
    leases.look();
    passes(29);
    assertEquals(List.of(), ended);
    passes(1);
    assertEquals(1, ended.size());
  }

  @Test
  void gapThatIsFoundByTheWatchItself_endsNobody() {
    new Client(1);
    nowMillis += 3_600_000;
    leases.endSilent();
    assertEquals(List.of(), ended);
  }

  @Test
  void clockThatIsSetBack_endsNobody() {
    new Client(1);
    nowMillis -= 3_600_000;
    passes(10);
    assertEquals(List.of(), ended);
  }
}
