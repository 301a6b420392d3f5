package org.nfsproxy.server.judge;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Told;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rules;

/** The parameters of an export as the administrator reads them. */
public final class ParametersPage {
  private ParametersPage() {}

  /**
   * What holds for an export now.
   *
   * @param export the export
   * @param rules the rules in force
   * @return the words of the configuration, and whether a rule has a part in them
   */
  public static JsonObject of(Export export, Rules rules) {
    return json(rules.isUniform() ? rules.root() : ExportParameters.of(export, rules), rules);
  }

  /**
   * What will hold for a filesystem that another instance tells of, if it is what they say.
   *
   * @param told what they say
   * @param rules the rules in force
   * @return as for an export
   */
  public static JsonObject of(Told told, Rules rules) {
    List<Fsid> fsids =
        told.fsids().stream().map(fsid -> new Fsid(fsid.major(), fsid.minor())).toList();
    return json(rules.parameters(List.of(ExportPath.of(told.path())), fsids), rules);
  }

  private static JsonObject json(Parameters parameters, Rules rules) {
    JsonArray security = new JsonArray();
    parameters.security().forEach(each -> security.add(each.word()));
    JsonArray versions = new JsonArray();
    parameters.versions().forEach(each -> versions.add(each.word()));
    return new JsonObject()
        .put("access", word(parameters.access()))
        .put("squash", word(parameters.squashing().squash()))
        .put("security", security)
        .put("versions", versions)
        .put("hidden", parameters.hidden())
        .put("from", parameters.equals(rules.root()) ? "exports.parameters" : "exports.rules");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
