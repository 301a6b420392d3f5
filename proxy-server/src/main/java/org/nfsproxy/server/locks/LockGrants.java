package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nlm4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.server.locks.wire.CallRecord;
import org.nfsproxy.server.locks.wire.GrantedCall;
import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.nfsproxy.xdr.XdrReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the origin's grants to those who wait, and their answers back. Used on one event loop. */
// The origin matches an answer by its cookie alone, and its cookies are small numbers. An answer
// may come by a datagram, which says any address. So a client is given a cookie of ours, which
// nobody else can guess, and an answer goes up only if that cookie went to that client.
final class LockGrants {
  /** Grants whose answers are awaited; a client answers within its round trip. */
  private static final int UNANSWERED_MAX = 16_384;

  /** As long as the longest that some old clients take. */
  private static final int COOKIE_BYTES = 8;

  private static final Logger log = LoggerFactory.getLogger(LockGrants.class);

  private record Unanswered(
      InetAddress client, HeldEntry entry, LockedRange range, byte[] cookieOfOrigin) {}

  private final LockSettings settings;
  private final UpstreamLocks upstream;
  private final OwnerRows rows;
  private final HeldLocks held;
  private final HeldChanges changes;
  private final GivenBack givenBack;
  private final ClientCalls clients;
  private final LockCounts counts;
  private final SecureRandom random = new SecureRandom();
  private final Map<ByteBuffer, Unanswered> unanswered =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Unanswered> eldest) {
          return size() > UNANSWERED_MAX;
        }
      };

  LockGrants(
      LockSettings settings,
      UpstreamLocks upstream,
      OwnerRows rows,
      HeldLocks held,
      HeldChanges changes,
      GivenBack givenBack,
      ClientCalls clients,
      LockCounts counts) {
    this.settings = settings;
    this.upstream = upstream;
    this.rows = rows;
    this.held = held;
    this.changes = changes;
    this.givenBack = givenBack;
    this.clients = clients;
    this.counts = counts;
  }

  /**
   * Takes a grant from the origin. One that nobody waits for who may have it is turned down, and
   * unlocked.
   *
   * @param procedure GRANTED or GRANTED_MSG
   * @param reply told what the reply to GRANTED says, once, unless the client says nothing; that to
   *     GRANTED_MSG says nothing
   */
  void granted(Nlm4 procedure, GrantedCall call, IntConsumer reply) {
    boolean isMessage = procedure == Nlm4.GRANTED_MSG;
    IntConsumer toOrigin = isMessage ? status -> answer(call.cookie(), status) : reply;
    HeldEntry entry = entry(call.lock());
    if (entry == null) {
      log.info("the origin grants a lock that nobody here waits for: it is turned down");
      counts.count(LockEvent.GRANT_TURNED_DOWN);
      toOrigin.accept(NlmStatus.DENIED);
      givenBack.unlockStray(call);
      return;
    }
    LockedRange range = call.lock().range(call.exclusive());
    entry.grants++;
    entry.isGrantedUnderWay |= range.equals(entry.underWay);
    entry.ranges.add(range);
    if (!clients.letsIn(entry.owner.client())) {
      turnDown(entry, range, toOrigin);
      return;
    }
    changes.keep(entry);
    Future<Integer> told = tell(procedure, call, entry, range);
    if (!isMessage) {
      told.onSuccess(reply::accept);
    }
  }

  // Whatever the origin makes of DENIED, it has the lock: an older Linux origin keeps it. So it is
  // in the journal as one that may be held until the origin has unlocked it, for its owner.
  private void turnDown(HeldEntry entry, LockedRange range, IntConsumer toOrigin) {
    log.info(
        "the origin grants a lock that {} waits for, and no rule lets it in any more: it is turned"
            + " down",
        entry.owner.client().getHostAddress());
    counts.count(LockEvent.GRANT_TURNED_DOWN);
    entry.waiting.remove(range);
    changes.keep(entry);
    toOrigin.accept(NlmStatus.DENIED);
    givenBack.giveBack(entry, range);
  }

  private Future<Integer> tell(
      Nlm4 procedure, GrantedCall call, HeldEntry entry, LockedRange range) {
    InetAddress client = entry.owner.client();
    NlmLock lock = call.lock();
    byte[] cookie = new byte[COOKIE_BYTES];
    random.nextBytes(cookie);
    if (procedure == Nlm4.GRANTED_MSG) {
      unanswered.put(ByteBuffer.wrap(cookie), new Unanswered(client, entry, range, call.cookie()));
    }
    NlmLock owned =
        lock.of(
            lock.caller(),
            OriginRequests.untagged(lock.owner()),
            OwnerRows.svidOf(entry.owner, lock.svid()));
    GrantedCall told = new GrantedCall(cookie, call.exclusive(), lock);
    return clients
        .call(
            client,
            settings.callbackFrom() == null ? entry.reached : settings.callbackFrom(),
            Programs.NLM,
            CallRecord.NLM_VERSION,
            procedure.number(),
            out -> told.write(out, owned))
        .map(in -> heard(procedure, in, entry, range))
        .onSuccess(heard -> counts.count(LockEvent.GRANT_TOLD))
        .onFailure(
            away -> {
              counts.count(LockEvent.GRANT_UNREACHABLE);
              log.info(
                  "client {} waits for a lock that it has, and cannot be told: {}. It asks itself, in"
                      + " half a minute",
                  client.getHostAddress(),
                  String.valueOf(away.getMessage()));
            });
  }

  private int heard(Nlm4 procedure, XdrReader in, HeldEntry entry, LockedRange range) {
    if (procedure == Nlm4.GRANTED_MSG) {
      return NlmStatus.GRANTED;
    }
    in.skipOpaque(NlmLock.BYTES_MAX);
    int status = in.int32();
    accepted(entry, range, status);
    return status;
  }

  private @Nullable HeldEntry entry(NlmLock lock) {
    int row = OwnerRows.rowOf(lock.svid());
    if (rows.owner(row) == null || !OwnerRows.isTagged(row, lock.owner())) {
      return null;
    }
    byte[] owner = OriginRequests.untagged(lock.owner());
    return held.find(HeldKey.of(lock.svid(), owner, lock.handle()));
  }

  /**
   * Takes a client's answer to a grant.
   *
   * @param cookie which grant
   */
  void answered(InetAddress client, byte[] cookie, int status) {
    ByteBuffer key = ByteBuffer.wrap(cookie);
    Unanswered grant = unanswered.get(key);
    if (grant == null || !grant.client.equals(client)) {
      return;
    }
    unanswered.remove(key);
    accepted(grant.entry, grant.range, status);
    answer(grant.cookieOfOrigin, status);
  }

  // One that does not want it may have it all the same: an older Linux origin keeps it locked.
  private void accepted(HeldEntry entry, LockedRange range, int status) {
    if (status != NlmStatus.DENIED_GRACE_PERIOD) {
      entry.waiting.remove(range);
      changes.keep(entry);
    }
  }

  private void answer(byte[] cookie, int status) {
    upstream
        .call(Nlm4.GRANTED_RES, CallCredential.NONE, out -> out.opaque(cookie).int32(status))
        .onFailure(refused -> log.debug("GRANTED_RES", refused));
  }
}
