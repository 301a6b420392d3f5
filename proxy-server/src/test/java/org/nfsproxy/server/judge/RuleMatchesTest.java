package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.server.admin.RulesPage;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.refusals.RefusalCounts;

/** Which filesystems rules hold for, and what is said of a rule that holds for none. */
class RuleMatchesTest {
  private static final Overrides READ_ONLY =
      new Overrides(null, Access.RO, null, null, null, null, null, null, null, null, null, null);

  private static Vertx vertx;
  private Exports exports;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static Rule path(String path) {
    return Rule.of(ExportPath.of(path), READ_ONLY);
  }

  private static Rule fsid(String fsid) {
    return Rule.of(Fsid.of(fsid), READ_ONLY);
  }

  private Rules rules(Rule... all) {
    Rules rules = JudgeUnderTest.rules(all);
    List<String> paths =
        rules.rules().stream()
            .map(rule -> rule.path() == null ? "/" : rule.path().toString())
            .toList();
    exports =
        new Exports(
            vertx, new RuledOrigin(), new ExportsSettings(100, 1000, 3_600_000), () -> paths);
    return rules;
  }

  private RuleMatches met(Rules rules) throws Exception {
    exports.refresh().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    return RuleMatches.of(rules, exports.all());
  }

  private static List<String> held(RuleMatches matches, Rule rule) {
    return matches.all().get(rule).stream().map(export -> export.path()).sorted().toList();
  }

  @Test
  void rules_holdForTheFilesystemsOfTheirTree_andOfTheirNumber() throws Exception {
    Rule tree = path("/export");
    Rule one = path("/export/ro");
    Rule number = fsid(Long.toHexString(RuledOrigin.READ_ONLY_FSID));
    Rule all = path("/");
    RuleMatches matches = met(rules(tree, one, number, all));
    assertEquals(List.of("/export", "/export/ro"), held(matches, tree));
    assertEquals(List.of("/export/ro"), held(matches, one));
    assertEquals(List.of("/export/ro"), held(matches, number));
    assertEquals(List.of("/", "/export", "/export/ro"), held(matches, all));
    assertEquals(List.of(), matches.warnings());
  }

  @Test
  void directory_isOfTheFilesystemItIsIn() throws Exception {
    Rule directory = path("/export/directory");
    RuleMatches matches = met(rules(directory));
    assertEquals(List.of("/export"), held(matches, directory));
    List<String> warnings = matches.warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(
        warnings
            .get(0)
            .startsWith(
                "the rule for path /export/directory is for a directory within the filesystem at"
                    + " /export, and holds for all of that filesystem"),
        warnings.get(0));
    assertEquals(warnings.get(0), matches.wideRule(directory));
  }

  @ParameterizedTest
  @CsvSource({
    "/exprot, /export",
    "/Export, /export",
    "/other/export, /export",
    "/exports/ro, /export/ro",
  })
  void path_thatIsMisspelt_isWarnedOf_withTheNearest(String written, String meant)
      throws Exception {
    List<String> warnings = met(rules(path(written))).warnings();
    assertEquals(1, warnings.size());
    assertTrue(
        warnings
            .get(0)
            .startsWith(
                "the rule for path %s holds for no filesystem that is known. Did you mean %s?"
                    .formatted(written, meant)),
        warnings.get(0));
  }

  @Test
  void path_thatIsLikeNone_isWarnedOfWithoutAGuess() throws Exception {
    List<String> warnings = met(rules(path("/srv/scratch/volume"))).warnings();
    assertEquals(1, warnings.size());
    assertTrue(!warnings.get(0).contains("Did you"), warnings.get(0));
  }

  @Test
  void fsid_thatNoFilesystemHas_isWarnedOf_withThoseThereAre() throws Exception {
    List<String> warnings = met(rules(fsid("8:0"))).warnings();
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).contains("the rule for fsid 8:0 holds for no"), warnings.get(0));
    assertTrue(warnings.get(0).contains("Known are 1:0, 7:0."), warnings.get(0));
  }

  // An origin that is away: nobody can say that a rule holds for nothing.
  @Test
  void nothing_isSaidOfARule_asLongAsNothingWasMet_butThatNobodyKnows() {
    Rules rules = rules(path("/exprot"), path("/other"));
    List<String> warnings = RuleMatches.of(rules, exports.all()).warnings();
    assertEquals(1, warnings.size(), warnings::toString);
    assertTrue(warnings.get(0).contains("nobody can tell whether the 2 rules of"), warnings.get(0));
    Rules none = rules();
    assertEquals(List.of(), RuleMatches.of(none, exports.all()).warnings());
  }

  @Test
  void manyRules_areToldInAFewLines() throws Exception {
    Rule[] many = IntStream.range(0, 200).mapToObj(i -> path("/missing/" + i)).toArray(Rule[]::new);
    List<String> warnings = met(rules(many)).warnings();
    assertEquals(21, warnings.size());
    assertTrue(warnings.get(20).startsWith("180 more rules"), warnings.get(20));
  }

  @Test
  void page_tellsWhatEachRuleHoldsForAndRefused() throws Exception {
    Rules rules = rules(path("/export/ro"), path("/exprot"));
    met(rules);
    RefusalCounts counts = new RefusalCounts();
    counts.count("path /export/ro", Refused.ACCESS);
    counts.count("path /export/ro", Refused.ACCESS);
    counts.count("several", Refused.CLIENTS);
    JsonArray page = (JsonArray) RulesPage.of(() -> rules, exports::all, counts).answer().json();
    List<JsonObject> rows = new ArrayList<>();
    page.forEach(row -> rows.add((JsonObject) row));
    assertEquals(
        new JsonObject()
            .put("rule", "path /export/ro")
            .put("sets", new JsonObject().put("access", "ro"))
            .put("holdsFor", 1)
            .put(
                "exports",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("path", "/export/ro")
                            .put("fsid", new JsonObject().put("nfs4", "a:0").put("nfs3", "a:0"))
                            .put("state", "connected")))
            .putNull("warning")
            .put("refusals", 2L)
            .put("refusalsByKey", new JsonObject().put("access", 2L)),
        rows.get(0));
    assertEquals(0, rows.get(1).getInteger("holdsFor"));
    assertTrue(rows.get(1).getString("warning").contains("Did you mean /export?"));
    assertEquals("exports.parameters", rows.get(2).getString("rule"));
    assertEquals("several", rows.get(3).getString("rule"));
    assertEquals(1L, rows.get(3).getLong("refusals"));
    assertEquals(4, rows.size());
  }
}
