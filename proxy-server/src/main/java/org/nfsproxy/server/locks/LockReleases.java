package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives back the locks of clients that have lost them. Used on one event loop. */
// Who sent a notice decides whose locks it is about, never a name in it: anybody can write a name.
// Names count only among those who share an address.
final class LockReleases {
  private static final Logger log = LoggerFactory.getLogger(LockReleases.class);

  private final HeldLocks held;
  private final ClientLocks locks;
  private final Repeats repeats;

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
    return release(
            client,
            entry -> entry.state != notice.state() && named.test(entry),
            "it restarted (NSM state " + Integer.toUnsignedString(notice.state()) + ")")
        .mapEmpty();
  }

  /** A client gives up all locks (FREE_ALL). */
  Future<Void> freed(InetAddress client, StateNotice notice) {
    return release(client, named(client, notice.name()), "it said so (FREE_ALL)").mapEmpty();
  }

  /**
   * An administrator says that a client does not come back.
   *
   * @return how many owners and files are released
   */
  Future<Integer> abandoned(InetAddress client) {
    return release(client, entry -> true, "an administrator said so");
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

  private Predicate<HeldEntry> named(InetAddress client, String name) {
    Set<String> names =
        held.ofClient(client).stream().map(entry -> entry.owner.name()).collect(Collectors.toSet());
    return names.size() <= 1 ? entry -> true : entry -> isName(entry.owner.name(), name);
  }

  /** Whether both are the same host's: one may be its short name. */
  private static boolean isName(String one, String other) {
    return one.equalsIgnoreCase(other) || shortName(one).equals(shortName(other));
  }

  private static String shortName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    int dot = lower.indexOf('.');
    return dot < 0 ? lower : lower.substring(0, dot);
  }
}
