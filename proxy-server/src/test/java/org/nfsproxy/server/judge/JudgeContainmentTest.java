package org.nfsproxy.server.judge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.judge.JudgeUnderTest.EXPORT;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY;
import static org.nfsproxy.server.judge.JudgeUnderTest.READ_ONLY_RULE;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.backend.Identity;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.containment.ContainmentCounts.Of;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.JudgeUnderTest.Judged;
import org.nfsproxy.xdr.XdrWriter;

// What a changed call or reply must be is written as the one that a client or an origin could have
// sent: lengths and marker follow.
class JudgeContainmentTest {
  private static final int OK = 0;
  private static final int ACCESS = 13;
  private static final int ROFS = 30;
  private static final int NOTSUPP = 10004;
  private static final int MOVED = 10019;
  private static final int LAYOUTUNAVAILABLE = 10059;
  private static final int OFFLOAD_DENIED = 10091;

  private static final int REFER_AND_MIGR = 3;
  private static final int BIND_PRINC_STATEID = 0x100;
  private static final int NON_PNFS = 0x1_0000;
  private static final int MDS = 0x2_0000;
  private static final int DS = 0x4_0000;

  private static final int FS_LOCATIONS = 1 << 24;
  private static final int FS_LOCATIONS_INFO = 1 << 3;

  private static final byte[] OWNER = "Linux NFSv4.2 host".getBytes(UTF_8);
  private static final byte[] MARKED = "Linux NFSv4.2 host/via:test".getBytes(UTF_8);

  private static Vertx vertx;
  private final JudgeUnderTest judge = new JudgeUnderTest(vertx, JudgeUnderTest.rules());

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private long count(Of of) {
    return judge.containment.counts().of(of);
  }

  @SafeVarargs
  private static byte[] reply(int status, Consumer<XdrWriter>... results) {
    return Wire.reply(
        JudgedCalls.XID,
        Wire.xdr(
            out -> {
              out.int32(status).int32(0).int32(results.length);
              for (Consumer<XdrWriter> result : results) {
                result.accept(out);
              }
            }));
  }

  private static Consumer<XdrWriter> bare(int operation, int status) {
    return out -> out.int32(operation).int32(status);
  }

  private static Consumer<XdrWriter> exchanged(int flags, String major, String scope) {
    return out -> {
      out.int32(42).int32(OK).int64(0xc11e27).int32(1).int32(flags).int32(0);
      out.int64(7).string(major).string(scope).int32(0);
    };
  }

  private static Consumer<XdrWriter> attributes(Consumer<XdrWriter> values, int... bitmap) {
    return out -> {
      out.int32(9).int32(OK);
      fattr(values, bitmap).accept(out);
    };
  }

  private static Consumer<XdrWriter> fattr(Consumer<XdrWriter> values, int... bitmap) {
    return out -> {
      out.int32(bitmap.length);
      JudgedCalls.words(bitmap).accept(out);
      out.opaque(Wire.xdr(values));
    };
  }

  /** A list of locations, each its servers; all have the path /there/x. */
  private static Consumer<XdrWriter> locations(List<List<String>> locations) {
    return out -> {
      out.int32(1).string("here").int32(locations.size());
      for (List<String> servers : locations) {
        out.int32(servers.size());
        servers.forEach(out::string);
        out.int32(2).string("there").string("x");
      }
    };
  }

  private static Consumer<XdrWriter> info(List<List<String>> locations) {
    return out -> {
      out.int32(2).int32(60).int32(1).string("here").int32(locations.size());
      for (List<String> servers : locations) {
        out.int32(servers.size());
        for (String server : servers) {
          out.int32(-1).opaque(new byte[] {1, 2, 3}).string(server);
        }
        out.int32(2).string("there").string("x");
      }
    };
  }

  // ---- who is who -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void exchangeId_withAnIdentityOfItsOwn_isMarkedOnBothSides(int minor) throws Exception {
    judge.origin.identity = Identity.OWN;

