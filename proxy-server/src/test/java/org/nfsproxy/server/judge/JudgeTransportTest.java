package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.LogLines;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.metrics.Refused;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.PeerNames;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.server.refusals.RefusalLog;
import org.nfsproxy.xdr.XdrWriter;

/** Over which transport a call comes, and with whose certificate. */
class JudgeTransportTest {
  private static final int ACCES = 13;
  private static final int WRONGSEC = 10016;
  private static final int GETATTR = 1;
  private static final int FSINFO = 19;
  private static final int PUTFH = 22;
  private static final String OTHER = "/export/ro/directory";

  private static final ClientAddress ADDRESS = ClientAddress.of(InetAddress.getLoopbackAddress());
  private static final Peer PLAIN = Peer.plain(ADDRESS);
  private static final Peer TLS = Peer.secured(ADDRESS, null);
  private static final Peer MTLS =
      Peer.secured(
          ADDRESS,
          new PeerNames(new X500Principal("CN=a7"), Set.of("a7.example.com"), Set.of(), Set.of()));

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static Overrides transport(TransportSecurity... allowed) {
    return overrides(Set.of(allowed), null);
  }

  private static Overrides overrides(
      Set<TransportSecurity> transport, CertificateMatch certificates) {
    return new Overrides(
        null, null, null, null, null, null, null, null, null, transport, certificates, null);
  }

  private static Rules forAll(Overrides overrides) {
    return new Rules(
        overrides.over(JudgeUnderTest.parameters(Squash.NONE, UnreadableCalls.REFUSE)), List.of());
  }

  private static Rules forOne(Overrides overrides) {
    return JudgeUnderTest.rules(Rule.of(ExportPath.of("/export/ro"), overrides));
  }

