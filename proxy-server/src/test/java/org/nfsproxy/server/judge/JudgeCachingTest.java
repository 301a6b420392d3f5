package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.NO_ACCESS;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;
import static org.nfsproxy.server.judge.JudgedCalls.handle;
import static org.nfsproxy.server.judge.JudgedCalls.words;

import io.netty.buffer.ByteBuf;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.NfsStatusException;
import org.nfsproxy.server.cache.Arrival;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.ReadCache;
import org.nfsproxy.server.cache.ReadsByExport;
import org.nfsproxy.server.cache.Source;
import org.nfsproxy.server.cache.TestCache;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.Fsid;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;

// Which READs go through the cache, by the rules of the export that they read in.
class JudgeCachingTest {
  private static final int READ = 6;
  private static final int GETATTR = 1;
  private static final int DELAY = 10008;
  private static final int MINOR_VERS_MISMATCH = 10021;

  /** OPEN4_SHARE_ACCESS_WRITE, and a delegation if there is one. */
  private static final int WRITES = 2;

  private static final String ASIDE = "/export/ro";

  private static Vertx vertx;
  private final ReadCache cache = cache().make();

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  @AfterEach
  void empty() {
    cache.clear();
  }

  private static Rule caches(String path, Caching caching) {
    return Rule.of(ExportPath.of(path), caching(caching));
  }

  private static Overrides caching(Caching caching) {
    return new Overrides(null, null, null, null, null, null, null, null, null, null, null, caching);
  }

  private static TestCache cache() {
    return TestCache.now().memory(1 << 24).files(16).minimum(4096).settles(0, 0).waits(0);
  }

  private JudgeUnderTest judge(Rule... rules) throws Exception {
    return judge(JudgeUnderTest.rules(rules));
  }

  private JudgeUnderTest judge(Rules rules) throws Exception {
    JudgeUnderTest judge = new JudgeUnderTest(vertx, rules);
    judge.readThrough(new CachedReads(cache, new ReadsByExport(16)));
    judge.meetOrigin();
    return judge;
  }

  /** In version 3 or 4; with names as the handles that they are. */
  private static byte[] read(int nfsVersion, String path, int count) {
    return nfsVersion == 3
        ? JudgedCalls.nfs3(READ, handle(path).andThen(words(0, 0, count)))
        : CompoundCall.minor(0).putfh(path).read(count).record();
  }

  private static byte[] read(int nfsVersion, String path) {
    return read(nfsVersion, path, 4096);
  }

  private static boolean isCached(Judged judged) {
    assertEquals(Verdict.FORWARD, judged.verdict());
    return String.valueOf(judged.opener()).startsWith("CachedRead[");
  }

