package org.nfsproxy.server.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.TestCertificates;
import org.nfsproxy.tls.ExpiryNotice;
import org.nfsproxy.tls.OwnCertificate;
import org.nfsproxy.tls.TlsFilesException;

class TlsFilesTest {
  @TempDir private Path folder;
  private TestCertificates certificates;
  private TlsFiles files;

  @BeforeEach
  void make() throws Exception {
    certificates = TestCertificates.in(folder);
    files = new TlsFiles(certificates.certificate().toString(), certificates.key().toString(), "");
  }

  private void assertRefused(String key, String... parts) {
    TlsFilesException refused = assertThrows(TlsFilesException.class, files::read);
    assertEquals(key, refused.key());
    for (String part : parts) {
      assertTrue(refused.getMessage().contains(part), refused::getMessage);
    }
  }

  @Test
  void filesAsTheyShouldBe_areRead() throws Exception {
    assertEquals("CN=proxy", files.read().certificate().getSubjectX500Principal().getName());
    assertEquals(files.read(), files.read());
  }

  @Test
  void rsa_isReadToo() throws Exception {
    certificates.writeOf(certificates.issued("CN=rsa", each -> each.rsa2048()));
    assertEquals("RSA", files.read().own().key().getAlgorithm());
  }

  @Test
  void absentFile_isToldByItsKey() throws Exception {
    Files.delete(certificates.certificate());
    assertRefused("listen.tls.certificate", "proxy.pem\", which is not there");
  }

  @Test
  void folderInsteadOfAFile_cannotBeRead() throws Exception {
    Files.delete(certificates.key());
    Files.createDirectory(certificates.key());
    assertRefused("listen.tls.key", "which cannot be read");
  }

  @Test
  void fileThatIsNoPem_isToldByItsKey() throws Exception {
    TestCertificates.replace(certificates.certificate(), "hello");
    assertRefused("listen.tls.certificate", "nothing begins with -----BEGIN CERTIFICATE-----");
  }

  @Test
  void certificateThatIsNone_isTold() throws Exception {
    TestCertificates.replace(
        certificates.certificate(),
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    assertRefused("listen.tls.certificate", "a certificate that cannot be read");
  }

  @Test
  void keyOfAnotherCertificate_isTold_withTheWayToCompare() throws Exception {
    X509Bundle other = certificates.server("CN=other");
    TestCertificates.replace(certificates.key(), other.getPrivateKeyPEM());
    assertRefused("listen.tls.key", "is not the key of the certificate", "openssl x509 -pubkey");
    X509Bundle rsa = certificates.issued("CN=rsa", each -> each.rsa2048());
    TestCertificates.replace(certificates.key(), rsa.getPrivateKeyPEM());
    assertRefused("listen.tls.key", "no key of the kind EC");
  }

  @Test
  void keyInAnotherForm_isToldWithTheCommandThatChangesIt() throws Exception {
    for (String label : List.of("RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY")) {
      TestCertificates.replace(
          certificates.key(), "-----BEGIN " + label + "-----\nAAAA\n-----END " + label + "-----\n");
      assertRefused("listen.tls.key", "openssl pkcs8 -topk8 -nocrypt");
    }
  }

  // ---- looking at them anew
  // -----------------------------------------------------------------------

  @Test
  void filesThatDoNotFit_areToldOnce_andWhatWasReadBeforeStays() throws Exception {
    try (ServerTls tls = ServerTls.start(files, ClientCertificates.NONE, 1_000);
        LogLines log = LogLines.of(ServerTls.class)) {
      TestCertificates.replace(
          certificates.key(), certificates.server("CN=other").getPrivateKeyPEM());
      tls.look(0);
      assertEquals(List.of(), log.take()); // the other file may be on its way
      tls.look(0);
      tls.look(0);
      List<String> lines = log.take();
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("stays in force"), lines::toString);
      assertEquals("CN=proxy", tls.material().certificate().getSubjectX500Principal().getName());

      certificates.writeOf(certificates.server("CN=newer"));
      tls.look(0);
      assertEquals("CN=newer", tls.material().certificate().getSubjectX500Principal().getName());
      assertTrue(log.take().get(0).contains("is another one now"));
    }
  }

  @Test
  void expiry_isToldAtEachStage_once() throws Exception {
    OwnCertificate material = files.read().own();
    Instant expires = material.expires();
    ExpiryNotice notice = new ExpiryNotice("listen.tls", "clients refuse it");
    assertNull(notice.at(expires.minus(Duration.ofDays(31)).toEpochMilli(), material));
    for (int days : new int[] {30, 7, 1}) {
      long at = expires.minus(Duration.ofDays(days)).toEpochMilli();
      String told = notice.at(at, material);
      String within = days == 1 ? "within a day, on" : "within " + days + " days, on";
      assertTrue(told != null && told.contains("expires " + within), told);
      assertNull(notice.at(at + 1_000, material));
    }
    String told = notice.at(expires.toEpochMilli(), material);
    assertTrue(told != null && told.contains("has expired"), told);
    assertNull(notice.at(expires.toEpochMilli() + 1_000, material));
  }

  @Test
  void bounds_holdForAll_andForEach() throws Exception {
    HandshakeBounds bounds = new HandshakeBounds(3, 2);
    InetAddress one = InetAddress.getByName("10.0.0.1");
    InetAddress two = InetAddress.getByName("10.0.0.2");
    assertTrue(bounds.enter(one));
    assertTrue(bounds.enter(one));
    assertFalse(bounds.enter(one));
    assertTrue(bounds.enter(two));
    assertFalse(bounds.enter(two));
    bounds.leave(one);
    assertTrue(bounds.enter(two));
    assertEquals(3, bounds.underWay());
  }
}
