package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives back the locks of clients that have lost them. Used on one event loop. */
// Who sent a notice decides whose locks it is about, never a name in it: anybody can write a name.
// Names count only among those who share an address.
final class LockReleases {
  private static final Logger log = LoggerFactory.getLogger(LockReleases.class);

  /** Notices of one client that have no reply: one for each of some hosts behind one address. */
  private static final int UNDER_WAY_MAX = 4;

  private final HeldLocks held;
  private final ClientLocks locks;
  private final Repeats repeats;
  private final Map<InetAddress, Integer> underWay = new HashMap<>();

  LockReleases(HeldLocks held, ClientLocks locks, Repeats repeats) {
    this.held = held;
    this.locks = locks;
    this.repeats = repeats;
  }

  /**
   * A client has restarted: what it locked in an earlier life is given back. Told again, it is
   * about nothing any more.
   *
   * @return completes when the origin has unlocked
   */
  Future<Void> restarted(InetAddress client, StateNotice notice) {
    Predicate<HeldEntry> named = named(client, notice.name());
    return bounded(
            client,
            entry -> entry.state != notice.state() && named.test(entry),
            "it restarted (NSM state " + Integer.toUnsignedString(notice.state()) + ")")
        .mapEmpty();
  }

  /** A client gives up all locks (FREE_ALL). */
  Future<Void> freed(InetAddress client, StateNotice notice) {
    return bounded(client, named(client, notice.name()), "it said so (FREE_ALL)").mapEmpty();
  }

  /**
   * An administrator says that a client does not come back.
   *
   * @return how many owners and files are released
   */
  Future<Integer> abandoned(InetAddress client) {
    return release(client, entry -> true, "an administrator said so");
  }

  /** As {@link #release}, unless there are too many for that client already. */
  // Each waits until the origin answers, which may be long, and anybody can send many.
  private Future<Integer> bounded(InetAddress client, Predicate<HeldEntry> which, String why) {
    if (underWay.getOrDefault(client, 0) >= UNDER_WAY_MAX) {
      return Future.failedFuture(
          new ClientLocks.SilentException("too many notices of " + client.getHostAddress()));
    }
    underWay.merge(client, 1, Integer::sum);
    return release(client, which, why)
        .onComplete(
            done ->
                underWay.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1));
  }

  private Future<Integer> release(InetAddress client, Predicate<HeldEntry> which, String why) {
    repeats.forgetAnswers(client);
    List<HeldEntry> meant = held.ofClient(client).stream().filter(which).toList();
    if (meant.isEmpty()) {
      return Future.succeededFuture(0);
    }
    log.info(
        "locks of {} in {} files are released: {}", client.getHostAddress(), meant.size(), why);
    List<Future<Boolean>> all = new ArrayList<>();
    for (HeldEntry entry : meant) {
      all.add(locks.release(entry, () -> which.test(entry)));
    }
    return Future.join(all).map(done -> meant.size());
  }

  // A host that holds nothing may share the address with one that does. A name that nobody has is
  // that of the only one there is: a notice may carry another name than the calls.
  private Predicate<HeldEntry> named(InetAddress client, String name) {
    Set<String> known = held.names(client);
    if (known.stream().anyMatch(name::equalsIgnoreCase)) {
      return entry -> name.equalsIgnoreCase(entry.owner.name());
    }
    String shortName = shortName(name);
    boolean isOne = known.size() <= 1;
    return entry -> isOne || shortName.equals(shortName(entry.owner.name()));
  }

  private static String shortName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return dot < 0 ? lower : lower.substring(0, dot);
  }
}
