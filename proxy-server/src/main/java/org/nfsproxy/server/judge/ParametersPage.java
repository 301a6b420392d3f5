package org.nfsproxy.server.judge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.HeldParameters;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squashing;

/** The parameters of an export as the administrator reads them. */
public final class ParametersPage {
  private ParametersPage() {}

  /**
   * What holds for an export now.
   *
   * @return the words of the configuration, and the rules that have a part in them
   */
  public static JsonObject of(Export export, Rules rules) {
    List<Fsid> fsids = ExportParameters.named(export.fsids());
    List<ExportPath> paths = export.paths().stream().map(ExportPath::of).toList();
    Parameters parameters =
        rules.placesMatter() ? ExportParameters.of(export, rules) : rules.root();
    HeldParameters held = HeldPlaces.held(export, rules);
    JsonObject json = json(parameters, rules, paths, fsids);
    return held == null ? json : json.put("heldFrom", held.path());
  }

  /**
   * What will hold for a filesystem that another instance tells of, if it is what they say.
   *
   * @return as for an export
   */
  public static JsonObject of(PeerExport told, Rules rules) {
    List<Fsid> fsids = ExportParameters.named(told.fsids());
    List<ExportPath> paths = List.of(ExportPath.of(told.path()));
    return json(rules.parameters(paths, fsids), rules, paths, fsids);
  }

  private static JsonObject json(
      Parameters parameters, Rules rules, List<ExportPath> paths, List<Fsid> fsids) {
    JsonArray security = new JsonArray();
    parameters.security().forEach(each -> security.add(each.word()));
    JsonArray versions = new JsonArray();
    parameters.versions().forEach(each -> versions.add(each.word()));
    JsonArray transport = new JsonArray();
    parameters.transport().forEach(each -> transport.add(each.word()));
    JsonArray holding = new JsonArray();
    rules.rules().stream()
        .filter(rule -> holds(rule, paths, fsids))
        .forEach(rule -> holding.add(rule.toString()));
    Squashing squashing = parameters.squashing();
    return new JsonObject()
        .put("clients", new JsonArray(parameters.clients().texts()))
        .put("access", word(parameters.access()))
        .put("squash", word(squashing.squash()))
        .put("anonUid", squashing.anonUid())
        .put("anonGid", squashing.anonGid())
        .put("security", security)
        .put("versions", versions)
        .put("hidden", parameters.hidden())
        .put("opaque", word(parameters.opaque()))
        .put("transport", transport)
        .put("certificates", new JsonArray(parameters.certificates().texts()))
        .put("cache", word(parameters.cache()))
        .put("from", parameters.equals(rules.root()) ? "exports.parameters" : "exports.rules")
        .put("rules", holding);
  }

  /** Without a path, any rule of one may hold: see {@link Rules#ofDisconnected}. */
  private static boolean holds(Rule rule, List<ExportPath> paths, List<Fsid> fsids) {
    if (rule.path() != null) {
      return paths.isEmpty() || paths.stream().anyMatch(path -> rule.holdsFor(path, null));
    }
    return fsids.contains(rule.fsid());
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
