package org.nfsproxy.backend.coordinated.agreement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who goes on where instances disagree: a function of what was said, the same everywhere. */
// Those who have the same filesystem are a party. The party goes on in which most serve already, so
// that who comes late with a wrong disk stops nobody; then the larger one; then the one that has
// served longest; then that of the smallest name. Clocks may differ: they decide only between two
// parties of one size that both serve, which is what two halves of a split fleet are.
final class Verdict {
  private static final Comparator<Party> STRONGEST =
      Comparator.comparingInt(Party::serving)
          .thenComparingInt(Party::size)
          .thenComparing(Comparator.comparingLong(Party::sinceMillis).reversed())
          .thenComparing(Comparator.comparing(Party::firstName).reversed());

  private Verdict() {}

  private record Party(Map<String, MemberStatement> said) {
    boolean takes(MemberStatement statement) {
      return said.values().stream()
          .allMatch(other -> statement.evidence().differences(other.evidence()).isEmpty());
    }

    int serving() {
      return (int) said.values().stream().filter(MemberStatement::serves).count();
    }

    int size() {
      return said.size();
    }

    long sinceMillis() {
      return said.values().stream()
          .filter(MemberStatement::serves)
          .mapToLong(MemberStatement::sinceMillis)
          .min()
          .orElse(Long.MAX_VALUE);
    }

    String firstName() {
      return said.keySet().iterator().next();
    }
  }

  /** The instances that serve, with what they said; the others must not. */
  static Map<String, MemberStatement> goOn(Map<String, MemberStatement> said) {
    List<Party> parties = new ArrayList<>();
    new TreeMap<>(said)
        .forEach(
            (instance, statement) ->
                parties.stream()
                    .filter(party -> party.takes(statement))
                    .findFirst()
                    .orElseGet(
                        () -> {
                          parties.add(new Party(new TreeMap<>()));
                          return parties.get(parties.size() - 1);
                        })
                    .said()
                    .put(instance, statement));
    return parties.stream().max(STRONGEST).map(Party::said).orElse(Map.of());
  }
}