  private static JudgeUnderTest met(Rules rules, Peer peer) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.peer = peer;
    judge.meetOrigin();
    return judge;
  }

  private static int status3(JudgeUnderTest judge, int procedure, String path) throws Exception {
    Judged judged = judge.judge(JudgedCalls.nfs3(procedure, handle(path)));
    return judged.verdict() == Verdict.FORWARD ? 0 : judged.answerWord(7);
  }

  // Linux 6.12 lets GETATTR and FSINFO of a root pass; its clients do not need that: those that
  // have TLS ask inside it.
  @Test
  void callOfVersion3_overAnotherTransport_isAcces_onTheRootToo() throws Exception {
    for (Rules rules :
        List.of(
            forAll(transport(TransportSecurity.MTLS)), forOne(transport(TransportSecurity.MTLS)))) {
      for (String path : List.of(OTHER, "/export/ro")) {
        assertEquals(ACCES, status3(met(rules, PLAIN), GETATTR, path));
        assertEquals(ACCES, status3(met(rules, PLAIN), FSINFO, path));
        assertEquals(ACCES, status3(met(rules, TLS), GETATTR, path));
        assertEquals(0, status3(met(rules, MTLS), GETATTR, path));
      }
    }
    assertEquals(
        0,
        status3(
            met(forOne(transport(TransportSecurity.MTLS)), PLAIN), GETATTR, "/export/directory"));
  }

  private static byte[] reply(int status, int results, Consumer<XdrWriter> body) {
    return Wire.reply(JudgedCalls.XID, Wire.xdr(words(status, 0, results).andThen(body)));
  }

  @Test
  void compound_overAnotherTransport_isWrongsec() throws Exception {
    for (Rules rules :
        List.of(
            forAll(transport(TransportSecurity.TLS)), forOne(transport(TransportSecurity.TLS)))) {
      byte[] call = CompoundCall.minor(0).putfh(OTHER).getattr().record();
      Judged judged = met(rules, PLAIN).judge(call.clone());
      assertEquals(Verdict.ANSWER, judged.verdict());
      assertArrayEquals(reply(WRONGSEC, 1, words(PUTFH, WRONGSEC)), judged.answer());
      assertEquals(Verdict.FORWARD, met(rules, TLS).judge(call.clone()).verdict());
    }
  }

  // What would be refused, whatever flavor it comes with, is promised with none.
  @Test
  void secinfo_ofWhatAnotherTransportMayUse_promisesNothing() throws Exception {
    byte[] call = CompoundCall.minor(0).putfh("/export").secinfo("ro").record();
    Consumer<XdrWriter> offered = words(PUTFH, 0, 33, 0, 1, 1);
    Rules rules = forOne(transport(TransportSecurity.TLS, TransportSecurity.MTLS));

    assertArrayEquals(
        reply(0, 2, words(PUTFH, 0, 33, 0, 0)),
        met(rules, PLAIN).judge(call.clone()).opened(reply(0, 2, offered)));
    Judged secured = met(rules, TLS).judge(call.clone());
    assertArrayEquals(
        reply(0, 2, offered),
        secured.opener() == null ? reply(0, 2, offered) : secured.opened(reply(0, 2, offered)));
  }

  // As Linux: MOUNT of its clients is in the clear.
  @Test
  void mnt_isNotAskedForItsTransport() throws Exception {
    JudgeUnderTest judge = met(forAll(transport(TransportSecurity.MTLS)), PLAIN);
    assertEquals(Verdict.FORWARD, judge.judge(JudgedCalls.mount(1, name("/export"))).verdict());
  }

  // What cannot be read is refused wherever a rule might refuse it.
  @Test
  void callUnderKerberos_overAnotherTransport_isDenied() throws Exception {
    byte[] sealed = JudgedCalls.gss(GETATTR, 0, handle(OTHER));
    Rules rules = forOne(transport(TransportSecurity.TLS));
    Judged judged = met(rules, PLAIN).judge(sealed.clone());
    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(Wire.record(Wire.words(JudgedCalls.XID, 1, 1, 1, 5)), judged.answer());
  }

  @Test
  void certificates_andClients_mustBothMatch() throws Exception {
    CertificateMatch own = CertificateMatch.of(List.of("*.example.com"));
    CertificateMatch others = CertificateMatch.of(List.of("*.other.com"));
    Set<TransportSecurity> any = EnumSet.allOf(TransportSecurity.class);
    for (Peer peer : List.of(PLAIN, TLS)) {
      assertEquals(ACCES, status3(met(forAll(overrides(any, own)), peer), GETATTR, OTHER));
    }
    assertEquals(0, status3(met(forAll(overrides(any, own)), MTLS), GETATTR, OTHER));
    assertEquals(ACCES, status3(met(forAll(overrides(any, others)), MTLS), GETATTR, OTHER));
  }

  @Test
  void refusal_isToldWithTransportAndName_andCounted() throws Exception {
    try (LogLines log = LogLines.of(RefusalLog.class)) {
      JudgeUnderTest plain = met(forOne(transport(TransportSecurity.TLS)), PLAIN);
      status3(plain, GETATTR, OTHER);
      String line = String.join("\n", log.take());
      assertTrue(
          line.contains("its connection has no TLS, which is not allowed; allowed: tls"), line);
      assertTrue(line.contains("by `transport` of the rule for path /export/ro"), line);
      assertEquals(Map.of(Refused.TRANSPORT, 1L), plain.refusals.counts().of("path /export/ro"));

      JudgeUnderTest mutual =
          met(
              forOne(
                  overrides(TransportSecurity.ALL, CertificateMatch.of(List.of("b.example.com")))),
              MTLS);
      status3(mutual, GETATTR, OTHER);
      String other = String.join("\n", log.take());
      assertTrue(
          other.contains(
              "the client's certificate, of a7.example.com, has none of the names b.example.com"),
          other);
      assertEquals(
          Map.of(Refused.CERTIFICATES, 1L), mutual.refusals.counts().of("path /export/ro"));
    }
  }
}
