package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.exports.PeerExport;
import org.nfsproxy.server.exports.VersionedFsid;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;

class ParametersPageTest {
  private static final Parameters ROOT =
      new Parameters(
          ClientMatch.of(List.of("10.0.0.0/8")),
          Access.RW,
          new Squashing(Squash.ROOT, 65534, 65533),
          EnumSet.of(Security.SYS),
          EnumSet.of(NfsVersion.V3, NfsVersion.V4_2),
          false,
          UnreadableCalls.REFUSE,
          TransportSecurity.ALL,
          CertificateMatch.EVERYBODY,
          Caching.ON);
  private static final Rules RULES =
      new Rules(
          ROOT,
          List.of(
              Rule.of(ExportPath.of("/a"), readOnly()),
              Rule.of(ExportPath.of("/b"), readOnly()),
              Rule.of(new org.nfsproxy.server.policy.Fsid(7, 8), readOnly())));

  private static Overrides readOnly() {
    return new Overrides(
        null, Access.RO, null, null, null, null, null, null, null, null, null, null);
  }

  private static JsonObject page(String path, long major, long minor) {
    return ParametersPage.of(
        new PeerExport(path, List.of(new VersionedFsid(4, major, minor))), RULES);
  }

  @Test
  void parameters_thatNoRuleChanges_areAllTold() {
    assertEquals(
        new JsonObject()
            .put("clients", new JsonArray().add("10.0.0.0/8"))
            .put("access", "rw")
            .put("squash", "root")
            .put("anonUid", 65534)
            .put("anonGid", 65533)
            .put("security", new JsonArray().add("sys"))
            .put("versions", new JsonArray().add("3").add("4.2"))
            .put("hidden", false)
            .put("opaque", "refuse")
            .put("transport", new JsonArray().add("none").add("tls").add("mtls"))
            .put("certificates", new JsonArray().add("*"))
            .put("cache", "on")
            .put("from", "exports.parameters")
            .put("rules", new JsonArray()),
        page("/c", 1, 2));
  }

  @Test
  void rules_thatHold_areNamed() {
    JsonObject page = page("/a/below", 7, 8);
    assertEquals("ro", page.getString("access"));
    assertEquals("exports.rules", page.getString("from"));
    assertEquals(new JsonArray().add("path /a").add("fsid 7:8"), page.getJsonArray("rules"));
  }
}
