package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.ReadCalls.read3;
import static org.nfsproxy.server.cache.ReadCalls.reply3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.Wire;

// What clients whose fetches come to nothing cost the others. The file's version is old, so that
// what is read of it is kept at once.
class DistrustedTest {
  private static final int FILE = 3;
  private static final int PART = 4096;
  private static final int SIZE = 200 * PART;
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int ACCES = 13;
  private static final byte[] DATA = new byte[SIZE];
  private static final FileVersion VERSION = new FileVersion(0, SIZE, 1, 0, FILE, 1000, 1, 1000, 1);
  private static final FileKey KEY = new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);

  static {
    new Random(1).nextBytes(DATA);
  }

  private final List<ByteBuf> records = new ArrayList<>();
  private long nowNanos = 50;
  private final ReadCache cache =
      TestCache.at(() -> nowNanos, () -> 20_000_000L * 1000).waits(WAIT_NANOS).make();
  private final CachedReads reads = ReadCalls.reads(cache);
  private int next;

  @BeforeEach
  void tellVersion() {
    answer(send("first", 0, PART), 0, PART);
    next = 1;
  }

  @AfterEach
  void nothingIsHeldForNobody() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
    records.forEach(ByteBuf::release);
  }

  private ReadCalls.Sent send(String client, int part, int count) {
    ReadCalls.Sent sent =
        ReadCalls.send(
            reads.of(client), read3(FILE, (long) part * PART, count), Heard.NOTHING, null);
    records.add(sent.record());
    return sent;
  }

  private static byte[] reply(int part, int count) {
    byte[] data = Arrays.copyOfRange(DATA, part * PART, part * PART + count);
    return reply3(VERSION, part * PART + count >= SIZE, data);
  }

  private static void answer(ReadCalls.Sent sent, int part, int count) {
    ReadCalls.open(sent.opener(), reply(part, count));
  }

  private static void refuse(ReadCalls.Sent sent) {
    ReadCalls.open(
        sent.opener(), Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(ACCES).int32(0))));
  }

  private void pass(long millis) {
    nowNanos += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /** Whether one who reads what somebody is just fetching waits for that. */
  private boolean isWaitedFor(String fetches, String reads) {
    int part = next++;
    ReadCalls.Sent fetch = send(fetches, part, PART);
    assertEquals(PART, fetch.count());
    ReadCalls.Sent other = send(reads, part, PART);
    boolean waits = other.count() == 1;
    answer(fetch, part, PART);
    byte[] got = ReadCalls.open(other.opener(), reply(part, other.count()));
    assertArrayEquals(reply(part, PART), got);
    return waits;
  }

  private void refused(String client) {
    refuse(send(client, next++, PART));
  }

  private void late(String client) {
    int part = next++;
    send(client, part, PART);
    nowNanos += WAIT_NANOS;
    answer(send("finds it", part, PART), part, PART);
  }

  @Test
  void clientThatIsRefused_isNotWaitedForForAWhile_andNobodyElseIsConcerned() {
    refused("a");
    assertTrue(isWaitedFor("b", "c"));
    assertFalse(isWaitedFor("a", "c"), "who is refused has nobody wait for him");
    assertTrue(isWaitedFor("b", "a"), "and may wait for others");
    pass(9_000);
    assertFalse(isWaitedFor("a", "c"));
    pass(2_000);
    assertTrue(isWaitedFor("a", "c"));
  }

  @Test
  void clientThatIsRefusedAgainAndAgain_hasOthersLoseNoRoundTripTwice() {
    ReadCalls.Sent refused = send("a", next, PART);
    ReadCalls.Sent waits = send("b", next, PART);
    assertEquals(1, waits.count());
    refuse(refused);
    answer(waits, next++, 1);
    for (int i = 0; i < 50; i++) {
      int part = next;
      ReadCalls.Sent again = send("a", part, PART);
      assertTrue(isWaitedFor("b", "c"), "of the same part");
      refuse(again);
      pass(300);
    }
  }

  @Test
  void otherFetchesOfAClientThatIsRefused_areNotWaitedForAnyMore_norInTheWay() {
    ReadCalls.Sent refused = send("a", 1, PART);
    ReadCalls.Sent small = send("a", 3, PART);
    refuse(refused);
    ReadCalls.Sent fetch = send("b", 2, 3 * PART);
    assertEquals(3 * PART, fetch.count());
    assertEquals(1, send("c", 4, PART).count(), "it is behind the small one, of b's");
    answer(fetch, 2, 3 * PART);
    refuse(small);
  }

  @Test
  void fileOfWhichMoreClientsAreRefusedThanAreRemembered_isFetchedByEachForHimself() {
    for (int i = 0; i < 16; i++) {
      refused("refused " + i);
    }
    assertTrue(isWaitedFor("b", "c"));
    refused("one more");
    assertFalse(isWaitedFor("b", "c"));
    pass(11_000);
    assertTrue(isWaitedFor("b", "c"));
    refused("refused 0");
    assertTrue(isWaitedFor("b", "c"), "they are forgotten");
  }

  @Test
  void clientThatIsLate_isNotWaitedFor_andTwoOfThemAreTakenForAnOriginThatIsSlow() {
    late("a");
    assertFalse(isWaitedFor("a", "c"));
    assertTrue(isWaitedFor("b", "c"));
    late("d");
    assertFalse(isWaitedFor("b", "c"));
    pass(11_000);
    late("a");
    assertTrue(isWaitedFor("b", "c"), "it is only one");
    pass(11_000);
    late("d");
    assertTrue(isWaitedFor("b", "c"), "not at the same time");
  }

  @Test
  void clientThatIsLate_isFoundOut_thoughNobodyWaits() {
    send("a", 1, PART);
    pass(2_000);
    send("a", 2, PART);
    assertEquals(PART, send("c", 2, PART).count());
    assertTrue(isWaitedFor("b", "c"));
  }

  // Whose replies come late because he does not take them.
  @Test
  void clientWhoseByteIsLate_hasNobodyDistrusted() {
    assertTrue(isWaitedFor("b", "c"));
    ReadCalls.Sent late = send("a", 1, PART);
    assertEquals(1, late.count());
    cache.find(KEY).extents().forEach(Extent::isUseless);
    nowNanos += WAIT_NANOS;
    assertArrayEquals(reply(1, 1), ReadCalls.open(late.opener(), reply(1, 1)));
    assertTrue(isWaitedFor("b", "c"));
    assertTrue(isWaitedFor("a", "c"));
  }

  @Test
  void fetchThatIsNotAnnounced_countsAllTheSame() {
    refused("a");
    pass(8_000);
    refused("a");
    pass(8_000);
    assertFalse(isWaitedFor("a", "c"));
  }

  @Test
  void clientThatTakesNothing_endsItsFetch_andNobodyWaitsForItInAnyFile() {
    ReadCalls.Sent fetch = send("stuck", 50, PART);
    ReadCalls.Sent second = send("b", 50, PART);
    assertEquals(1, second.count());
    int[] woken = {0};
    ByteBuf one = one(50);
    assertTrue(second.opener().waits(one, () -> woken[0]++) > 0);
    fetch.opener().isNotComing(false);
    assertEquals(1, woken[0]);
    assertEquals(0, second.opener().waits(one, () -> {}));
    assertArrayEquals(reply(50, 1), ReadCalls.open(second.opener(), one));
    send("stuck", 60, PART);
    assertEquals(PART, send("b", 60, PART).count(), "nobody waits for what it fetches");
    CachedFile other = otherFile();
    assertEquals(null, cache.announce("stuck", other, 0, PART), "of no file");
    send("b", 70, PART);
    assertEquals(1, send("stuck", 70, PART).count(), "it waits for others itself");
    answer(fetch, 50, PART); // after all
    assertEquals(1, send("b", 50, PART).count(), "and it is kept");
    nowNanos += TimeUnit.SECONDS.toNanos(11);
    send("stuck", 80, PART);
    assertEquals(1, send("b", 80, PART).count());
  }

  @Test
  void connectionThatHasGone_endsItsFetch_atOnce() {
    ReadCalls.Sent fetch = send("gone", 50, PART);
    ReadCalls.Sent second = send("b", 50, PART);
    int[] woken = {0};
    ByteBuf one = one(50);
    assertTrue(second.opener().waits(one, () -> woken[0]++) > 0);
    fetch.opener().isNotComing(true);
    assertEquals(1, woken[0]);
    one.release();
    send("gone", 60, PART);
    assertEquals(PART, send("b", 60, PART).count(), "not for its fetches of this file");
    CachedFile other = otherFile();
    assertTrue(cache.announce("gone", other, 0, PART) != null, "but of others");
  }

  private CachedFile otherFile() {
    FileVersion version = new FileVersion(0, SIZE, 1, 0, FILE + 1, 1000, 1, 1000, 1);
    FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(FILE + 1)), 3);
    return cache.seen(key, version, cache.now());
  }

  private static ByteBuf one(int part) {
    byte[] reply = reply(part, 1);
    return Unpooled.directBuffer(reply.length).writeBytes(reply);
  }
}
