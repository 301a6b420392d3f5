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
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.fakes.Wire;

// READs of data that another READ, or a source, is about to bring. The file's version is old, so
// that what is read of it is kept at once.
class ComingReadTest {
  private static final int FILE = 3;
  private static final int SIZE = 32_768;
  private static final int PART = 8192;
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int HOUR_MILLIS = 3_600_000;
  private static final int ACCES = 13;
  private static final byte[] DATA = new byte[SIZE];
  private static final FileVersion VERSION = new FileVersion(0, SIZE, 1, 0, FILE, 1000, 1, 1000, 1);
  private static final FileVersion OTHER = new FileVersion(0, SIZE, 1, 0, FILE, 9000, 1, 9000, 1);

  static {
    new Random(1).nextBytes(DATA);
  }

  private final List<ByteBuf> records = new ArrayList<>();
  private final FakeSource source = new FakeSource();
  private long nowNanos = 50;
  private long timeOfDayMillis = 1000_000L + 2 * HOUR_MILLIS;
  private int woken;
  private final ReadCache cache = cache(1 << 20);

  private ReadCache cache(long memoryBytesMax) {
    return TestCache.at(() -> nowNanos, () -> timeOfDayMillis)
        .memory(memoryBytesMax)
        .waits(WAIT_NANOS)
        .sources(source)
        .make();
  }

  /** Brings when it is told to, and notes what it is given. */
  private static final class FakeSource implements Source {
    FileVersion version;
    boolean hasIt;
    int asked;
    Arrival arrival;
    final List<String> said = new ArrayList<>();

    @Override
    public FileVersion version(FileKey key) {
      return version;
    }

    @Override
    public boolean bring(Wanted wanted, Arrival arrival) {
      this.arrival = arrival;
      asked++;
      return hasIt;
    }

    @Override
    public void offer(FileKey key, FileVersion version, long offset, ByteBuf bytes) {
      said.add("offered " + offset + "+" + bytes.readableBytes());
    }

    @Override
    public void forget(FileKey key) {
      said.add("forget");
    }

    @Override
    public void clear() {
      said.add("clear");
    }
  }

