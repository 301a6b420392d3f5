package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
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

  /** Owners and files that are given back at a time, of one client. */
  private static final int AT_A_TIME = 64;

  private final HeldLocks held;
  private final GivenBack givenBack;
  private final Repeats repeats;
  private final LockCounts counts;
  private final Map<InetAddress, Integer> underWay = new HashMap<>();

  LockReleases(HeldLocks held, GivenBack givenBack, Repeats repeats, LockCounts counts) {
    this.counts = counts;
    this.held = held;
    this.givenBack = givenBack;
    this.repeats = repeats;
  }

  /**
   * A client has restarted: what it locked in an earlier life is given back. Told again, it is
   * about nothing any more.
   *
   * @return completes when the origin has unlocked
   */
  Future<Void> restarted(InetAddress client, StateNotice notice) {
    Predicate<String> named = named(client, notice.name());
    held.heard(client, named, notice.state());
    return bounded(
            client,
            entry -> entry.state != notice.state() && named.test(entry.owner.name()),
            "it restarted (NSM state " + Integer.toUnsignedString(notice.state()) + ")",
            LockEvent.RELEASED_RESTARTED)
        .mapEmpty();
  }

  /** A client gives up all locks (FREE_ALL). */
  Future<Void> freed(InetAddress client, StateNotice notice) {
    Predicate<String> named = named(client, notice.name());
    return bounded(
            client,
            entry -> named.test(entry.owner.name()),
            "it said so (FREE_ALL)",
            LockEvent.RELEASED_FREE_ALL)
        .mapEmpty();
  }

  /**
   * An administrator says that a client does not come back.
   *
   * @return how many owners and files are released
   */
  Future<Integer> abandoned(InetAddress client) {
    return release(
        client, entry -> true, "an administrator said so", LockEvent.RELEASED_ADMINISTRATOR);
  }

  /** As {@link #release}, unless there are too many for that client already. */
  // Each waits until the origin answers, which may be long, and anybody can send many.
  private Future<Integer> bounded(
      InetAddress client, Predicate<HeldEntry> which, String why, LockEvent event) {
    if (underWay.getOrDefault(client, 0) >= UNDER_WAY_MAX) {
      return Future.failedFuture(
          new LockAnswers.SilentException("too many notices of " + client.getHostAddress()));
    }
    underWay.merge(client, 1, Integer::sum);
    return release(client, which, why, event)
        .onComplete(
            done ->
                underWay.computeIfPresent(client, (who, count) -> count == 1 ? null : count - 1));
  }

  private Future<Integer> release(
      InetAddress client, Predicate<HeldEntry> which, String why, LockEvent event) {
    repeats.forgetAnswers(client);
    List<HeldEntry> meant = held.ofClient(client).stream().filter(which).toList();
    if (meant.isEmpty()) {
      return Future.succeededFuture(0);
    }
    log.info(
        "locks of {} in {} files are released: {}", client.getHostAddress(), meant.size(), why);
    Iterator<HeldEntry> all = meant.iterator();
    List<Future<Void>> lines = new ArrayList<>();
    for (int i = 0; i < Math.min(AT_A_TIME, meant.size()); i++) {
      Promise<Void> end = Promise.promise();
      lines.add(end.future());
      releaseNext(all, which, event, end);
    }
    return Future.join(lines).map(done -> meant.size());
  }

  /** One after the other, until there is none left. */
  private void releaseNext(
      Iterator<HeldEntry> all, Predicate<HeldEntry> which, LockEvent event, Promise<Void> end) {
    while (all.hasNext()) {
      HeldEntry entry = all.next();
      Future<Boolean> released = givenBack.release(entry, () -> which.test(entry));
      released.onSuccess(isGone -> countIf(isGone, event));
      if (!released.isComplete()) {
        released.onComplete(done -> releaseNext(all, which, event, end));
        return;
      }
    }
    end.complete();
  }

  private void countIf(boolean isGone, LockEvent event) {
    if (isGone) {
      counts.count(event);
    }
  }

  // A host that holds nothing may share the address with one that does. A name that nobody has is
  // that of the only one there is: a notice may carry another name than the calls.
  private Predicate<String> named(InetAddress client, String name) {
    Set<String> known = held.names(client);
    if (known.stream().anyMatch(name::equalsIgnoreCase)) {
      return name::equalsIgnoreCase;
    }
    String shortName = shortName(name);
    boolean isOne = known.size() <= 1;
    return other -> isOne || shortName.equals(shortName(other));
  }

  private static String shortName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return dot < 0 ? lower : lower.substring(0, dot);
  }
}
