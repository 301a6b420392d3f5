package org.nfsproxy.server.admin;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.judge.RuleMatches;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.refusals.RefusalCounts;

/** What each rule holds for, and what it has refused: {@code GET /rules}. */
public final class RulesPage implements Page {
  private static final int OK = 200;

  /** Of more exports, their number alone: /exports has them all. */
  private static final int EXPORTS_MAX = 100;

  private final Supplier<Rules> rules;
  private final Supplier<List<Export>> exports;
  private final RefusalCounts counts;

  private RulesPage(Supplier<Rules> rules, Supplier<List<Export>> exports, RefusalCounts counts) {
    this.rules = rules;
    this.exports = exports;
    this.counts = counts;
  }

  /** The page. */
  public static Page of(
      Supplier<Rules> rules, Supplier<List<Export>> exports, RefusalCounts counts) {
    return new RulesPage(rules, exports, counts);
  }

  @Override
  public Answer answer() {
    RuleMatches matches = RuleMatches.of(rules.get(), exports.get());
    JsonArray list = new JsonArray();
    matches.all().forEach((rule, held) -> list.add(row(rule, held, matches)));
    for (String others :
        List.of(RefusingRule.PARAMETERS, RefusingRule.SEVERAL, RefusingRule.NONE)) {
      if (others.equals(RefusingRule.PARAMETERS) || !counts.of(others).isEmpty()) {
        list.add(counted(new JsonObject().put("rule", others), others));
      }
    }
    return new Answer(OK, list);
  }

  private JsonObject row(Rule rule, Collection<Export> held, RuleMatches matches) {
    JsonArray some = new JsonArray();
    held.stream().limit(EXPORTS_MAX).map(RulesPage::export).forEach(some::add);
    JsonObject row =
        new JsonObject()
            .put("rule", rule.toString())
            .put("sets", sets(rule.overrides()))
            .put("holdsFor", held.size())
            .put("exports", some)
            .put("warning", held.isEmpty() ? matches.warning(rule) : matches.wideRule(rule));
    return counted(row, rule.toString());
  }

  private JsonObject counted(JsonObject row, String rule) {
    Map<Refused, Long> refused = counts.of(rule);
    JsonObject byKey = new JsonObject();
    refused.forEach((why, count) -> byKey.put(word(why), count));
    return row.put("refusals", refused.values().stream().mapToLong(Long::longValue).sum())
        .put("refusalsByKey", byKey);
  }

  private static JsonObject export(Export export) {
    JsonObject fsids = new JsonObject();
    export.fsids().forEach(fsid -> fsids.put("nfs" + fsid.nfsVersion(), fsid.toString()));
    return new JsonObject()
        .put("path", export.path())
        .put("fsid", fsids)
        .put("state", word(export.state()));
  }

  private static JsonObject sets(Overrides set) {
    JsonObject json = new JsonObject();
    put(json, "clients", set.clients() == null ? null : new JsonArray(set.clients().texts()));
    put(json, "access", set.access() == null ? null : word(set.access()));
    put(json, "squash", set.squash() == null ? null : word(set.squash()));
    put(json, "anonUid", set.anonUid() == null ? null : Integer.toUnsignedLong(set.anonUid()));
    put(json, "anonGid", set.anonGid() == null ? null : Integer.toUnsignedLong(set.anonGid()));
    put(json, "security", set.security() == null ? null : flavors(set.security()));
    put(json, "transport", set.transport() == null ? null : transports(set.transport()));
    put(
        json,
        "certificates",
        set.certificates() == null ? null : new JsonArray(set.certificates().texts()));
    put(json, "versions", set.versions() == null ? null : versions(set.versions()));
    put(json, "hidden", set.hidden());
    put(json, "opaque", set.opaque() == null ? null : word(set.opaque()));
    put(json, "cache", set.cache() == null ? null : word(set.cache()));
    return json;
  }

  private static JsonArray transports(Collection<TransportSecurity> transports) {
    return new JsonArray(transports.stream().map(TransportSecurity::word).toList());
  }

  private static JsonArray flavors(Collection<Security> flavors) {
    return new JsonArray(flavors.stream().map(Security::word).toList());
  }

  private static JsonArray versions(Collection<NfsVersion> versions) {
    return new JsonArray(versions.stream().map(NfsVersion::word).toList());
  }

  private static void put(JsonObject json, String key, @Nullable Object value) {
    if (value != null) {
      json.put(key, value);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
