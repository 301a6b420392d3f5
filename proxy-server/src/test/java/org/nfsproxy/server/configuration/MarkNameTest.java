package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.configuration.MarkName.From;

class MarkNameTest {
  private static final String RULED =
      "{'exports':{'parameters':{'access':'ro','clients':['10.0.0.1','10.0.0.2']},"
          + "'rules':[{'path':'/a','access':'rw'},{'fsid':'2','hidden':true}]}}";

  private static MarkName name(String json) {
    JsonObject object = new JsonObject(json.replace('\'', '"'));
    return MarkName.of(
        object, object.getJsonObject("cluster", new JsonObject()).getString("name", "nfs-proxy"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{'exports':{}}",
        "{'exports':{'parameters':{},'rules':[]}}",
        "{'exports':{'parameters':{'access':'rw','squash':'root','anonUid':65534}}}",
        "{'limits':{'connectionsMax':7},'cluster':{'instance':'a'}}",
      })
  void nothingDifferentInExports_isTheDefault(String json) {
    assertEquals(new MarkName("nfs-proxy", From.STANDARD), name(json));
  }

  @Test
  void setName_isTakenAsItIs_whateverTheRules() {
    String named = RULED.replaceFirst("\\{", "{'cluster':{'name':'nfs-proxy'},");
    assertEquals(new MarkName("nfs-proxy", From.CONFIGURED), name(named));
  }

  @Test
  void sameExportsInAnotherOrderOrSpacing_areTheSameName() {
    MarkName name = name(RULED);
    assertEquals(From.EXPORTS, name.from());
    assertTrue(name.text().matches("nfs-proxy-[0-9a-f]{8}"), name.text());
    String turned =
        """
        { 'listen': { 'port': 20490 },
          'exports': {
            'rules': [ { 'hidden': true, 'fsid': '2' }, { 'access': 'rw', 'path': '/a' } ],
            'parameters': { 'clients': [ '10.0.0.2', '10.0.0.1' ], 'squash': 'root', 'access': 'ro' } } }""";
    assertEquals(name, name(turned));
  }

  @Test
  void differentExports_areDifferentNames() {
    Set<MarkName> names = new HashSet<>();
    List<String> all =
        List.of(
            RULED,
            RULED.replace("'ro'", "'none'"),
            RULED.replace("/a", "/b"),
            RULED.replace("10.0.0.2", "10.0.0.3"),
            RULED.replace("'hidden':true", "'hidden':false"),
            "{'exports':{'rules':[{'path':'/a','access':'ro'}]}}",
            "{'exports':{'rules':[{'path':'/a','access':'ro'},{'path':'/b','access':'ro'}]}}",
            "{'exports':{'parameters':{'access':'ro'}}}",
            "{'exports':{'parameters':{'clients':[]}}}",
            "{}");
    all.forEach(json -> names.add(name(json)));
    assertEquals(all.size(), names.size());
  }

  @Test
  void rules_areTheNameThatTheyWereInTheFirstVersionThatHadOne() {
    assertEquals("nfs-proxy-28f7d115", name("{'exports':{'parameters':{'access':'ro'}}}").text());
  }

  @Test
  void changedRules_areToldOnlyWhereNobodyChoseTheName() {
    MarkName ruled = name(RULED);
    MarkName other = name(RULED.replace("'ro'", "'none'"));
    assertTrue(ruled.isLeftBehindBy(other));
    assertTrue(ruled.isLeftBehindBy(name("{}")));
    assertTrue(name("{}").isLeftBehindBy(ruled));
    assertFalse(ruled.isLeftBehindBy(ruled));
    assertFalse(ruled.isLeftBehindBy(name("{'cluster':{'name':'chosen'}}")));
    assertNotEquals(ruled, other);
  }
}
