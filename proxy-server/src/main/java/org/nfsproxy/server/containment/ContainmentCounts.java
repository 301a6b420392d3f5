package org.nfsproxy.server.containment;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;

/** What clients were kept from, and what was marked, since the start. */
public final class ContainmentCounts {
  /** What is counted. */
  public enum Of {
    /** EXCHANGE_IDs and SETCLIENTIDs whose owner was marked. */
    OWNERS_MARKED,
    /** EXCHANGE_ID replies in which a pNFS role or a claim to move clients was taken back. */
    OFFERS_TAKEN_BACK,
    /** Servers left out of fs_locations and fs_locations_info. */
    LOCATIONS_DROPPED,
    /** Servers of those that were given the proxy's name. */
    LOCATIONS_RENAMED,
    /** NFS4ERR_MOVED answered as NFS4ERR_ACCESS. */
    MOVED,
    /** Operations refused because they lead to other servers: layouts and copies. */
    OPERATIONS_REFUSED;

    /**
     * Its name for metrics and pages.
     *
     * @return for example {@code locationsDropped}
     */
    public String word() {
      String lower = name().toLowerCase(Locale.ROOT);
      return WORD_BEGINS.matcher(lower).replaceAll(m -> m.group(1).toUpperCase(Locale.ROOT));
    }
  }

  private static final Pattern WORD_BEGINS = Pattern.compile("_(.)");

  private final Map<Of, LongAdder> counts = new EnumMap<>(Of.class);

  ContainmentCounts() {
    for (Of of : Of.values()) {
      counts.put(of, new LongAdder());
    }
  }

  void count(Of of) {
    counter(of).increment();
  }

  void count(Of of, int times) {
    counter(of).add(times);
  }

  /**
   * How often something happened.
   *
   * @return 0 or more
   */
  public long of(Of of) {
    return counter(of).sum();
  }

  private LongAdder counter(Of of) {
    return Objects.requireNonNull(counts.get(of), "each has one");
  }

  /**
   * All of them, in the order in which a page shows them.
   *
   * @return a number for each {@link Of#word}
   */
  public Map<String, Object> numbers() {
    Map<String, Object> numbers = new LinkedHashMap<>();
    for (Of of : Of.values()) {
      numbers.put(of.word(), of(of));
    }
    return numbers;
  }
}
