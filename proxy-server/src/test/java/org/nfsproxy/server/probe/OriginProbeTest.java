package org.nfsproxy.server.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.nfs.table.Effect;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.server.fakes.FakeOrigin;
import org.nfsproxy.server.fakes.TestCertificates;

class OriginProbeTest {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final Vertx vertx = Vertx.vertx();
  private FakeNfs origin;
  @TempDir private Path folder;
  private ProbeTls tls = ProbeTls.NONE;

  @BeforeEach
  void start() throws IOException {
    origin = new FakeNfs();
    origin.with("a", new byte[28], 0xa, 2);
    origin.with("b", linuxHandle(6, 16), 0xb, 2);
  }

  @AfterEach
  void stop() throws IOException {
    origin.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  /** As a Linux server's for the root of an export. */
  private static byte[] linuxHandle(int fsidKind, int fsidBytes) {
    byte[] handle = new byte[4 + fsidBytes];
    handle[0] = 1;
    handle[2] = (byte) fsidKind;
    return handle;
  }

  private ProbeReport probe() throws IOException {
    return probe(origin.port(), TIMEOUT_MILLIS, 256);
  }

  private ProbeReport probe(int port, int timeoutMillis, int exportsMax) throws IOException {
    int noPortmapper = FakeOrigin.refusingPort();
    return OriginProbe.run(
        vertx,
        new ProbeSettings("127.0.0.1", port, 0, noPortmapper, timeoutMillis, exportsMax, tls));
  }

  private static ProbeTls tls(TestCertificates files, boolean everywhere, boolean hasOwn)
      throws Exception {
    return ProbeTls.read(
        everywhere,
        files.clientCa().toString(),
        hasOwn ? files.certificate().toString() : "",
        hasOwn ? files.key().toString() : "",
        "");
  }

  private static Finding finding(ProbeReport report, String name) {
    return report.findings().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " not in\n" + text(report)));
  }

  private static boolean says(ProbeReport report, String name) {
    return report.findings().stream().anyMatch(each -> each.name().equals(name));
  }

  private static String text(ProbeReport report) {
    return String.join("\n", report.lines());
  }

  private static int exit(ProbeReport report) {
    return report.verdict().exitStatus();
  }

  @Test
  void bothVersions_allIsSeen() throws IOException {
    ProbeReport report = probe();
    assertEquals("NFS 3, 4.0, 4.1, 4.2", finding(report, "versions").found());
    assertEquals("owner fake (minor 0), scope scope", finding(report, "server").found());
    assertEquals(
        "30 slots, 50 operations a COMPOUND, calls of 1 MiB, replies of 1 MiB",
        finding(report, "session").found());
    assertEquals("28 to 36 bytes", finding(report, "filehandles").found());
    assertEquals("counts versions", finding(report, "change attribute").found());
    assertEquals(Severity.OK, finding(report, "root").severity());
    assertEquals(Severity.OK, finding(report, "source ports").severity());
    assertTrue(finding(report, "lease").found().startsWith("90 s"));
  }

  // The one thing that is to be changed: no portmapper tells where MOUNT is.
  @Test
  void mountWithoutPortmapper_isAChange() throws IOException {
    ProbeReport report = probe();
    Finding mount = finding(report, "MOUNT");
    assertEquals(Severity.CHANGE, mount.severity());
    assertEquals("set backend.origin.ports.mount to " + origin.port(), mount.cure());
    assertEquals(1, exit(report));
  }

  @Test
  void nothingIsWritten_andTheSessionsAreDestroyed() throws IOException {
    probe();
    Set<String> opens =
        Set.of("SEQUENCE", "EXCHANGE_ID", "CREATE_SESSION", "DESTROY_SESSION", "DESTROY_CLIENTID");
    List<String> changing =
        origin.asked.stream()
            .filter(each -> each.startsWith("v4 "))
            .map(each -> Nfs4.valueOf(each.substring(3)))
            .filter(each -> each.row().effect() != Effect.READS && !opens.contains(each.name()))
            .map(Nfs4::name)
            .toList();
    assertEquals(List.of(), changing);
    assertTrue(origin.asked.contains("v4 CREATE_SESSION"));
    assertEquals(0, origin.sessions.get());
    assertEquals(count("MOUNT MNT"), count("MOUNT UMNT"));
    Set<String> of3 =
        origin.asked.stream().filter(each -> each.startsWith("v3 ")).collect(Collectors.toSet());
    assertEquals(Set.of("v3 GETATTR", "v3 FSINFO", "v3 READDIRPLUS", "v3 ACCESS"), of3);
  }

  private long count(String what) {
    return origin.asked.stream().filter(what::equals).count();
  }

  @Test
  void v3Only_isLookedAtByMount() throws IOException {
    origin.versions = Set.of(3);
    ProbeReport report = probe();
    assertEquals(Severity.NOTE, finding(report, "versions").severity());
    assertTrue(says(report, "nested filesystems"));
    assertFalse(says(report, "session"));
    assertEquals("28 to 36 bytes", finding(report, "filehandles").found());
    assertEquals(Severity.OK, finding(report, "root").severity());
    assertEquals(1, exit(report));
  }

  @Test
  void v4Only_isReexportedAsItIs() throws IOException {
    origin.versions = Set.of(4);
    ProbeReport report = probe();
    assertEquals("NFS 4.0, 4.1, 4.2, no NFSv3", finding(report, "versions").found());
    assertFalse(says(report, "MOUNT"));
    assertEquals(2, report.facts().filesystems.size());
    assertEquals(0, exit(report), text(report));
  }

  @Test
  void v4Point1Only_isAskedInASession() throws IOException {
    origin.versions = Set.of(4);
    origin.minorVersions = Set.of(1);
    ProbeReport report = probe();
    assertEquals(2, report.facts().filesystems.size());
    assertFalse(says(report, "v4.0 callbacks"));
    assertEquals(0, exit(report), text(report));
    assertEquals(0, origin.sessions.get());
  }

  @Test
  void v4Point0Only_needsNoSession() throws IOException {
    origin.versions = Set.of(4);
    origin.minorVersions = Set.of(0);
    ProbeReport report = probe();
    assertEquals(0, exit(report), text(report));
    assertFalse(origin.asked.contains("v4 EXCHANGE_ID"));
  }

  @Test
  void squashedRoot_isAChange_andSaysWhatWasSeen() throws IOException {
    origin.squashesRoot = true;
    Finding root = finding(probe(), "root");
    assertEquals(Severity.CHANGE, root.severity());
    assertEquals("squashed: uid 0 may not read secret of mode 0600", root.found());
    assertEquals(List.of("/a", "/b"), root.paths());
  }

  @Test
  void sameFsidAndFileid_withOtherHandles_areDuplicates() throws IOException {
    origin.with("copy", linuxHandle(6, 20), 0xa, 2);
    Finding fsid = finding(probe(), "fsid");
    assertEquals(Severity.CHANGE, fsid.severity());
    assertEquals(List.of("/a", "/copy"), fsid.paths());
  }

  @Test
  void sameFsidAndOtherFileids_areDirectoriesOfOneFilesystem() throws IOException {
    origin.with("part", linuxHandle(6, 20), 0xa, 77);
    Finding fsid = finding(probe(), "fsid");
    assertEquals(Severity.NOTE, fsid.severity());
    assertEquals(List.of("/a", "/part"), fsid.paths());
  }

  @Test
  void handleWithDeviceNumber_isNoted() throws IOException {
    origin.with("c", linuxHandle(3, 8), 0xc, 2);
    assertEquals(List.of("/c"), finding(probe(), "fsid kind").paths());
  }

  @Test
  void kerberosOnly_isAChange() throws IOException {
    origin.flavors = new int[] {390003, 390005};
    Finding flavors = finding(probe(), "flavors");
    assertEquals(Severity.CHANGE, flavors.severity());
    assertEquals("AUTH_SYS is not taken: krb5, krb5p", flavors.found());
  }

  @Test
  void wrongSec_isKerberosOnly_notARefusal() throws IOException {
    origin.status = 10016;
    origin.versions = Set.of(4);
    origin.flavors = new int[] {390004};
    ProbeReport report = probe();
    assertEquals("AUTH_SYS is not taken: krb5i", finding(report, "flavors").found());
    assertFalse(says(report, "refused"));
    assertEquals(1, exit(report));
  }

  @Test
  void movedFilesystem_namesWhereItIs() throws IOException {
    origin.movedTo = "other\u001b[2J.example.com";
    Finding referrals = finding(probe(), "referrals");
    assertEquals("elsewhere: other\\033[2J.example.com:/there", referrals.found());
  }

  @Test
  void proxyAsOrigin_isRecognised() throws IOException {
    origin.owner = "nas/via:nfs-proxy";
    assertEquals(Severity.CHANGE, finding(probe(), "server").severity());
  }

  @Test
  void tlsOffered_isSaid_withTheCertificate() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
    Finding strange = finding(probe(), "TLS");
    assertEquals(Severity.NOTE, strange.severity());
    assertTrue(strange.found().contains("CN=origin for 127.0.0.1, signed by CN=test CA, 99 days"));
    assertTrue(strange.found().contains("is not trusted"), strange::found);
    assertTrue(strange.cure().contains("backend.origin.tls.ca"), strange::cure);

    tls = tls(certificates, false, false);
    ProbeReport report = probe();
    Finding trusted = finding(report, "TLS");
    assertTrue(trusted.found().endsWith("99 days left, trusted"), trusted::found);
    assertEquals("set backend.origin.tls.mode to \"require\"", trusted.cure());
    JsonObject shown = report.json().getJsonObject("tlsCertificate");
    assertTrue(shown.getBoolean("trusted"));
    assertEquals(new JsonArray().add("127.0.0.1"), shown.getJsonArray("names"));
    assertTrue(report.json().getBoolean("tls"));
  }

  @Test
  void tlsThatWantsACertificate_isTold_andItsOwnIsTrusted() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
    origin.wantsCertificate = true;
    tls = tls(certificates, false, false);
    Finding seen = finding(probe(), "TLS");
    assertTrue(seen.found().endsWith("it wants a certificate of the proxy"), seen::found);
  }

  // An origin whose exports say xprtsec=mtls, as a proxy with a certificate sees it.
  @Test
  void askedInsideTls_allIsSeen_andNothingIsAskedInTheClear() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
    origin.wantsCertificate = true;
    tls = tls(certificates, true, true);
    ProbeReport report = probe();
    assertEquals("NFS 3, 4.0, 4.1, 4.2", finding(report, "versions").found());
    assertEquals("28 to 36 bytes", finding(report, "filehandles").found());
    assertEquals(Severity.OK, finding(report, "root").severity());
    assertTrue(finding(report, "TLS").found().endsWith("trusted"), finding(report, "TLS")::found);
    assertEquals(0, origin.clearCalls.get());
  }

  @Test
  void askedInsideTls_andNotTrusted_isNotReached_andSaysWhy() throws Exception {
    TestCertificates certificates = TestCertificates.in(folder);
    origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
    certificates.trust(certificates.stranger());
    tls = tls(certificates, true, false);
    ProbeReport report = probe();
    Finding why = finding(report, "TLS");
    assertEquals(Severity.STOP, why.severity());
    assertTrue(why.found().contains("its certificate is not trusted"), why::found);
    assertTrue(why.found().contains("CN=origin for 127.0.0.1, signed by CN=test CA"), why::found);
    assertTrue(why.cure().contains("--ca FILE"), why::cure);
    assertFalse(says(report, "reach"));
    assertEquals(ProbeVerdict.NOT, report.verdict());
    assertEquals(3, exit(report));
    assertEquals(0, origin.clearCalls.get());
  }

  @Test
  void askedInsideTls_ofAServerWithoutIt_saysThat() throws Exception {
    tls = tls(TestCertificates.in(folder), true, false);
    ProbeReport report = probe();
    Finding why = finding(report, "TLS");
    assertTrue(why.found().contains("it offers none"), why::found);
    assertTrue(why.cure().contains("Without --tls"), why::cure);
    assertFalse(says(report, "reach"));
  }

  @Test
  void askedInsideTls_whereNobodyIs_isAboutThePort() throws Exception {
    tls = tls(TestCertificates.in(folder), true, false);
    ProbeReport report = probe(FakeOrigin.refusingPort(), TIMEOUT_MILLIS, 256);
    assertTrue(finding(report, "reach").found().contains("refused"), text(report));
    assertEquals(ProbeVerdict.UNREACHED, report.verdict());
  }

  // As a proxy whose listen.tls.mode is "require".
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void tlsRequired_isSaid_andNothingIsConcludedFromDenials(int version) throws Exception {
    origin.versions = Set.of(version);
    TestCertificates certificates = TestCertificates.in(folder);
    origin.tlsOnAsking = certificates.origin(certificates.server("CN=origin"));
    origin.requiresTls = true;
    ProbeReport report = probe();
    Finding seen = finding(report, "TLS");
    assertEquals(Severity.STOP, seen.severity());
    assertTrue(seen.found().startsWith("required: "), seen::found);
    assertTrue(seen.cure().contains("--tls"), seen::cure);
    assertTrue(seen.cure().contains("--ca FILE"), seen::cure);
    for (String concluded : List.of("minor versions", "refused", "exports")) {
      assertFalse(says(report, concluded), text(report));
    }
    assertEquals(ProbeVerdict.NOT, report.verdict());

    tls = tls(certificates, true, false);
    assertEquals(2, probe().facts().filesystems.size());
  }

  @Test
  void tlsOfferedWithoutAHandshake_isSaid() throws IOException {
    origin.offersTls = true;
    Finding seen = finding(probe(), "TLS");
    assertEquals(Severity.NOTE, seen.severity());
    assertTrue(seen.found().contains("offered (RFC 9289), it ends the connection"), seen::found);
  }

  @Test
  void everyOperationRefused_cannotBeReexported() throws IOException {
    origin.status = 13;
    ProbeReport report = probe();
    assertEquals("2 of 2: v4 ACCES, v3 ACCES", finding(report, "refused").found());
    assertEquals(ProbeVerdict.NOT, report.verdict());
    assertEquals(3, exit(report));
  }

  // What a Linux server says to a port above 1023; as root, this test leaves from one below.
  @Test
  void permToEverything_isAboutPorts_whereNoneBelow1024MayBeBound() {
    ProbeFacts facts =
        new ProbeFacts(new ProbeSettings("origin", 2049, 0, 111, 1000, 256, ProbeTls.NONE));
    facts.isReached = true;
    facts.versions = new TreeSet<>(Set.of(4));
    facts.minorVersions = new TreeSet<>(Set.of(2));
    facts.pathsFound = 1;
    FilesystemView view = new FilesystemView(4);
    view.fail(NoAnswerException.status(StatusName.PERM));
    view.port = PortQuestion4.ofRefusal(false, NoAnswerException.status(StatusName.PERM));
    facts.filesystems.add(new ProbedFilesystem("/a", true, null, view));
    ProbeReport report = ProbeReport.of(facts);
    assertEquals(Severity.CHANGE, finding(report, "source ports").severity());
    assertFalse(says(report, "refused"));
    assertEquals(1, exit(report));
  }

  @Test
  void nothingExported_cannotBeReexported() throws IOException {
    origin.versions = Set.of(3);
    origin.volumes.clear();
    ProbeReport report = probe();
    assertEquals(Severity.STOP, finding(report, "exports").severity());
    assertEquals(3, exit(report));
  }

  @Test
  void deadPort_isUnreached() throws IOException {
    ProbeReport report = probe(FakeOrigin.refusingPort(), TIMEOUT_MILLIS, 256);
    assertEquals(ProbeVerdict.UNREACHED, report.verdict());
    assertTrue(finding(report, "reach").found().contains("refused"), text(report));
    assertEquals(3, exit(report));
  }

  @Test
  void silentFromTheBeginning_isUnreachedWhenTheTimeIsOver() throws IOException {
    origin.callsAnswered = 0;
    ProbeReport report = probe(origin.port(), 1_000, 256);
    assertEquals(ProbeVerdict.UNREACHED, report.verdict());
    assertEquals(3, exit(report));
  }

  @Test
  void silentInTheMiddle_tellsWhatWasSeen_andThatItIsNotAll() throws IOException {
    origin.callsAnswered = 40;
    ProbeReport report = probe(origin.port(), 4_000, 256);
    assertEquals(ProbeVerdict.UNKNOWN, report.verdict());
    assertTrue(says(report, "incomplete"));
    assertEquals("NFS 3, 4.0, 4.1, 4.2", finding(report, "versions").found());
    assertEquals(3, exit(report));
  }

  @Test
  void notRpc_isUnreached() throws IOException {
    try (FakeOrigin web =
        FakeOrigin.start(
            connection -> {
              connection.receive();
              connection.send("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes());
            })) {
      ProbeReport report = probe(web.port(), TIMEOUT_MILLIS, 256);
      assertEquals(ProbeVerdict.UNREACHED, report.verdict());
      assertTrue(finding(report, "reach").found().contains("garbage"), text(report));
    }
  }

  @Test
  void garbageAfterAnyCall_endsInAReport() throws IOException {
    for (int understood = 1; understood < 60; understood += 3) {
      try (FakeNfs broken = new FakeNfs()) {
        broken.with("a", new byte[28], 0xa, 2).callsUnderstood = understood;
        ProbeReport report = probe(broken.port(), TIMEOUT_MILLIS, 256);
        assertFalse(report.lines().isEmpty());
        assertFalse(report.json().encode().isEmpty());
      }
    }
  }

  @Test
  void tenThousandExports_areCounted_andAFewLookedAt() throws IOException {
    for (int i = 0; i < 10_000; i++) {
      byte[] handle = new byte[32];
      handle[30] = (byte) (i >> 8);
      handle[31] = (byte) i;
      origin.with("export-" + i, handle, 1_000 + i, 2);
    }
    ProbeReport report = probe(origin.port(), TIMEOUT_MILLIS, 5);
    Finding exports = finding(report, "exports");
    assertEquals(Severity.NOTE, exports.severity());
    assertTrue(exports.found().startsWith("10002 paths; looked at 5"), exports.found());
    assertTrue(report.lines().size() < 120);
  }

  @Test
  void namesOfTheOrigin_changeNoTerminal() throws IOException {
    origin.with("x\u001b[31m\u202e\n", new byte[24], 0xd, 2);
    ProbeReport report = probe();
    assertEquals(
        List.of("/a", "/b", "/x\\033[31m\\u{202e}\\012"),
        report.facts().filesystems.stream().map(ProbedFilesystem::path).toList());
    for (String line : report.lines()) {
      assertTrue(line.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x202e), line);
    }
  }

  @Test
  void nameWithControlCharacters_isLookedUpByItsBytes() throws IOException {
    origin.with("x\n\u202e", new byte[24], 0xd, 2);
    assertEquals(
        3, probe().facts().filesystems.stream().filter(e -> e.reached().size() == 2).count());
  }

  @Test
  void json_hasTheShapeThatTheGuideShows() throws IOException {
    JsonObject json = probe().json();
    assertEquals(1, json.getInteger("form"));
    assertEquals("withChanges", json.getString("verdict"));
    assertEquals(1, json.getInteger("exitStatus"));
    assertTrue(json.getBoolean("complete"));
    assertEquals(new JsonArray(List.of("3", "4.0", "4.1", "4.2")), json.getJsonArray("nfs"));
    assertEquals(30, json.getJsonObject("session").getLong("slots"));
    JsonObject first = json.getJsonArray("filesystems").getJsonObject(0);
    assertEquals("/a", first.getString("path"));
    assertEquals("any", first.getString("port"));
    assertEquals("root", first.getJsonObject("root").getString("is"));
    JsonObject v4 = first.getJsonObject("v4");
    assertEquals("a:0", v4.getString("fsid"));
    assertEquals(36, v4.getJsonObject("handle").getInteger("entryBytes"));
    assertEquals(60, v4.getJsonObject("handle").getInteger("kernelReexportBytes"));
    assertEquals("v3 v4", v4.getJsonObject("handle").getString("kernelReexportFits"));
    for (Object each : json.getJsonArray("findings")) {
      assertEquals(
          Set.of("name", "severity", "found", "means", "cure", "paths"),
          ((JsonObject) each).fieldNames());
    }
  }

  @Test
  void jsonOfADeadOrigin_saysSo() throws IOException {
    JsonObject json = probe(FakeOrigin.refusingPort(), TIMEOUT_MILLIS, 256).json();
    assertEquals("unreached", json.getString("verdict"));
    assertFalse(json.getJsonObject("origin").getBoolean("reached"));
  }
}
