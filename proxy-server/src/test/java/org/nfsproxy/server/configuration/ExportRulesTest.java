package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.configuration.Problem;
import org.nfsproxy.configuration.Section;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.UnreadableCalls;

class ExportRulesTest {
  private static Section section(String exports) {
    return new Section(new JsonObject("{\"exports\":" + exports.replace('\'', '"') + "}"));
  }

  private static Rules rules(String rules) {
    Section section = section("{'rules':" + rules + "}");
    Rules read = ExportRules.read(section.section("exports")).rules();
    assertEquals(List.of(), section.problems());
    return read;
  }

  private static List<String> mistakes(String exports) {
    Section section = section(exports);
    ExportRules.read(section.section("exports"));
    section.section("exports").refuseUnread();
    return section.problems().stream().map(Problem::toString).toList();
  }

  private static List<String> mistakesOfRule(String keys) {
    return mistakes("{'rules':[{" + keys + "}]}");
  }

  @Test
  void rule_setsWhatItNames_andNothingElse() {
    Overrides all = rules("[{'path':'/a','hidden':false}]").rules().get(0).overrides();
    assertEquals(
        new Overrides(null, null, null, null, null, null, null, false, null, null, null, null),
        all);
  }

  @Test
  void rule_canSetEveryKey() {
    Rule rule =
        rules(
                """
                [{'path':'/a/b/','clients':[],'access':'ro','squash':'all','anonUid':0,
                  'anonGid':4294967294,'security':['krb5p','none'],'versions':['4.2'],
                  'hidden':true,'opaque':'forward','cache':'off'}]""")
            .rules()
            .get(0);
    assertEquals(ExportPath.of("/a/b"), rule.path());
    Overrides set = rule.overrides();
    assertEquals(List.of(), set.clients().texts());
    assertEquals(Access.RO, set.access());
    assertEquals(Squash.ALL, set.squash());
    assertEquals(0, set.anonUid());
    assertEquals(-2, set.anonGid());
    assertEquals(Set.of(Security.NONE, Security.KRB5P), set.security());
    assertEquals(EnumSet.of(NfsVersion.V4_2), set.versions());
    assertEquals(true, set.hidden());
    assertEquals(UnreadableCalls.FORWARD, set.opaque());
    assertEquals(Caching.OFF, set.cache());
  }

  @ParameterizedTest
  @CsvSource({
    "801:0, 801, 0",
    "0x801:0X2, 801, 2",
    "FFffFFffFFffFFff:1, ffffffffffffffff, 1",
    "8f3a2b1c, 8f3a2b1c, 0"
  })
  void fsid_isHexadecimal(String text, String major, String minor) {
    Fsid expected = new Fsid(Long.parseUnsignedLong(major, 16), Long.parseUnsignedLong(minor, 16));
    assertEquals(expected, rules("[{'fsid':'" + text + "','access':'ro'}]").rules().get(0).fsid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "1:", ":1", "g", "1:2:3", "-1", "11111111111111111", "1 :2"})
  void fsid_ofAnotherForm_isRefused(String text) {
    assertEquals(
        List.of("exports.rules[0].fsid: found \"" + text + "\", expected " + Fsid.FORM),
        mistakesOfRule("'fsid':'" + text + "','access':'ro'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "./a", "/a/../b", "/a/.", "/.."})
  void path_ofAnotherForm_isRefused(String text) {
    assertEquals(
        List.of("exports.rules[0].path: found \"" + text + "\", expected " + ExportPath.FORM),
        mistakesOfRule("'path':'" + text + "','access':'ro'"));
  }

  @Test
  void mistakesOfRules_areToldByTheirPlace() {
    assertEquals(
        List.of(
            "exports.parameters.clients[1]: found \"host.example.com\", expected an IP address, a"
                + " network such as 10.0.0.0/8 or 2001:db8::/32, or \"*\"; names are not looked up",
            "exports.rules[1]: found \"/a\", expected an object",
            "exports.rules[0].clients[0]: found \"10.0.0.0/40\", expected an IP address, a network"
                + " such as 10.0.0.0/8 or 2001:db8::/32, or \"*\"; names are not looked up",
            "exports.rules[2].access: found \"r\", expected one of rw, ro, none",
            "exports.rules[2].anonUid: found -1, expected a whole number from 0 to 4294967294",
            "exports.rules[2].security[0]: found \"krb6\", expected one of \"none\", \"sys\","
                + " \"krb5\", \"krb5i\", \"krb5p\"",
            "exports.rules[2].versions[1]: found \"4\", expected one of \"2\", \"3\", \"4.0\","
                + " \"4.1\", \"4.2\"",
            "exports.rules[2].hidden: found \"yes\", expected true or false",
            "exports.rules[2].cache: found \"yes\", expected one of off, on",
            "exports.rules[2].acces: found an unknown key, did you mean exports.rules[2].access?"),
        mistakes(
            """
            {'parameters':{'clients':['10.0.0.1','host.example.com']},
             'rules':[{'path':'/a','clients':['10.0.0.0/40']},
                      '/a',
                      {'path':'/b','access':'r','anonUid':-1,'security':['krb6'],
                       'versions':['3','4'],'hidden':'yes','acces':'ro','cache':'yes'}]}"""));
  }

  @Test
  void rule_ofNothing_isRefused() {
    assertEquals(
        List.of("exports.rules[0].path: found neither path nor fsid, expected either path or fsid"),
        mistakesOfRule("'access':'ro'"));
    assertEquals(
        List.of("exports.rules[0].path: found path and fsid, expected either path or fsid"),
        mistakesOfRule("'path':'/','fsid':'1','access':'ro'"));
    assertEquals(
        List.of(
            "exports.rules[0].fsid: found a rule that changes nothing, expected a key of"
                + " exports.parameters beside it"),
        mistakesOfRule("'fsid':'1'"));
  }

  @Test
  void twoRulesForOnePlace_areRefused_howeverItIsWritten() {
    assertEquals(
        List.of(
            "exports.rules[1].path: found the same as in exports.rules[0], expected one rule for"
                + " each path and each fsid",
            "exports.rules[3].fsid: found the same as in exports.rules[2], expected one rule for"
                + " each path and each fsid"),
        mistakes(
            """
            {'rules':[{'path':'/a/b','access':'ro'},{'path':'/a//b/','hidden':true},
                      {'fsid':'1F','access':'ro'},{'fsid':'0x01f:0','hidden':true}]}"""));
  }
}