  @AfterEach
  void nothingIsHeldForNobody() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
    records.forEach(ByteBuf::release);
  }

  private ReadCalls.Sent send(long from, int count) {
    ReadCalls.Sent sent = ReadCalls.send(cache, read3(FILE, from, count), null);
    records.add(sent.record());
    return sent;
  }

  private static byte[] reply(FileVersion version, long from, int count) {
    byte[] data = Arrays.copyOfRange(DATA, (int) from, (int) Math.min(SIZE, from + count));
    return reply3(version, from + count >= SIZE, data);
  }

  private ByteBuf oneByte(FileVersion version, long from) {
    byte[] reply = reply(version, from, 1);
    ByteBuf record = Unpooled.directBuffer(reply.length).writeBytes(reply);
    return record;
  }

  private long waits(ReadCalls.Sent sent, ByteBuf reply) {
    return sent.opener().waits(reply, () -> woken++);
  }

  private void tellVersion() {
    ReadCalls.open(send(0, 512).opener(), reply(VERSION, 0, 512));
  }

  @Test
  void read_ofWhatAnotherFetches_asksForOneByte_andWaitsForItsData() {
    tellVersion();
    ReadCalls.Sent first = send(PART, PART);
    assertEquals(PART, first.count());
    ReadCalls.Sent second = send(PART, PART);
    assertEquals(1, second.count());
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(WAIT_NANOS, waits(second, one));
    assertEquals(0, woken);
    ReadCalls.open(first.opener(), reply(VERSION, PART, PART));
    assertEquals(1, woken);
    assertEquals(0, waits(second, one), "it is here");
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(second.opener(), one));
  }

  @Test
  void read_ofAPartOfWhatIsComing_andAPartThatIsHere_waits() {
    tellVersion();
    ReadCalls.open(send(0, PART).opener(), reply(VERSION, 0, PART));
    ReadCalls.Sent fetch = send(PART, 2 * PART);
    ReadCalls.Sent across = send(4096, PART);
    assertEquals(1, across.count());
    ReadCalls.Sent beyond = send(4096, 3 * PART);
    assertEquals(3 * PART, beyond.count(), "not all of it is coming");
    ByteBuf one = oneByte(VERSION, 4096);
    assertTrue(waits(across, one) > 0);
    ReadCalls.open(fetch.opener(), reply(VERSION, PART, 2 * PART));
    assertEquals(0, waits(across, one));
    assertArrayEquals(reply(VERSION, 4096, PART), ReadCalls.open(across.opener(), one));
  }

  // What is read often keeps what has just come from being admitted.
  @Test
  void data_thatAreNotAdmitted_areThereForWhoWaitsForThem() {
    ReadCache small = cache(64 * 1024);
    for (int round = 0; round < 20; round++) {
      for (int offset = 0; offset < 4 * PART; offset += 4096) {
        ReadCalls.Sent hot = ReadCalls.send(small, read3(FILE, offset, 4096), null);
        records.add(hot.record());
        ReadCalls.open(hot.opener(), reply(VERSION, offset, hot.count()));
      }
    }
    FileVersion cold = new FileVersion(0, SIZE, 1, 0, FILE + 1, 1000, 1, 1000, 1);
    ReadCalls.Sent telling = ReadCalls.send(small, read3(FILE + 1, 0, 4096), null);
    records.add(telling.record());
    ReadCalls.open(telling.opener(), reply(cold, 0, 4096));
    for (int offset = 4096; offset < SIZE; offset += 4096) {
      ReadCalls.Sent fetch = ReadCalls.send(small, read3(FILE + 1, offset, 4096), null);
      ReadCalls.Sent second = ReadCalls.send(small, read3(FILE + 1, offset, 4096), null);
      records.add(fetch.record());
      records.add(second.record());
      assertEquals(1, second.count());
      ReadCalls.open(fetch.opener(), reply(cold, offset, 4096));
      assertArrayEquals(
          reply(cold, offset, 4096), ReadCalls.open(second.opener(), reply(cold, offset, 1)));
    }
    small.clear();
    assertEquals(0, small.heldBytes());
  }

  // Else a client might be sent a byte at a time.
  @Test
  void readThatGoesOn_behindAByteThatWasAllThatCame_isSentAsItIs() {
    tellVersion();
    source.hasIt = true;
    ReadCalls.Sent sent = send(PART, PART);
    source.arrival.ended(); // and brought nothing
    ReadCalls.open(sent.opener(), reply(VERSION, PART, 1));
    assertEquals(PART - 1, send(PART + 1, PART - 1).count());
    assertEquals(1, send(PART + 1, PART - 1).count(), "once");
  }

  @Test
  void fetchThatIsRefused_leavesTheByte_andNobodyWaitsForTheFileForAWhile() {
    tellVersion();
    ReadCalls.Sent refused = send(PART, PART);
    ReadCalls.Sent second = send(PART, PART);
    ByteBuf one = oneByte(VERSION, PART);
    assertTrue(waits(second, one) > 0);
    ReadCalls.open(
        refused.opener(), Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(ACCES).int32(0))));
    assertEquals(1, woken);
    assertEquals(0, waits(second, one));
    assertArrayEquals(reply(VERSION, PART, 1), ReadCalls.open(second.opener(), one));
    send(2 * PART, PART);
    assertEquals(PART, send(2 * PART, PART).count(), "each fetches for himself");
    nowNanos += TimeUnit.SECONDS.toNanos(11);
    send(3 * PART, PART);
    assertEquals(1, send(3 * PART, PART).count());
  }

  @Test
  void fetchWithoutReply_isWaitedForNoLongerThanTheBound() {
    tellVersion();
    send(PART, PART);
    ReadCalls.Sent second = send(PART, PART);
    nowNanos += WAIT_NANOS / 4;
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(WAIT_NANOS - WAIT_NANOS / 4, waits(second, one), "from the call on");
    nowNanos += WAIT_NANOS;
    assertEquals(0, waits(second, one));
    assertArrayEquals(reply(VERSION, PART, 1), ReadCalls.open(second.opener(), one));
    assertEquals(PART, send(PART, PART).count(), "it is taken for lost");
    assertEquals(PART, send(PART, PART).count(), "and the next is not waited for");
  }

  @Test
  void fetchThatIsLate_isFoundByWhoeverComesNext_andTheFileIsDistrusted() {
    tellVersion();
    send(PART, PART);
    ReadCalls.Sent second = send(PART, PART);
    ByteBuf one = oneByte(VERSION, PART);
    nowNanos += WAIT_NANOS / 4;
    assertTrue(waits(second, one) > 0);
    nowNanos += WAIT_NANOS;
    assertEquals(PART, send(PART, PART).count());
    assertEquals(1, woken, "who waited is told");
    send(2 * PART, PART);
    assertEquals(PART, send(2 * PART, PART).count(), "each fetches for himself");
    one.release();
  }

  @Test
  void file_ofWhichAFetchCameToNothing_isStillBroughtByASource() {
    tellVersion();
    ReadCalls.Sent refused = send(PART, PART);
    ReadCalls.open(
        refused.opener(), Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(ACCES).int32(0))));
    source.hasIt = true;
    ReadCalls.Sent sent = send(PART, PART);
    assertEquals(1, sent.count());
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(WAIT_NANOS / 4, waits(sent, one), "a slow source is waited for less long");
    source.arrival.arrived(PART, Unpooled.wrappedBuffer(DATA, PART, PART));
    source.arrival.ended();
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(sent.opener(), one));
  }

  // Of two READs under way at once it is not known which the origin executed first.
  @Test
  void replyThatIsLate_doesNotTakeThePlaceOfAVersionThatWasToldMeanwhile() {
    FileVersion old = VERSION;
    timeOfDayMillis = 20_000_000L * 1000;
    ReadCalls.Sent late = send(0, PART);
    nowNanos += 1000;
    ReadCalls.open(send(PART, PART).opener(), reply(OTHER, PART, PART));
    long held = cache.heldBytes();
    assertTrue(held > 0);
    nowNanos += 1000;
    assertArrayEquals(
        reply(old, 0, PART), ReadCalls.open(late.opener(), reply(old, 0, PART)), "it is passed on");
    assertEquals(held, cache.heldBytes());
    ReadCalls.open(send(2 * PART, PART).opener(), reply(OTHER, 2 * PART, PART));
    assertEquals(held + PART, cache.heldBytes(), "ages still count");
  }

  @Test
  void readOfWhichTheVersionIsNotTold_goesOnAsItIs() {
    tellVersion();
    ReadCalls.open(send(PART, PART).opener(), reply(VERSION, PART, PART));
    ReadCalls.Sent sent = send(PART, PART);
    assertEquals(1, sent.count());
    byte[] data = Arrays.copyOfRange(DATA, PART, PART + 1);
    byte[] untold =
        Wire.reply(
            ReadCalls.XID, Wire.xdr(out -> out.int32(0).int32(0).int32(1).int32(0).opaque(data)));
    assertArrayEquals(untold, ReadCalls.open(sent.opener(), untold));
    assertEquals(PART - 1, send(PART + 1, PART - 1).count());
  }

  // Pieces are of whole units, however a client reads: each takes half a kilobyte of heap, and a
  // step whenever its range is read.
  @Test
  void readsFromEachByteOn_orOfAFewBytes_makeNoSmallPieces() {
    tellVersion();
    for (int offset = 4096; offset < PART; offset += 513) {
      ReadCalls.open(send(offset, 512).opener(), reply(VERSION, offset, 512));
    }
    for (int back = 1; back < 100; back++) {
      ReadCalls.open(send(SIZE - back, 4096).opener(), reply(VERSION, SIZE - back, 4096));
      ReadCalls.open(send(PART - back, 4096).opener(), reply(VERSION, PART - back, 4096));
    }
    assertEquals(0, cache.heldBytes());
    for (int back = 1; back < 100; back++) {
      int from = PART - back;
      ReadCalls.open(send(from, 8192).opener(), reply(VERSION, from, 8192));
    }
    assertEquals(4096, cache.heldBytes(), "the unit that they had in common");
  }

  @Test
  void lastUnit_isKeptUpToTheEnd() {
    FileVersion odd = new FileVersion(0, 4097, 1, 0, FILE, 1000, 1, 1000, 1);
    ReadCalls.open(send(0, PART).opener(), reply3(odd, true, Arrays.copyOf(DATA, 4097)));
    ReadCalls.open(send(4096, PART).opener(), reply3(odd, true, new byte[] {DATA[4096]}));
    assertEquals(4097, cache.heldBytes());
  }

  @Test
  void fetchThatIsNotOfWholeUnits_isWaitedForAsFarAsItIsKept() {
    tellVersion();
    send(PART + 1, 2 * PART);
    assertEquals(PART, send(PART, PART).count());
    assertEquals(1, send(PART + 4096, PART).count());
  }

  @Test
  void fetchOfMoreThanAnOriginSends_isAnnouncedAsFarAsItDoes() {
    FileVersion large = new FileVersion(0, 8 << 20, 1, 0, FILE, 1000, 1, 1000, 1);
    ReadCache wide = cache(16 << 20);
    FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);
    CachedFile file = wide.seen(key, large, wide.now());
    assertEquals(1 << 20, wide.announce("client", file, 0, 4 << 20).to);
  }

  @Test
  void memoryThatClientsHold_letsNothingBeAnnounced() {
    tellVersion();
    ReadCache small = cache(PART / 2);
    FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);
    CachedFile file = small.seen(key, VERSION, small.now());
    assertEquals(null, small.announce("client", file, 0, PART));
  }

  @Test
  void replyOfAnotherVersion_orAnError_waitsForNothing() {
    tellVersion();
    send(PART, PART);
    ReadCalls.Sent second = send(PART, PART);
    ByteBuf other = oneByte(OTHER, PART);
    assertEquals(0, waits(second, other));
    other.release();
    byte[] refused = Wire.reply(ReadCalls.XID, Wire.xdr(out -> out.int32(ACCES).int32(0)));
    ByteBuf record = Unpooled.wrappedBuffer(refused);
    assertEquals(0, waits(second, record));
  }

  @Test
  void fetch_ofAVersionThatIsNotSettled_isNotWaitedFor() {
    timeOfDayMillis = 1000_000;
    tellVersion();
    send(PART, PART);
    assertEquals(PART, send(PART, PART).count());
  }

  @Test
  void read_ofWhatASourceHas_asksForOneByte_andWaitsForIt() {
    tellVersion();
    source.hasIt = true;
    ReadCalls.Sent sent = send(PART, PART);
    assertEquals(1, sent.count());
    ByteBuf one = oneByte(VERSION, PART);
    assertTrue(waits(sent, one) > 0);
    source.said.clear();
    source.arrival.arrived(PART, Unpooled.wrappedBuffer(DATA, PART, PART));
    source.arrival.ended();
    assertEquals(1, woken);
    assertEquals(0, waits(sent, one));
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(sent.opener(), one));
    assertEquals(List.of(), source.said, "it is not offered its own");
  }

  // Memory may have room for less than is read between a call and its reply.
  @Test
  void data_thatWereEvictedBeforeTheReplyCame_areBroughtOnceMore() {
    tellVersion();
    ReadCalls.Sent sent = sendAndEvict();
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(WAIT_NANOS / 4, waits(sent, one));
    source.arrival.arrived(PART, Unpooled.wrappedBuffer(DATA, PART, PART));
    source.arrival.ended();
    assertEquals(1, woken);
    assertEquals(0, waits(sent, one));
    assertArrayEquals(reply(VERSION, PART, PART), ReadCalls.open(sent.opener(), one));
    assertEquals(1, source.asked);
  }

  @Test
  void data_thatAreEvictedAgain_areNotBroughtAgain() {
    tellVersion();
    ReadCalls.Sent sent = sendAndEvict();
    ByteBuf one = oneByte(VERSION, PART);
    assertTrue(waits(sent, one) > 0);
    source.arrival.ended(); // and nothing stayed
    assertEquals(0, waits(sent, one));
    assertArrayEquals(reply(VERSION, PART, 1), ReadCalls.open(sent.opener(), one));
    assertEquals(1, source.asked);
  }

  @Test
  void data_thatWereEvicted_andAreNotOfTheVersionThatIsTold_areAskedForNowhere() {
    tellVersion();
    ReadCalls.Sent sent = sendAndEvict();
    ByteBuf other = oneByte(OTHER, PART);
    assertEquals(0, waits(sent, other));
    assertEquals(0, source.asked);
    other.release();
  }

  /** A READ of one byte for data that are gone from here by now, and that the source has. */
  private ReadCalls.Sent sendAndEvict() {
    ReadCalls.open(send(PART, PART).opener(), reply(VERSION, PART, PART));
    ReadCalls.Sent sent = send(PART, PART);
    assertEquals(1, sent.count());
    FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);
    cache.find(key).extents().stream()
        .filter(extent -> extent.offset() >= PART)
        .forEach(Extent::isUseless);
    source.hasIt = true;
    source.asked = 0;
    return sent;
  }

  @Test
  void source_thatEndsAtOnce_isNotWaitedFor() {
    source.version = VERSION;
    source.hasIt = true;
    ReadCalls.Sent sent = send(PART, PART);
    assertEquals(1, sent.count(), "the version is known by the source alone");
    source.arrival.ended();
    source.hasIt = false;
    ByteBuf one = oneByte(VERSION, PART);
    assertEquals(0, waits(sent, one));
    assertArrayEquals(reply(VERSION, PART, 1), ReadCalls.open(sent.opener(), one));
  }

  @Test
  void sources_areOfferedWhatIsKept_andToldToForgetOtherVersions() {
    tellVersion();
    ReadCalls.open(send(0, PART).opener(), reply(VERSION, 0, PART));
    assertEquals(List.of("offered 0+4096", "offered 4096+4096"), source.said);
    source.said.clear();
    ReadCalls.open(send(3 * PART, PART).opener(), reply(OTHER, 3 * PART, PART));
    assertTrue(source.said.contains("forget"), source.said.toString());
    source.said.clear();
    cache.purge();
    assertEquals(List.of("clear"), source.said);
  }

  // A version that comes after one that was told now cannot be hours old.
  @Test
  void originWhoseClockIsBehind_isFoundOut_andAgesCountForNothing() {
    timeOfDayMillis = 20_000_000L * 1000;
    ReadCalls.open(send(0, PART).opener(), reply(VERSION, 0, PART));
    assertTrue(cache.heldBytes() > 0, "an old version is kept at once");
    ReadCalls.open(send(0, PART).opener(), reply(OTHER, 0, PART));
    long held = cache.heldBytes();
    ReadCalls.open(send(PART, PART).opener(), reply(OTHER, PART, PART));
    assertEquals(held, cache.heldBytes());
  }

  @Test
  void versionWithoutCtime_isNotOld() {
    FileVersion none = new FileVersion(5, SIZE, 1, 0, FILE, 0, 0, 0, 0);
    ReadCalls.open(send(0, PART).opener(), reply(none, 0, PART));
    assertEquals(0, cache.heldBytes());
    assertFalse(cache.find(new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3)) == null);
  }
}
