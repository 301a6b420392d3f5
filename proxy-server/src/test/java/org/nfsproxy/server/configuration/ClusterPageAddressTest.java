package org.nfsproxy.server.configuration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.tls.TlsFiles;

class ClusterPageAddressTest {
  private static Cluster cluster(String page) {
    return new Cluster(
        true,
        "proxy",
        "a",
        "127.0.0.1",
        5701,
        page,
        new Cluster.Join(List.of("127.0.0.1"), "", 1, "", "", ""),
        10,
        50,
        1000,
        60);
  }

  private static Admin admin(boolean enabled, String host, int port) {
    return admin(enabled, host, port, AdminAccess.OPEN);
  }

  private static Admin admin(boolean enabled, String host, int port, AdminAccess access) {
    return new Admin(
        enabled, host, port, List.of(), ClientMatch.of(List.of()), new LivePage(1, 1, 1), access);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, http://10.0.0.1:9049/",
    "2001:db8::1, http://[2001:db8::1]:9049/",
    "proxy-a.example.com, http://proxy-a.example.com:9049/",
    "127.0.0.1, ''",
    "127.8.0.1, ''",
    "::1, ''",
    "localhost, ''",
    "0.0.0.0, ''",
    "::, ''",
    "fe80::1%eth0, ''",
  })
  void pageThatNobodyNamed_isWhereOthersReachIt(String host, String expected) {
    assertEquals(expected, cluster("").pageOf(admin(true, host, 9049)));
  }

  @Test
  void pageThatIsNamed_isTold() {
    String gate = "https://gate.example.com/a/";
    assertEquals(gate, cluster(gate).pageOf(admin(true, "127.0.0.1", 9049)));
    assertEquals(gate, cluster(gate).pageOf(admin(false, "10.0.0.1", 9049)));
  }

  @Test
  void pageWithACertificate_isReadByHttps() {
    AdminAccess secured =
        new AdminAccess(
            new TlsFiles(AdminAccessKeys.TLS, "/pem", "/key", ""), "", false, 1, 1, 1, 1, 1);
    assertEquals(
        "https://10.0.0.1:9049/", cluster("").pageOf(admin(true, "10.0.0.1", 9049, secured)));
  }

  @Test
  void pageThatIsNotServed_orAtAnyPort_isNotTold() {
    assertEquals("", cluster("").pageOf(admin(false, "10.0.0.1", 9049)));
    assertEquals("", cluster("").pageOf(admin(true, "10.0.0.1", 0)));
  }
}
