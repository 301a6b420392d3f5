package org.nfsproxy.server.refusals;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.nfsproxy.server.metrics.Refused;

/** How many calls each rule has refused, by reason. Safe for use by several threads. */
// The names are those of the configuration and a few words, so a client makes none up. Those of
// rules that are gone go with them.
public final class RefusalCounts {
  private final Map<String, AtomicLongArray> byRule = new ConcurrentHashMap<>();

  /** Nothing yet. */
  public RefusalCounts() {}

  /**
   * Counts a call.
   *
   * @param rule a name that {@link org.nfsproxy.server.policy.RefusingRule} gives
   */
  public void count(String rule, Refused why) {
    byRule
        .computeIfAbsent(rule, first -> new AtomicLongArray(Refused.values().length))
        .incrementAndGet(why.ordinal());
  }

  /**
   * Forgets what was counted of rules that are no more.
   *
   * @param names those that there are
   */
  public void keepOnly(Collection<String> names) {
    byRule.keySet().retainAll(names);
  }

  /**
   * What a rule has refused since the start, or since it was there.
   *
   * @return by reason, without those for which it refused nothing
   */
  public Map<Refused, Long> of(String rule) {
    Map<Refused, Long> counts = new EnumMap<>(Refused.class);
    AtomicLongArray counted = byRule.get(rule);
    if (counted != null) {
      for (Refused why : Refused.values()) {
        if (counted.get(why.ordinal()) > 0) {
          counts.put(why, counted.get(why.ordinal()));
        }
      }
    }
    return counts;
  }

  /** The rules that have refused something. */
  public Collection<String> rules() {
    return byRule.keySet().stream().sorted().toList();
  }
}
