package org.nfsproxy.server.policy;

import java.util.ArrayList;
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
    List<ClientMatch> clients = new ArrayList<>(List.of(root.clients()));
    Access access = root.access();
    Set<Security> security = EnumSet.allOf(Security.class);
    Set<NfsVersion> versions = EnumSet.allOf(NfsVersion.class);
    security.retainAll(root.security());
    versions.retainAll(root.versions());
    boolean hidden = root.hidden();
    Opaque opaque = root.opaque();
    Squashing squashing = root.squashing();
    for (Overrides each : perhaps) {
      Parameters other = each.over(root);
      clients.add(other.clients());
      access = access.compareTo(other.access()) >= 0 ? access : other.access();
      security.retainAll(other.security());
      versions.retainAll(other.versions());
      hidden |= other.hidden();
      opaque = opaque.compareTo(other.opaque()) <= 0 ? opaque : other.opaque();
      squashing = squashing.with(other.squashing());
    }
    return new Parameters(
        ClientMatch.allOf(clients), access, squashing, security, versions, hidden, opaque);
  }
}
