package org.nfsproxy.server.refusals;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.Decision;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.RefusingRule;
import org.nfsproxy.server.policy.Security;

class RefusalLineTest {
  private static final String VARIABLE = "environment variable NFS_PROXY_EXPORTS_PARAMETERS_ACCESS";

  private static String line(String rule, Map<String, String> notOfTheFile) {
    return new RefusalLine(
            InetAddress.getLoopbackAddress(),
            801,
            0x5c2e91b4,
            Peer.plain(ClientAddress.of(InetAddress.getLoopbackAddress())),
            "NFSv3 WRITE",
            "/a",
            Refused.ACCESS,
            Decision.READ_ONLY,
            false,
            rule,
            null,
            NfsVersion.V3,
            Security.SYS,
            notOfTheFile)
        .toString();
  }

  @Test
  void line_hasWhatTellsTheCall() {
    assertEquals(
        "client 127.0.0.1 port 801 is refused NFSv3 WRITE on /a, xid 5c2e91b4, by `access` of the rule"
            + " for path /a: it may only be read. Cure: `access: rw` in the rule for path /a, if it may"
            + " be written; else mount it with `ro`",
        line("path /a", Map.of()));
  }

  @Test
  void versionThatNobodyKnows_isNotNamedAsOneThatCouldBeAllowed() {
    for (Decision decision : new Decision[] {null, Decision.WRONG_VERSION}) {
      RefusalLine line =
          new RefusalLine(
              InetAddress.getLoopbackAddress(),
              801,
              1,
              Peer.plain(ClientAddress.of(InetAddress.getLoopbackAddress())),
              "NFSv4.3 COMPOUND",
              null,
              Refused.VERSIONS,
              decision,
              true,
              RefusingRule.PARAMETERS,
              null,
              null,
              null,
              Map.of());
      assertEquals(
          "client 127.0.0.1 port 801 is refused NFSv4.3 COMPOUND, xid 00000001, by `versions` of"
              + " `exports.parameters`: nobody here knows this version. Cure: mount with another"
              + " `vers=`",
          line.toString());
    }
  }

  @Test
  void cure_ofWhatAVariableSets_saysSo_andOfWhatItDoesNotSet_doesNot() {
    Map<String, String> set = Map.of("exports.parameters.access", VARIABLE);
    assertTrue(
        line(RefusingRule.PARAMETERS, set)
            .endsWith(". It is set by the " + VARIABLE + ", not in the file"));
    assertFalse(line("path /a", set).contains("It is set by"));
    assertTrue(
        line("path /a", Map.of("exports.rules", "command line"))
            .endsWith(". It is set by the command line, not in the file"));
  }
}