  private static void assertPasses(byte[] call, Judged judged) {
    assertFalse(isCached(judged));
    assertArrayEquals(call, judged.record());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_whereRulesSetNothingOfIt_isCached_andNobodyIsAsked(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge();
    int before = judge.origin.asked.get();
    assertTrue(isCached(judge.judge(read(nfsVersion, EXPORT))));
    assertEquals(before, judge.origin.asked.get());
  }

  // The rules of NFSv3 alone: that NFSv4 asks where anything differs, other tests show.
  @Test
  void read_whereRulesDifferInAccess_isCached_andNobodyIsAsked() throws Exception {
    JudgeUnderTest judge = judge(READ_ONLY_RULE);
    int before = judge.origin.asked.get();
    assertTrue(isCached(judge.judge(read(3, READ_ONLY))));
    assertTrue(isCached(judge.judge(read(3, EXPORT))));
    assertEquals(before, judge.origin.asked.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_ofAnExportThatIsOff_passes_theOthersAreCached(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    byte[] aside = read(nfsVersion, READ_ONLY);
    assertPasses(aside, judge.judge(aside));
    assertTrue(isCached(judge.judge(read(nfsVersion, EXPORT))));
    int before = judge.origin.asked.get();
    assertPasses(aside, judge.judge(aside));
    assertTrue(isCached(judge.judge(read(nfsVersion, EXPORT))));
    assertEquals(before, judge.origin.asked.get(), "once for each handle");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_ofTheExportThatIsOn_isCached_theOthersPass(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(caches("/", Caching.OFF), caches(ASIDE, Caching.ON));
    byte[] other = read(nfsVersion, EXPORT);
    assertPasses(other, judge.judge(other));
    assertTrue(isCached(judge.judge(read(nfsVersion, READ_ONLY))));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_whereAllIsOff_passes(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(caches("/", Caching.OFF));
    int before = judge.origin.asked.get();
    byte[] call = read(nfsVersion, EXPORT);
    assertPasses(call, judge.judge(call));
    assertEquals(before, judge.origin.asked.get());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_ofAFileWhosePlaceNobodyTells_passes(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    byte[] call = read(nfsVersion, EXPORT);
    judge.origin.failure = new TimeoutException("gone");
    assertPasses(call, judge.judge(call));
    judge.origin.failure = new NfsStatusException(DELAY);
    assertPasses(call, judge.judge(call));
    byte[] stale = read(nfsVersion, "/export/gone");
    judge.origin.failure = null;
    assertPasses(stale, judge.judge(stale));
    assertTrue(isCached(judge.judge(call)));
  }

  private static final Rule OFF_BY_FSID =
      Rule.of(new Fsid(RuledOrigin.READ_ONLY_FSID, 0), caching(Caching.OFF));

  // Whoever warms has nothing that clients would not have.
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void ownReads_areKeptWhereAClientsAre(int nfsVersion) throws Exception {
    for (List<Rule> rules :
        List.of(
            List.<Rule>of(),
            List.of(caches("/", Caching.OFF)),
            List.of(caches(ASIDE, Caching.OFF)),
            List.of(OFF_BY_FSID),
            List.of(caches(EXPORT, Caching.OFF)),
            List.of(caches("/nowhere", Caching.OFF)),
            List.of(caches("/", Caching.OFF), caches("/export", Caching.ON)))) {
      for (String path : List.of("/", "/export", EXPORT, READ_ONLY, NO_ACCESS, "/export/gone")) {
        boolean isKept = judge(rules.toArray(Rule[]::new)).keepsOwn(path, nfsVersion);
        JudgeUnderTest judge = judge(rules.toArray(Rule[]::new));
        assertEquals(isCached(judge.judge(read(nfsVersion, path))), isKept, path + " " + rules);
        judge.origin.failure = new TimeoutException("gone");
        assertEquals(isKept, judge.keepsOwn(path, nfsVersion), "once it is known: " + path);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void ownReads_goByFsidByPathAndByTheRulesInForce(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(OFF_BY_FSID);
    assertFalse(judge.keepsOwn(READ_ONLY, nfsVersion));
    assertTrue(judge.keepsOwn(EXPORT, nfsVersion));
    judge.adopt(JudgeUnderTest.rules(caches("/export", Caching.OFF), caches(ASIDE, Caching.ON)));
    assertTrue(judge.keepsOwn(READ_ONLY, nfsVersion));
    assertFalse(judge.keepsOwn(EXPORT, nfsVersion));
    judge.origin.failure = new TimeoutException("gone");
    assertFalse(judge.keepsOwn("/export/never/met", nfsVersion));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_thatIsTooShortToBeKept_asksNobody(int nfsVersion) throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    int before = judge.origin.asked.get();
    byte[] call = read(nfsVersion, EXPORT, 4095);
    assertPasses(call, judge.judge(call));
    assertEquals(before, judge.origin.asked.get());
  }

  @Test
  void otherCalls_whereOnlyTheCacheDiffers_askNobody() throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    int before = judge.origin.asked.get();
    judge.judge(JudgedCalls.nfs3(GETATTR, handle(EXPORT)));
    judge.judge(CompoundCall.minor(0).putfh(EXPORT).lookup("ro").open(2).record());
    assertEquals(before, judge.origin.asked.get());
  }

  @Test
  void reads_afterAReload_goByTheNewRules() throws Exception {
    JudgeUnderTest judge = judge();
    byte[] aside = read(3, READ_ONLY);
    assertTrue(isCached(judge.judge(aside)));
    judge.adopt(JudgeUnderTest.rules(caches(ASIDE, Caching.OFF)));
    assertPasses(aside, judge.judge(aside));
    assertTrue(isCached(judge.judge(read(3, EXPORT))));
    judge.adopt(JudgeUnderTest.rules());
    assertTrue(isCached(judge.judge(aside)));
  }

  // An origin that is newer than the tables would execute what stands behind it, and the operation
  // itself may hand out a delegation.
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void operationWithoutARow_whereThereIsACache_isRefusedWithWhatStandsBehindIt(int minor)
      throws Exception {
    CompoundCall before = CompoundCall.minor(minor);
    if (minor > 0) {
      before.sequence();
    }
    byte[] put = before.putfh(EXPORT).record();
    byte[] call = before.unknown().open(WRITES).record();
    for (Rule[] rules : new Rule[][] {{}, {caches(ASIDE, Caching.OFF)}}) {
      Judged judged = judge(rules).judge(call);
      assertEquals(Verdict.FORWARD, judged.verdict());
      assertArrayEquals(put, judged.record());
    }
    assertArrayEquals(call, judge(caches("/", Caching.OFF)).judge(call).record(), "no cache");
  }

  @Test
  void minorVersionThatNobodyKnows_whereThereIsACache_isRefused() throws Exception {
    byte[] call = CompoundCall.minor(3).sequence().putfh(EXPORT).open(WRITES).record();
    Judged refused = judge().judge(call);
    assertEquals(Verdict.ANSWER, refused.verdict());
    assertEquals(MINOR_VERS_MISMATCH, refused.answerWord(7));
    assertEquals(Verdict.ANSWER, judge(caches(ASIDE, Caching.OFF)).judge(call).verdict());
    assertArrayEquals(call, judge(caches("/", Caching.OFF)).judge(call).record(), "no cache");
  }

  private static byte[] opening(int minor, int access) {
    return CompoundCall.minor(minor).sequence().putfh(EXPORT).open(access).getfh().record();
  }

  @ParameterizedTest
  @CsvSource({"1,2,402", "2,3,403", "2,300302,402", "2,1,1", "2,100101,100101", "2,100201,100101"})
  void openThatWrites_whereThereIsACache_wantsNoDelegation(int minor, String wants, String gets)
      throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    byte[] call = opening(minor, Integer.parseInt(wants, 16));
    byte[] expected = opening(minor, Integer.parseInt(gets, 16));
    Judged judged = judge.judge(call);
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(expected, judged.record());
    assertArrayEquals(expected, judge.judge(expected).record(), "a retry by way of two");
  }

  // Behind it something is refused, so the call is cut.
  @Test
  void openThatWrites_inACallThatIsCut_wantsNoDelegationEither() throws Exception {
    Judged judged = judge(READ_ONLY_RULE).judge(cutBehindOpen(2));
    assertEquals(Verdict.FORWARD, judged.verdict());
    JudgeUnderTest without = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));
    assertArrayEquals(without.judge(cutBehindOpen(0x402)).record(), judged.record());
  }

  private static byte[] cutBehindOpen(int access) {
    return CompoundCall.minor(1)
        .sequence()
        .putfh(EXPORT)
        .open(access)
        .putfh(READ_ONLY)
        .remove()
        .record();
  }

  @Test
  void open_whereNothingIsKept_orOfNfs40_passesAsItIs() throws Exception {
    byte[] call = opening(2, 0x300302);
    assertArrayEquals(call, judge(caches("/", Caching.OFF)).judge(call).record());
    JudgeUnderTest without = new JudgeUnderTest(vertx, JudgeUnderTest.rules());
    assertArrayEquals(call, without.judge(call).record());
    byte[] old = CompoundCall.minor(0).putfh(EXPORT).open(3).record();
    assertArrayEquals(old, judge().judge(old).record());
  }

  // A rule's path may be a plain directory: where that is, has to be looked at first.
  @Test
  void reads_beforeThePlacesOfRulesAreKnown_wait() throws Exception {
    JudgeUnderTest judge = judge(caches(ASIDE, Caching.OFF));
    Promise<Void> looked = Promise.promise();
    judge.waitFor(looked.future());
    vertx.setTimer(1, timer -> looked.complete());
    assertNotNull(judge.judge(read(3, EXPORT)));
    assertTrue(looked.future().isComplete());
  }

  /** Has all of any file, and notes who asks for it. */
  private static final class NotingSource implements Source {
    final List<Object> askers = new ArrayList<>();

    @Override
    public FileVersion version(FileKey key) {
      return new FileVersion(0, 1 << 20, 1, 0, 2, 1000, 1, 1000, 1);
    }

    @Override
    public boolean bring(Wanted wanted, Arrival arrival) {
      askers.add(wanted.asker());
      return false;
    }

    @Override
    public void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes) {}

    @Override
    public void forget(FileKey key) {}

    @Override
    public void clear() {}
  }

  // A disk shares its places out by who asks.
  @ParameterizedTest
  @ValueSource(ints = {3, 4})
  void read_asksADiskForItsClient(int nfsVersion) throws Exception {
    NotingSource disk = new NotingSource();
    JudgeUnderTest judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules());
    judge.readThrough(new CachedReads(cache().sources(disk).make(), new ReadsByExport(16)));
    judge.meetOrigin();
    judge.judge(read(nfsVersion, EXPORT));
    assertEquals(Set.of(InetAddress.getLoopbackAddress()), Set.copyOf(disk.askers));
  }
}
