package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nfsproxy.server.cache.ReadCalls.read3;
import static org.nfsproxy.server.cache.ReadCalls.reply3;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.Neighbourhood.Coming;
import org.nfsproxy.server.cache.Neighbourhood.Fetch;
import org.nfsproxy.server.cache.Neighbourhood.Question;
import org.nfsproxy.server.cache.Neighbourhood.Word;
import org.nfsproxy.server.fakes.Wire;

// READs that are missed here, and of which other instances are asked. The file's version is old, so
// that what is read of it is kept at once.
class MissedRangesTest {
  private static final int FILE = 3;
  private static final FileKey KEY = new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);
  private static final int SIZE = 32_768;
  private static final int PART = 8192;
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int ACCES = 13;
  private static final byte[] DATA = new byte[SIZE];
  private static final FileVersion OLDER = new FileVersion(0, SIZE, 1, 0, FILE, 900, 1, 900, 1);
  private static final FileVersion VERSION = new FileVersion(0, SIZE, 1, 0, FILE, 1000, 1, 1000, 1);
  private static final FileVersion NEWER = new FileVersion(0, SIZE, 1, 0, FILE, 1100, 1, 1100, 1);

  static {
    new Random(1).nextBytes(DATA);
  }

  private final List<ByteBuf> records = new ArrayList<>();
  private final FakeNeighbours neighbours = new FakeNeighbours();
  private final FakeGrant grant = new FakeGrant();
  private long nowNanos = 50;
  private long timeOfDayMillis = 1000_000L + 2 * HOUR_MILLIS;
  private final ReadCache cache =
      TestCache.at(() -> nowNanos, () -> timeOfDayMillis).waits(WAIT_NANOS).make();
  private final CachedReads reads = ReadCalls.reads(cache);

  MissedRangesTest() {
    reads.askFirst(neighbours);
  }

  /** Answers when it is told to. */
  private static final class FakeNeighbours implements Neighbourhood {
    final List<Question> asked = new ArrayList<>();
    final List<Arrival> arrivals = new ArrayList<>();

    @Override
    public void ask(Question question, Arrival arrival) {
      asked.add(question);
      arrivals.add(arrival);
    }

    void say(Word word) {
      arrival().said(word);
    }

    Arrival arrival() {
      return arrivals.get(arrivals.size() - 1);
    }
  }

  private static final class FakeGrant implements Neighbourhood.Grant {
    final List<String> told = new ArrayList<>();

    @Override
    public void put(FileVersion version, long offset, ByteBuf bytes) {
      told.add("put " + version.changed() + " " + offset + "+" + bytes.readableBytes());
    }

    @Override
    public void end() {
      told.add("end");
    }
  }

  @AfterEach
  void nothingIsHeldForNobody() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
    records.forEach(ByteBuf::release);
  }

  private Future<Heard> ask(long from, int count) {
    return ReadCalls.ask(reads, read3(FILE, from, count));
  }

  private ReadCalls.Sent send(long from, int count, Heard heard) {
    ReadCalls.Sent sent = ReadCalls.send(reads, read3(FILE, from, count), heard, null);
    records.add(sent.record());
    return sent;
  }

  private static byte[] reply(FileVersion version, long from, int count) {
    byte[] data = Arrays.copyOfRange(DATA, (int) from, (int) Math.min(SIZE, from + count));
    return reply3(version, from + count >= SIZE, data);
  }

  private static ByteBuf oneByte(FileVersion version, long from) {
    byte[] reply = reply(version, from, 1);
    return Unpooled.directBuffer(reply.length).writeBytes(reply);
  }

  private static ByteBuf bytes(long from, int count) {
    return Unpooled.wrappedBuffer(DATA, (int) from, count);
  }

  private void tellVersion() {
    ReadCalls.open(send(0, 512, Heard.NOTHING).opener(), reply(VERSION, 0, 512));
  }

  @Test
  void whatANeighbourBrings_goesOutBehindTheOriginsWord() {
    Future<Heard> heard = Objects.requireNonNull(ask(PART, PART));
    assertEquals(List.of(new Question(KEY, null, false, PART, 2 * PART)), neighbours.asked);
    assertFalse(heard.isComplete());
    neighbours.say(new Coming(VERSION, 2 * PART));
    ReadCalls.Sent sent = send(PART, PART, heard.result());
    assertEquals(1, sent.count());
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(WAIT_NANOS, sent.opener().waits(one, () -> {}));
    neighbours.arrival().arrived(VERSION, PART, bytes(PART, 4096));
    neighbours.arrival().arrived(VERSION, PART + 4096, bytes(PART + 4096, PART - 4096));
    neighbours.arrival().ended();
    assertEquals(0, sent.opener().waits(one, () -> {}));
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(sent.opener(), one));
    assertNull(ask(PART, PART), "it is here now");
  }

  @Test
  void whatANeighbourBrings_isNotSent_ifTheOriginTellsAnotherVersion() {
    Future<Heard> heard = Objects.requireNonNull(ask(PART, PART));
    neighbours.say(new Coming(VERSION, 2 * PART));
    ReadCalls.Sent sent = send(PART, PART, heard.result());
    neighbours.arrival().arrived(VERSION, PART, bytes(PART, PART));
    neighbours.arrival().ended();
    assertArrayEquals(reply(NEWER, PART, 1), ReadCalls.open(sent.opener(), oneByte(NEWER, PART)));
    assertArrayEquals(
        reply(VERSION, PART, 1),
        ReadCalls.open(send(PART, PART, Heard.NOTHING).opener(), oneByte(VERSION, PART)),
        "nor later");
  }

  @Test
  void severalMissTheSame_oneAsks_oneFetches_theOthersWait() {
    tellVersion();
    Future<Heard> first = Objects.requireNonNull(ask(PART, PART));
    Future<Heard> second = Objects.requireNonNull(ask(PART, PART));
    assertEquals(List.of(new Question(KEY, VERSION, true, PART, 2 * PART)), neighbours.asked);
    neighbours.say(new Fetch(grant));
    assertTrue(first.isComplete() && second.isComplete());
    // The second may be judged again before the first.
    ReadCalls.Sent waiting = send(PART, PART, second.result());
    ReadCalls.Sent fetching = send(PART, PART, first.result());
    assertEquals(1, waiting.count());
    assertEquals(PART, fetching.count());
    ByteBuf one = oneByte(VERSION, PART);
    assertTrue(waiting.opener().waits(one, () -> {}) > 0);
    ReadCalls.open(fetching.opener(), reply(VERSION, PART, PART));
    assertEquals(0, waiting.opener().waits(one, () -> {}));
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(waiting.opener(), one));
    assertEquals(List.of("put 1000 8192+8192", "end"), grant.told);
  }

  @Test
  void fetchThatIsRefused_isGivenUp_andItsClientIsNotToFetchForOthersForAWhile() {
    tellVersion();
    refuse("a", 0);
    assertEquals(List.of("end"), grant.told);
    assertTrue(mayPut("b"), "whoever else asks");
    assertFalse(mayPut("a"), "nobody is to wait for him");
    nowNanos += TimeUnit.SECONDS.toNanos(11);
    assertTrue(mayPut("a"));
  }

  private int next = 1;

  /** Whether what a client would fetch now is for other instances too. */
  private boolean mayPut(String client) {
    assertNotNull(ask(client, 512L * next++, 512));
    return neighbours.asked.get(neighbours.asked.size() - 1).mayPut();
  }

  private void refuse(String client, int part) {
    long from = SIZE / 2 + 512L * part;
    Future<Heard> heard = Objects.requireNonNull(ask(client, from, 512));
    neighbours.say(new Fetch(grant));
    ReadCalls.Sent sent =
        ReadCalls.send(reads.of(client), read3(FILE, from, 512), heard.result(), null);
    records.add(sent.record());
    ReadCalls.open(
        sent.opener(), Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(ACCES).int32(0))));
  }

  private Future<Heard> ask(String client, long from, int count) {
    return ReadCalls.ask(reads.of(client), read3(FILE, from, count));
  }

  @Test
  void questionOfAClientThatWasRefused_doesNotStandForThoseOfOthers() {
    tellVersion();
    refuse("a", 0);
    assertNotNull(ask("a", PART, PART));
    assertNotNull(ask("b", PART, PART));
    assertNotNull(ask("c", PART, PART));
    assertEquals(
        List.of(
            new Question(KEY, VERSION, false, PART, 2 * PART),
            new Question(KEY, VERSION, true, PART, 2 * PART)),
        neighbours.asked.subList(1, neighbours.asked.size()));
  }

  @Test
  void versionThatNobodyKnewHere_isPutAllTheSame_ifItIsOld() {
    Future<Heard> heard = Objects.requireNonNull(ask(PART, PART));
    neighbours.say(new Fetch(grant));
    ReadCalls.Sent sent = send(PART, PART, heard.result());
    assertEquals(PART, sent.count());
    ReadCalls.open(sent.opener(), reply(VERSION, PART, PART));
    assertEquals(List.of("put 1000 8192+8192", "end"), grant.told);
  }

  @Test
  void dataThatAreNotProven_areNotPut() {
    timeOfDayMillis = 1000_000;
    tellVersion();
    Future<Heard> heard = Objects.requireNonNull(ask(PART, PART));
    assertEquals(List.of(new Question(KEY, VERSION, false, PART, 2 * PART)), neighbours.asked);
    neighbours.say(new Fetch(grant));
    ReadCalls.open(send(PART, PART, heard.result()).opener(), reply(VERSION, PART, PART));
    assertEquals(List.of("end"), grant.told);
  }

  // Whoever was to fetch has been refused; his instance knows who it was.
  @Test
  void neighbourThatBringsNothing_leavesTheByte_andIsAskedForWhatComesNext() {
    tellVersion();
    bringsNothingAfter(WAIT_NANOS / 10);
    assertNotNull(ask(2 * PART, PART));
  }

  private void bringsNothingAfter(long nanos) {
    Future<Heard> heard = Objects.requireNonNull(ask(PART, PART));
    neighbours.say(new Coming(VERSION, 2 * PART));
    ReadCalls.Sent sent = send(PART, PART, heard.result());
    ByteBuf one = oneByte(VERSION, PART);
    assertTrue(sent.opener().waits(one, () -> {}) > 0);
    nowNanos += nanos;
    neighbours.arrival().ended();
    assertEquals(0, sent.opener().waits(one, () -> {}));
    assertArrayEquals(reply(VERSION, PART, 1), ReadCalls.open(sent.opener(), one));
  }

  @Test
  void neighboursThatBringNothingAgainAndAgain_areNotAskedForTheFileForAWhile() {
    tellVersion();
    for (int i = 0; i < 16; i++) {
      bringsNothingAfter(0);
      bringsNothingAfter(TimeUnit.MILLISECONDS.toNanos(100));
      nowNanos += TimeUnit.MILLISECONDS.toNanos(150);
    }
    bringsNothingAfter(0);
    assertNull(ask(2 * PART, PART));
  }

  @Test
  void neighbourThatBringsNothingLate_isNotAskedForTheFileForAWhile_andClientsWaitForEachOther() {
    tellVersion();
    bringsNothingAfter(WAIT_NANOS / 2);
    assertNull(ask(2 * PART, PART));
    send(2 * PART, PART, Heard.NOTHING);
    assertEquals(1, send(2 * PART, PART, Heard.NOTHING).count());
    nowNanos += TimeUnit.SECONDS.toNanos(11);
    assertNotNull(ask(3 * PART, PART));
  }

  @Test
  void neighbourWithANewerVersion_isBelievedSoFar_andOneWithAnOlderIsNot() {
    tellVersion();
    Future<Heard> newer = Objects.requireNonNull(ask(PART, PART));
    neighbours.say(new Coming(NEWER, 2 * PART));
    assertEquals(1, send(PART, PART, newer.result()).count());
    Future<Heard> older = Objects.requireNonNull(ask(2 * PART, PART));
    neighbours.say(new Coming(OLDER, 3 * PART));
    neighbours.arrival().arrived(OLDER, 2 * PART, bytes(2 * PART, PART));
    neighbours.arrival().ended();
    assertEquals(PART, send(2 * PART, PART, older.result()).count());
    assertEquals(NEWER, Objects.requireNonNull(cache.find(KEY)).version);
  }

  @Test
  void endOfTheFile_isAskedForAsFarAsItGoes_andNothingBehindIt() {
    tellVersion();
    ask(SIZE - 100, PART);
    assertEquals(SIZE, neighbours.asked.get(0).to());
    assertNull(ask(SIZE, PART));
  }

  @Test
  void read_thatTheCacheHasNothingToDoWith_isNotAskedFor() {
    assertNull(ask(0, 511));
    assertNull(ReadCalls.ask(ReadCalls.reads(cache), read3(FILE, 0, PART)));
  }

  @Test
  void compound_isAskedForByItsOwnName() {
    byte[] call = ReadCalls.read4(FILE, PART, PART, 1, false, false);
    Future<Heard> heard = Objects.requireNonNull(ReadCalls.ask(reads, call));
    FileKey key = new FileKey(KEY.handle(), 4);
    assertEquals(List.of(new Question(key, null, false, PART, 2 * PART)), neighbours.asked);
    neighbours.say(new Coming(VERSION, 2 * PART));
    assertSame(Heard.NOTHING, heard.result());
    ReadCalls.Sent sent = ReadCalls.send(reads, call, heard.result(), null);
    records.add(sent.record());
    assertEquals(1, sent.count());
  }

  @Test
  void readThatIsNotOfWholeUnits_isAskedForInThem() {
    Objects.requireNonNull(ask(PART + 1, PART));
    assertEquals(List.of(new Question(KEY, null, false, PART, 2 * PART + 4096)), neighbours.asked);
  }

  // As a home.
  @Test
  void shelf_servesWhatIsHere_andKeepsWhatIsPut() {
    Shelf shelf = cache.shelf();
    assertNull(shelf.version(KEY));
    shelf.keep(KEY, VERSION, 4096, bytes(4096, 8192));
    assertEquals(VERSION, shelf.version(KEY));
    assertEquals(12_288, shelf.until(KEY, VERSION, 5000, SIZE));
    assertEquals(6000, shelf.until(KEY, VERSION, 5000, 6000));
    assertEquals(500, shelf.until(KEY, VERSION, 500, 6000));
    assertEquals(5000, shelf.until(KEY, NEWER, 5000, SIZE));
    List<ByteBuf> taken = Objects.requireNonNull(shelf.take(KEY, VERSION, 4500, 12_000));
    ByteBuf all = Unpooled.wrappedBuffer(taken.toArray(ByteBuf[]::new));
    assertEquals(bytes(4500, 7500), all);
    all.release();
    assertNull(shelf.take(KEY, VERSION, 4095, 4097));
    shelf.keep(KEY, OLDER, 0, bytes(0, 100));
    assertEquals(VERSION, shelf.version(KEY), "it is older");
    shelf.keep(KEY, NEWER, 0, bytes(0, 100));
    assertEquals(NEWER, shelf.version(KEY));
    assertEquals(1000, shelf.until(KEY, NEWER, 1000, SIZE), "nothing of the one before");
  }

  @Test
  void shelf_awaitsWhatAClientOfThisInstanceFetches() {
    Source.Wanted second = new Source.Wanted("another", KEY, VERSION, PART, 2 * PART);
    tellVersion();
    Shelf shelf = cache.shelf();
    List<String> told = new ArrayList<>();
    assertFalse(shelf.awaits(second, () -> told.add("ended")));
    ReadCalls.Sent fetching = send(PART, PART, Heard.NOTHING);
    assertTrue(shelf.awaits(second, () -> told.add("ended")));
    assertEquals(List.of(), told);
    ReadCalls.open(fetching.opener(), reply(VERSION, PART, PART));
    assertEquals(List.of("ended"), told);
    assertEquals(2 * PART, shelf.until(KEY, VERSION, PART, SIZE));
  }
}