    Judged judged = judge.judge(CompoundCall.minor(minor).exchangeId(OWNER, 0).record());

    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(CompoundCall.minor(minor).exchangeId(MARKED, 0).record(), judged.record());
    assertArrayEquals(
        reply(OK, exchanged(NON_PNFS, "nas/via:test", "scope/via:test")),
        judged.opened(reply(OK, exchanged(NON_PNFS, "nas", "scope"))));
    assertEquals(1, count(Of.OWNERS_MARKED));
  }

  @Test
  void setclientid_withAnIdentityOfItsOwn_isMarked_andTheSameAtEachRetry() throws Exception {
    judge.origin.identity = Identity.OWN;
    byte[] call = CompoundCall.minor(0).setclientid(OWNER).record();
    byte[] expected = CompoundCall.minor(0).setclientid(MARKED).record();
    assertArrayEquals(expected, judge.judge(call).record());
    assertArrayEquals(expected, judge.judge(call).record());
  }

  @Test
  void ownerWithoutRoom_isMarkedAllTheSame_soThatNothingIsHalfMarked() throws Exception {
    judge.origin.identity = Identity.OWN;
    String longName = "n".repeat(1024);
    Judged judged =
        judge.judge(CompoundCall.minor(1).exchangeId(longName.getBytes(UTF_8), 0).record());
    assertEquals(
        CompoundCall.minor(1).exchangeId(new byte[1024], 0).record().length,
        judged.record().length);
    byte[] opened = judged.opened(reply(OK, exchanged(NON_PNFS, longName, longName)));
    assertEquals(reply(OK, exchanged(NON_PNFS, longName, longName)).length, opened.length);
    assertEquals(2, new String(opened, UTF_8).split("/via:test", -1).length - 1);
  }

  @Test
  void introductions_withTheOriginsIdentity_areLeft() throws Exception {
    byte[] call = CompoundCall.minor(1).exchangeId(OWNER, BIND_PRINC_STATEID).record();
    Judged judged = judge.judge(call);
    assertTrue(judged.isSameRecord());
    byte[] answer = reply(OK, exchanged(NON_PNFS, "nas", "scope"));
    assertArrayEquals(answer, judged.opened(answer));
    assertTrue(judge.judge(CompoundCall.minor(0).setclientid(OWNER).record()).isSameRecord());
  }

  @Test
  void identityChangedBetweenCallAndReply_isThatOfTheCall() throws Exception {
    judge.origin.identity = Identity.OWN;
    Judged judged = judge.judge(CompoundCall.minor(1).exchangeId(OWNER, 0).record());
    judge.origin.identity = Identity.ORIGIN;
    assertArrayEquals(
        reply(OK, exchanged(NON_PNFS, "nas/via:test", "scope/via:test")),
        judged.opened(reply(OK, exchanged(NON_PNFS, "nas", "scope"))));
  }

  @Test
  void exchangeIdUnderGss_isNeverChanged() throws Exception {
    judge.origin.identity = Identity.OWN;
    byte[] credential =
        Wire.xdr(out -> out.int32(1).int32(0).int32(1).int32(2).opaque(new byte[4]));
    byte[] call =
        Wire.record(
            Wire.call(
                JudgedCalls.XID,
                Wire.NFS,
                4,
                1,
                6,
                credential,
                CompoundCall.minor(1).exchangeId(OWNER, MDS | REFER_AND_MIGR).arguments()));
    Judged judged = judge.judge(call);
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertTrue(judged.isSameRecord());
    assertNull(judged.opener());
  }

  @Test
  void exchangeIdThatFails_isLeft() throws Exception {
    judge.origin.identity = Identity.OWN;
    Judged judged = judge.judge(CompoundCall.minor(1).exchangeId(OWNER, 0).record());
    byte[] failed = reply(10017, bare(42, 10017));
    assertArrayEquals(failed, judged.opened(failed));
  }

  // ---- data servers ---------------------------------------------------------------------------

  @ParameterizedTest
  @MethodSource("offers")
  void offers_areTakenBack(int asked, int askedOfOrigin, int offered) throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(1).exchangeId(OWNER, asked).record());
    assertArrayEquals(
        CompoundCall.minor(1).exchangeId(OWNER, askedOfOrigin).record(), judged.record());
    assertArrayEquals(
        reply(OK, exchanged(NON_PNFS | BIND_PRINC_STATEID, "nas", "scope")),
        judged.opened(reply(OK, exchanged(offered | BIND_PRINC_STATEID, "nas", "scope"))));
    assertEquals(1, count(Of.OFFERS_TAKEN_BACK));
  }

  static Stream<Arguments> offers() {
    return Stream.of(
        Arguments.of(REFER_AND_MIGR | BIND_PRINC_STATEID, BIND_PRINC_STATEID, MDS),
        Arguments.of(MDS, NON_PNFS, MDS | DS),
        Arguments.of(DS, NON_PNFS, DS | NON_PNFS),
        Arguments.of(NON_PNFS, NON_PNFS, DS),
        Arguments.of(0, 0, NON_PNFS | REFER_AND_MIGR));
  }

  @ParameterizedTest
  @MethodSource("waysOut")
  void waysOut_areRefused_andTheSlotKeptInStep(
      CompoundCall call, CompoundCall cut, int op, int status) throws Exception {
    Judged judged = judge.judge(call.record());
    assertEquals(Verdict.FORWARD, judged.verdict());
    assertArrayEquals(cut.record(), judged.record());
    assertArrayEquals(
        reply(status, bare(22, OK), bare(op, status)), judged.opened(reply(OK, bare(22, OK))));
    assertEquals(1, count(Of.OPERATIONS_REFUSED));
  }

  static Stream<Arguments> waysOut() {
    CompoundCall put = CompoundCall.minor(2).putfh(EXPORT);
    return Stream.of(
        Arguments.of(CompoundCall.minor(2).putfh(EXPORT).layoutget(), put, 50, LAYOUTUNAVAILABLE),
        Arguments.of(CompoundCall.minor(2).putfh(EXPORT).getdeviceinfo(), put, 47, NOTSUPP),
        Arguments.of(CompoundCall.minor(2).putfh(EXPORT).copy("a"), put, 60, OFFLOAD_DENIED),
        Arguments.of(CompoundCall.minor(2).putfh(EXPORT).copyNotify("a"), put, 61, NOTSUPP));
  }

  @Test
  void copyWithinTheServer_isForwarded() throws Exception {
    byte[] call =
        CompoundCall.minor(2).sequence().putfh(EXPORT).savefh().putfh(EXPORT).copy().record();
    assertTrue(judge.judge(call).isSameRecord());
    assertEquals(0, count(Of.OPERATIONS_REFUSED));
  }

  @Test
  void layoutgetAlone_isAnsweredHere() throws Exception {
    Judged judged = judge.judge(CompoundCall.minor(1).layoutget().record());
    assertEquals(Verdict.ANSWER, judged.verdict());
    assertArrayEquals(reply(LAYOUTUNAVAILABLE, bare(50, LAYOUTUNAVAILABLE)), judged.answer());
  }

  // ---- other places ---------------------------------------------------------------------------

  private byte[] openedLocations(List<List<String>> told) throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(1).putfh(EXPORT).getattr(FS_LOCATIONS | 2).record());
    assertFalse(judged.opener().goesByStatus());
    Consumer<XdrWriter> type = out -> out.int32(2);
    return judged.opened(
        reply(OK, bare(22, OK), attributes(type.andThen(locations(told)), FS_LOCATIONS | 2)));
  }

  private static byte[] located(List<List<String>> expected) {
    Consumer<XdrWriter> type = out -> out.int32(2);
    return reply(OK, bare(22, OK), attributes(type.andThen(locations(expected)), FS_LOCATIONS | 2));
  }

  @Test
  void locationsElsewhere_areDropped_andAnEmptyListIsLeft() throws Exception {
    assertArrayEquals(
        located(List.of()),
        openedLocations(List.of(List.of("other", "10.9.9.9"), List.of("third"), List.of())));
    assertEquals(3, count(Of.LOCATIONS_DROPPED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"NAS.example.org", "nas.example.org.", "10.0.0.7", "10.0.0.7.8.1", "", "fd00::7"})
  void locationsInside_getTheProxysName(String inside) throws Exception {
    judge.origin.equivalents = List.of("nas.example.org", "10.0.0.7", "fd00:0::7");
    assertArrayEquals(
        located(List.of(List.of("127.0.0.1"))),
        openedLocations(List.of(List.of("other", inside, "10.9.9.9", inside), List.of("third"))));
    assertEquals(1, count(Of.LOCATIONS_RENAMED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"nas.example.org.evil", "10.0.0.70", "10.0.0.7.8", "xnas.example.org"})
  void locationsThatOnlyLookInside_areDropped(String outside) throws Exception {
    judge.origin.equivalents = List.of("nas.example.org", "10.0.0.7");
    assertArrayEquals(located(List.of()), openedLocations(List.of(List.of(outside))));
  }

  @Test
  void locationsInfo_isContainedToo() throws Exception {
    judge.origin.equivalents = List.of("nas");
    Judged judged =
        judge.judge(
            CompoundCall.minor(1)
                .putfh(EXPORT)
                .getattr(FS_LOCATIONS, 0, FS_LOCATIONS_INFO)
                .record());
    List<List<String>> told = List.of(List.of("other"), List.of("far", "nas"));
    List<List<String>> left = List.of(List.of("127.0.0.1"));
    assertArrayEquals(
        reply(
            OK,
            bare(22, OK),
            attributes(locations(left).andThen(info(left)), FS_LOCATIONS, 0, FS_LOCATIONS_INFO)),
        judged.opened(
            reply(
                OK,
                bare(22, OK),
                attributes(
                    locations(told).andThen(info(told)), FS_LOCATIONS, 0, FS_LOCATIONS_INFO))));
  }

  // As Linux 6.1 answers it: mode_umask's bit is there, its value is not.
  @Test
  void locationsAmongAttributesThatCannotBeRead_areNotTold() throws Exception {
    int modeUmask = 1 << 81 - 64;
    Judged judged =
        judge.judge(
            CompoundCall.minor(2).putfh(EXPORT).getattr(FS_LOCATIONS, 0, modeUmask).record());
    byte[] told =
        reply(
            OK,
            bare(22, OK),
            attributes(locations(List.of(List.of("other"))), FS_LOCATIONS, 0, modeUmask),
            bare(28, OK));
    assertArrayEquals(
        reply(OK, bare(22, OK), attributes(out -> {}), bare(28, OK)), judged.opened(told));
    assertEquals(1, count(Of.LOCATIONS_DROPPED));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void locationsInEntriesOfADirectory_areDropped(int minor) throws Exception {
    Judged judged =
        judge.judge(CompoundCall.minor(minor).putfh(EXPORT).readdir(FS_LOCATIONS).record());
    assertArrayEquals(
        reply(OK, bare(22, OK), listing(List.of())),
        judged.opened(reply(OK, bare(22, OK), listing(List.of(List.of("other"))))));
  }

  private static Consumer<XdrWriter> listing(List<List<String>> locations) {
    return out -> {
      out.int32(26).int32(OK).int64(0);
      for (String name : List.of("a", "referral")) {
        out.int32(1).int64(name.length()).string(name);
        fattr(locations(locations), FS_LOCATIONS).accept(out);
      }
      out.int32(0).int32(1);
    };
  }

  @Test
  void refusedCallThatAsksForLocations_isCompletedAndContained() throws Exception {
    JudgeUnderTest ruled = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));
    Judged judged =
        ruled.judge(CompoundCall.minor(1).putfh(READ_ONLY).getattr(FS_LOCATIONS).remove().record());
    assertArrayEquals(
        reply(ROFS, bare(22, OK), attributes(locations(List.of()), FS_LOCATIONS), bare(28, ROFS)),
        judged.opened(
            reply(
                OK, bare(22, OK), attributes(locations(List.of(List.of("other"))), FS_LOCATIONS))));
  }

  @Test
  void refusedCallWithAnIntroduction_isCutAndMarked() throws Exception {
    JudgeUnderTest ruled = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));
    ruled.origin.identity = Identity.OWN;
    Judged judged =
        ruled.judge(CompoundCall.minor(0).setclientid(OWNER).putfh(READ_ONLY).remove().record());
    assertArrayEquals(
        CompoundCall.minor(0).setclientid(MARKED).putfh(READ_ONLY).record(), judged.record());
  }

  // ---- moved ----------------------------------------------------------------------------------

  private Judged known() throws Exception {
    judge.meetOrigin();
    Judged judged = judge.judge(CompoundCall.minor(1).putfh(EXPORT).getattr().record());
    if (!judged.opener().goesByStatus()) { // it was learned from: the handle is known from now on
      judged.opened(reply(OK, bare(22, OK), attributes(identity(), 0x10a)));
      judged = judge.judge(CompoundCall.minor(1).putfh(EXPORT).getattr().record());
    }
    return judged;
  }

  private static Consumer<XdrWriter> identity() {
    return out -> out.int32(2).int64(1).int64(7).int64(0);
  }

  @Test
  void ordinaryReply_isLookedAtByItsStatusAlone() throws Exception {
    Judged judged = known();
    assertTrue(judged.isSameRecord());
    assertTrue(judged.opener().goesByStatus());
    assertFalse(judged.opener().opens(OK));
    assertFalse(judged.opener().opens(ACCESS));
    assertTrue(judged.opener().opens(MOVED));
  }

  @Test
  void moved_isAnsweredAsAccess_inBothPlaces_andCounted() throws Exception {
    byte[] moved = reply(MOVED, bare(22, OK), bare(9, MOVED));
    byte[] access = reply(ACCESS, bare(22, OK), bare(9, ACCESS));
    assertArrayEquals(access, known().opened(moved));
    assertArrayEquals(access, known().opened(moved));
    assertEquals(2, count(Of.MOVED));
  }

  @Test
  void moved_isNotReadInPassing_whateverElseTheReplyTeaches() throws Exception {
    JudgeUnderTest ruled = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));
    ruled.meetOrigin();
    CompoundCall call = CompoundCall.minor(1).putfh(EXPORT).lookup("name").getfh().getattr();
    Judged judged = ruled.judge(call.record());
    assertTrue(readsInPassing(judged, reply(OK, bare(22, OK))));
    assertTrue(readsInPassing(judged, reply(ACCESS, bare(22, OK), bare(9, ACCESS))));
    assertFalse(readsInPassing(judged, reply(MOVED, bare(22, OK), bare(9, MOVED))));
    Judged asking =
        ruled.judge(CompoundCall.minor(1).putfh(EXPORT).getattr(FS_LOCATIONS | 2).record());
    assertFalse(readsInPassing(asking, reply(OK, bare(22, OK))));
  }

  private static boolean readsInPassing(Judged judged, byte[] reply) {
    ByteBuf bytes = Unpooled.wrappedBuffer(reply);
    return judged.opener().readsInPassing(bytes, 0, reply.length);
  }

  @Test
  void moved_inACutCall_isAnsweredAsAccess() throws Exception {
    JudgeUnderTest ruled = new JudgeUnderTest(vertx, JudgeUnderTest.rules(READ_ONLY_RULE));
    Judged judged = ruled.judge(CompoundCall.minor(1).putfh(READ_ONLY).remove().record());
    assertArrayEquals(
        reply(ACCESS, bare(22, ACCESS)), judged.opened(reply(MOVED, bare(22, MOVED))));
  }

  @Test
  void moved_ofAnOperationNobodyKnows_isAnsweredAsAccess() throws Exception {
    byte[] moved = reply(MOVED, bare(22, OK), bare(99, MOVED));
    byte[] access = reply(ACCESS, bare(22, OK), bare(99, ACCESS));
    assertArrayEquals(access, known().opened(moved));
  }
}
