package org.nfsproxy.server.judge;

import java.util.Collection;
import java.util.List;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.VersionedFsid;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.HeldParameters;
import org.nfsproxy.server.policy.KnownParameters;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;

/** Which parameters the rules in force give an export. Safe for use by several threads. */
// Worked out once for each export, kept with it, and worked out anew when the rules or what is
// known of the export have changed. An origin may have several paths for one filesystem (what MOUNT
// calls /export may be / in NFSv4): the longest one that a rule holds for counts.
final class ExportParameters {
  private ExportParameters() {}

  static Parameters of(Export export, Rules rules) {
    int changes = export.changes();
    KnownParameters known = export.parameters();
    if (known != null && known.rules() == rules && known.changes() == changes) {
      return known.parameters();
    }
    Parameters parameters = workOut(export, rules);
    export.keep(new KnownParameters(rules, changes, parameters));
    return parameters;
  }

  /** Without what was kept; never less than what it was held to, see {@link HeldPlaces}. */
  static Parameters workOut(Export export, Rules rules) {
    List<String> paths = export.paths();
    Parameters own =
        paths.isEmpty() ? ofDisconnected(export, rules) : at(paths, export.fsids(), rules);
    HeldParameters held = HeldPlaces.held(export, rules);
    return held == null ? own : own.and(held.parameters());
  }

  private static Parameters ofDisconnected(Export export, Rules rules) {
    return named(export.fsids()).stream()
        .map(rules::ofDisconnected)
        .filter(parameters -> !parameters.equals(rules.ofDisconnected(null)))
        .findFirst()
        .orElse(rules.ofDisconnected(null));
  }

  /** What holds for a filesystem with these paths, the first its root's. */
  static Parameters at(List<String> paths, Collection<VersionedFsid> fsids, Rules rules) {
    return rules.parameters(paths.stream().map(ExportPath::of).toList(), named(fsids));
  }

  /** The numbers of a filesystem as rules name them: without the version that has them. */
  static List<Fsid> named(Collection<VersionedFsid> fsids) {
    return fsids.stream().map(fsid -> new Fsid(fsid.major(), fsid.minor())).toList();
  }
}
