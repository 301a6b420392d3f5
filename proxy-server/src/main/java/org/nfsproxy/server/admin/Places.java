package org.nfsproxy.server.admin;

import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.access.ClientNetwork;

/**
 * The places that connections to the admin pages have, and who gives one up for who comes next.
 * Used by one thread.
 *
 * @param <C> a connection
 */
// Who may have all of them while nobody else comes, gives one up when somebody does: the oldest
// that asks nothing, of the address that has the most; and one that is being answered too, if that
// address has more than the newcomer would. Who is on this machine, its administrator among them,
// gets the place of somebody who is not, whatever that one does. So neither many connections that
// say nothing nor
// thousands that come and go keep a supervisor's check out: the newest are the last to go.
final class Places<C> {
  private static final class Place {
    final String network;
    final boolean isHere;
    boolean isAsking;

    Place(String network, boolean isHere) {
      this.network = network;
      this.isHere = isHere;
    }
  }

  private final int max;
  private final Map<C, Place> taken = new LinkedHashMap<>(); // in the order in which they came
  private final Map<String, Integer> counts = new HashMap<>();

  /** All of them are free. */
  Places(int max) {
    this.max = max;
  }

  /**
   * Gives a newcomer a place.
   *
   * @param isHere whether it is on this machine
   * @return who is to be closed for it, perhaps the newcomer itself; null if nobody
   */
  @Nullable C enter(C newcomer, InetAddress address, boolean isHere) {
    String network = ClientNetwork.of(address);
    C leaving = null;
    if (taken.size() >= max) {
      leaving = whoLeaves(counts.getOrDefault(network, 0), isHere);
      if (leaving == null) {
        return newcomer;
      }
      leave(leaving);
    }
    taken.put(newcomer, new Place(network, isHere));
    counts.merge(network, 1, Integer::sum);
    return leaving;
  }

  private @Nullable C whoLeaves(int own, boolean isHere) {
    int most = Collections.max(counts.values());
    C leaving = oldest(place -> !place.isAsking && count(place) == most);
    if (leaving == null && most > own + 1) {
      leaving = oldest(place -> count(place) == most);
    }
    if (leaving == null) {
      leaving = oldest(place -> !place.isAsking);
    }
    return leaving == null && isHere ? oldest(place -> !place.isHere) : leaving;
  }

  private @Nullable C oldest(Predicate<Place> which) {
    for (Map.Entry<C, Place> each : taken.entrySet()) {
      if (which.test(each.getValue())) {
        return each.getKey();
      }
    }
    return null;
  }

  private int count(Place place) {
    return counts.getOrDefault(place.network, 0);
  }

  /** Takes note whether somebody waits for an answer on a connection. */
  void asks(C connection, boolean isAsking) {
    Place place = taken.get(connection);
    if (place != null) {
      place.isAsking = isAsking;
    }
  }

  /** Frees a place, if the connection has one. */
  void leave(C connection) {
    Place place = taken.remove(connection);
    if (place != null) {
      counts.computeIfPresent(place.network, (key, count) -> count == 1 ? null : count - 1);
    }
  }
}
