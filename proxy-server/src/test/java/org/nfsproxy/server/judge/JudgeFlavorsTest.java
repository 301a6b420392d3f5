package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.name;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
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
import org.nfsproxy.xdr.XdrWriter;

/** Which flavor a call comes under. */
class JudgeFlavorsTest {
  private static final int ACCES = 13;
  private static final int GETATTR = 1;
  private static final int FSINFO = 19;
  private static final int AUTH_NONE = 0;
  private static final int AUTH_SYS = 1;

  private static Vertx vertx;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  // ---- flavors that nobody knows ---------------------------------------------------------------

  static Stream<Arguments> unknown() {
    Consumer<XdrWriter> compound = CompoundCall.minor(0).putfh("/export").getattr().arguments();
    return Stream.of(2, 3, 7, 99, -1)
        .flatMap(
            flavor ->
                Stream.of(
                    Arguments.of(flavor, Wire.NFS, 3, 0, words()),
                    Arguments.of(flavor, Wire.NFS, 3, GETATTR, handle("/export")),
                    Arguments.of(flavor, Wire.NFS, 4, 1, compound),
                    Arguments.of(flavor, Wire.NFS, 9, 0, words()),
                    Arguments.of(flavor, Wire.MOUNT, 3, 1, name("/export")),
                    Arguments.of(flavor, 100021, 4, 0, words()),
                    Arguments.of(flavor, 400000, 1, 0, words())));
  }

  @ParameterizedTest
  @MethodSource("unknown")
  void unknownFlavor_whateverIsCalled_isDeniedByRpc(
      int flavor, int program, int version, int procedure, Consumer<XdrWriter> arguments)
      throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules(NO_ACCESS_RULE));

    Judged judged =
        judge.judge(
            Wire.record(
                Wire.call(
                    JudgedCalls.XID, program, version, procedure, flavor, new byte[8], arguments)));

    assertEquals(Verdict.ANSWER, judged.verdict());
    // MSG_DENIED, AUTH_ERROR, AUTH_BADCRED; AUTH_TOOWEAK for a probe for TLS
    int status = flavor == 7 && procedure == 0 ? 5 : 1;
    boolean isProbeOfAnotherVersion = status == 5 && version == 9;
    byte[] denied =
        Wire.record(
            Wire.xdr(
                isProbeOfAnotherVersion // MSG_ACCEPTED, PROG_MISMATCH, with those that there are
                    ? words(JudgedCalls.XID, 1, 0, 0, 0, 2, 3, 4)
                    : words(JudgedCalls.XID, 1, 1, 1, status)));
    assertArrayEquals(denied, judged.answer());
    assertEquals(0, judge.origin.asked.get());
  }

  // ---- what clients ask while they mount, RFC 2623 section 2.3.2 -------------------------------

  private static Parameters kerberos(Access access, String client) {
    return new Parameters(
        ClientMatch.of(List.of(client)),
        access,
        new Squashing(Squash.NONE, 1234, 5678),
        EnumSet.of(Security.KRB5),
        EnumSet.allOf(NfsVersion.class),
        false,
        UnreadableCalls.REFUSE,
        TransportSecurity.ALL,
        CertificateMatch.EVERYBODY,
        Caching.ON);
  }

  private JudgeUnderTest met(Rules rules) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.meetOrigin();
    return judge;
  }

  /** Kerberos for all exports, and for that at /export/ro alone. */
  private static List<Rules> kerberosRules() {
    Set<Security> kerberos = EnumSet.of(Security.KRB5);
    Overrides overrides =
        new Overrides(null, null, null, null, null, kerberos, null, null, null, null, null, null);
    Rule rule = Rule.of(ExportPath.of("/export/ro"), overrides);
    return List.of(new Rules(kerberos(Access.RW, "*"), List.of()), JudgeUnderTest.rules(rule));
  }

  private static byte[] call(int flavor, int procedure, String handle, Consumer<XdrWriter> more) {
    byte[] body = flavor == AUTH_NONE ? new byte[0] : JudgedCalls.sysBody("client", 0, 0);
    return Wire.record(
        Wire.call(
            JudgedCalls.XID, Wire.NFS, 3, procedure, flavor, body, handle(handle).andThen(more)));
  }

  @ParameterizedTest
  @ValueSource(ints = {GETATTR, FSINFO})
  void mountTimeCall_onTheRoot_isForwardedUnderAnyFlavor(int procedure) throws Exception {
    for (Rules rules : kerberosRules()) {
      for (int flavor : new int[] {AUTH_NONE, AUTH_SYS}) {
        JudgeUnderTest judge = met(rules);
        Judged judged = judge.judge(call(flavor, procedure, "/export/ro", words()));
        assertEquals(Verdict.FORWARD, judged.verdict(), rules + " under " + flavor);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {GETATTR, FSINFO})
  void mountTimeCall_belowTheRoot_isRefused(int procedure) throws Exception {
    for (Rules rules : kerberosRules()) {
      Judged judged = met(rules).judge(call(AUTH_SYS, procedure, "/export/ro/directory", words()));
      assertRefused(judged);
    }
  }

  // 4 ACCESS, 6 READ, 16 READDIR, 18 FSSTAT, 20 PATHCONF: the Linux server asks for the flavor.
  @ParameterizedTest
  @ValueSource(ints = {4, 6, 16, 18, 20})
  void otherCall_onTheRoot_isRefused(int procedure) throws Exception {
    for (Rules rules : kerberosRules()) {
      Judged judged =
          met(rules).judge(call(AUTH_SYS, procedure, "/export/ro", words(1, 2, 3, 4, 5)));
      assertRefused(judged);
    }
  }

  @Test
  void mountTimeCall_fromNoClientOrWithoutAccess_isRefused() throws Exception {
    for (Parameters none : List.of(kerberos(Access.NONE, "*"), kerberos(Access.RW, "192.0.2.1"))) {
      JudgeUnderTest judge = met(new Rules(none, List.of()));
      assertRefused(judge.judge(call(AUTH_SYS, GETATTR, "/export/ro", words())));
    }
  }

  private static void assertRefused(Judged judged) {
    assertEquals(Verdict.ANSWER, judged.verdict());
    assertEquals(ACCES, judged.answerWord(7));
  }
}
