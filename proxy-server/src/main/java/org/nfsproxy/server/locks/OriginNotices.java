package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nsm1;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells clients that the origin has restarted, so that they reclaim. Used on one event loop. */
// A client knows the origin as the address of ours that it calls. The state is the origin's own,
// unchanged: a client that has heard it already takes no notice.
final class OriginNotices {
  private static final int NSM_VERSION = 1;
  private static final int[] AGAIN_MILLIS = {500, 1_000, 2_000, 4_000, 8_000, 15_000};

  private static final Logger log = LoggerFactory.getLogger(OriginNotices.class);

  private final Vertx vertx;
  private final LockSettings settings;
  private final HeldLocks held;
  private final ClientCalls clients;
  private int state;

  OriginNotices(Vertx vertx, LockSettings settings, HeldLocks held, ClientCalls clients) {
    this.vertx = vertx;
    this.settings = settings;
    this.held = held;
    this.clients = clients;
  }

  /** The origin has restarted. */
  void restarted(int newState) {
    if (newState == state) {
      return;
    }
    state = newState;
    Set<InetAddress> all = held.clients();
    log.info("the origin has restarted: {} clients with locks are told", all.size());
    all.forEach(this::tell);
  }

  private void tell(InetAddress client) {
    Set<InetAddress> ours =
        held.ofClient(client).stream()
            .map(this::from)
            .filter(address -> address != null)
            .collect(Collectors.toSet());
    ours.forEach(address -> tell(client, address, state, 0));
  }

  private @Nullable InetAddress from(HeldEntry entry) {
    InetAddress configured = settings.callbackFrom();
    return configured == null ? entry.reached : configured;
  }

  private void tell(InetAddress client, InetAddress from, int told, int attempt) {
    StateNotice notice = new StateNotice(from.getHostAddress(), told);
    Future<?> telling =
        clients.call(client, from, Programs.NSM, NSM_VERSION, Nsm1.NOTIFY.number(), notice::write);
    telling.onFailure(
        away -> {
          if (attempt < AGAIN_MILLIS.length && told == state) {
            vertx.setTimer(AGAIN_MILLIS[attempt], again -> tell(client, from, told, attempt + 1));
          } else {
            log.warn(
                "client {} could not be told that the origin has restarted, and may have lost its"
                    + " locks: {}",
                client.getHostAddress(),
                String.valueOf(away.getMessage()));
          }
        });
  }
}
