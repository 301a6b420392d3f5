package org.nfsproxy.server.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

// The parameters of an export of which it is not known which rules hold for it: whatever one of
// them refuses, is refused. Each key by itself, so that the work grows with the rules and not with
// the ways in which they can come together.
final class Strictest {
  private Strictest() {}

  /** The parameters that allow only what they would allow with any choice of the rules. */
  static Parameters of(Parameters root, List<Overrides> perhaps) {
    Parameters strictest = root;
    for (Overrides each : perhaps) {
      strictest = ofBoth(strictest, each.over(root));
    }
    return strictest;
  }

  /** The parameters that allow only what both allow. */
  static Parameters ofBoth(Parameters one, Parameters other) {
    return new Parameters(
        ClientMatch.allOf(List.of(one.clients(), other.clients())),
        later(one.access(), other.access()),
        one.squashing().with(other.squashing()),
        inBoth(one.security(), other.security(), Security.class),
        inBoth(one.versions(), other.versions(), NfsVersion.class),
        one.hidden() || other.hidden(),
        one.opaque().compareTo(other.opaque()) <= 0 ? one.opaque() : other.opaque(),
        inBoth(one.transport(), other.transport(), TransportSecurity.class),
        one.certificates().and(other.certificates()),
        one.cache().compareTo(other.cache()) <= 0 ? one.cache() : other.cache());
  }

  private static Access later(Access one, Access other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static <E extends Enum<E>> Set<E> inBoth(Set<E> one, Set<E> other, Class<E> type) {
    EnumSet<E> both = EnumSet.noneOf(type);
    both.addAll(one);
    both.retainAll(other);
    return both;
  }
}
