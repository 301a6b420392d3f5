package org.nfsproxy.server.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.nfsproxy.server.cache.ReadCalls.read3;
import static org.nfsproxy.server.cache.ReadCalls.read4;
import static org.nfsproxy.server.cache.ReadCalls.reply3;
import static org.nfsproxy.server.cache.ReadCalls.reply4;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.edit.Splice;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrWriter;

class CachedReadTest {
  private static final int FILE = 3;
  private static final int SIZE = 20_000;
  private static final int BLOCK = 4096;
  private static final int NO_SESSION = 0;
  private static final int ACCES = 13;

  /** In a reply: marker, header, status, the tag's length. */
  private static final int TAG_AT = 4 + 24 + 4 + 4;

  private static final int AGE_MILLIS = 3_600_000;
  private static final int WAIT_MILLIS = 500;
  private static final byte[] DATA = new byte[SIZE];

  static {
    new Random(1).nextBytes(DATA);
  }

  private static final FileVersion VERSION =
      new FileVersion(11, SIZE, 1, 2, FILE, 1000, 1, 1000, 1);

  private final List<ByteBuf> sentRecords = new ArrayList<>();
  private long nowMillis = 50;
  private long timeOfDayMillis = 1_000_000; // VERSION has just been made
  private final ReadCache cache = cache(1 << 20);

  private ReadCache cache(long memoryBytesMax) {
    return TestCache.at(
            () -> TimeUnit.MILLISECONDS.toNanos(nowMillis), () -> timeOfDayMillis + nowMillis)
        .memory(memoryBytesMax)
        .blocks(BLOCK)
        .settles(TimeUnit.SECONDS.toNanos(2), AGE_MILLIS)
        .waits(TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS))
        .make();
  }

  @AfterEach
  void nothingIsHeldForNobody() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
    sentRecords.forEach(ByteBuf::release);
  }

  private ReadCalls.Sent send(byte[] call) {
    ReadCalls.Sent sent = ReadCalls.send(cache, call, null);
    sentRecords.add(sent.record());
    return sent;
  }

  private static byte[] part(long from, int length) {
    int at = (int) Math.min(from, SIZE);
    return Arrays.copyOfRange(DATA, at, Math.min(at + length, SIZE));
  }

  private byte[] reply(int nfsVersion, FileVersion version, long from, int length) {
    byte[] data = part(from, length);
    boolean eof = from + length >= SIZE;
    return nfsVersion == 3
        ? reply3(version, eof, data)
        : reply4(nfsVersion - 4, false, version, eof, data);
  }

  /** A READ's call, of 3, or of 4 and a minor version. */
  private static byte[] read(int nfsVersion, long from, int length) {
    return nfsVersion == 3
        ? read3(FILE, from, length)
        : read4(FILE, from, length, nfsVersion - 4, false, false);
  }

  /** The reply as if there were no cache. */
  private static byte[] plain(int nfsVersion, long from, int length) {
    byte[] data = part(from, length);
    boolean eof = from + length >= SIZE;
    return nfsVersion == 3
        ? reply3(VERSION, eof, data)
        : reply4(nfsVersion - 4, false, null, eof, data);
  }

  private void fill(int nfsVersion, long from, int length) {
    ReadCalls.Sent first = send(read(nfsVersion, from, length));
    ReadCalls.open(first.opener(), reply(nfsVersion, VERSION, from, length));
    nowMillis += 2000;
    ReadCalls.Sent second = send(read(nfsVersion, from, length));
    assertEquals(length, second.count(), "not here yet");
    byte[] opened = ReadCalls.open(second.opener(), reply(nfsVersion, VERSION, from, length));
    assertArrayEquals(plain(nfsVersion, from, length), opened);
  }

  // 4 is 4.0, without a session.
  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5, 6})
  void read_whoseDataAreHere_asksForOneByte_andHasTheOriginsOwnReply(int nfsVersion) {
    fill(nfsVersion, 0, 16_384);
    ReadCalls.Sent sent = send(read(nfsVersion, 0, 16_384));
    assertEquals(1, sent.count());
    byte[] opened = ReadCalls.open(sent.opener(), reply(nfsVersion, VERSION, 0, 1));
    assertArrayEquals(plain(nfsVersion, 0, 16_384), opened);
    assertEquals(1, cache.counts.hits.sum());
    assertEquals(16_383, cache.counts.hitBytes.sum());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 512",
    "1, 4096",
    "4095, 513",
    "4096, 4096",
    "5000, 15000",
    "19488, 512",
    "15000, 9000",
    "0, 65536"
  })
  void read_ofAnyPart_hasThatPart(long from, int count) {
    fill(3, 0, SIZE);
    ReadCalls.Sent sent = send(read3(FILE, from, count));
    assertEquals(1, sent.count());
    byte[] opened = ReadCalls.open(sent.opener(), reply(3, VERSION, from, 1));
    assertArrayEquals(plain(3, from, count), opened);
  }

  // A file whose last byte is asked for: the origin's own eof is true, and padding differs.
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void read_acrossTheEnd_isAsLongAsTheFile(int nfsVersion) {
    fill(nfsVersion, 16_384, 4096);
    ReadCalls.Sent sent = send(read(nfsVersion, 18_003, 4096));
    byte[] opened = ReadCalls.open(sent.opener(), reply(nfsVersion, VERSION, 18_003, 1));
    assertArrayEquals(plain(nfsVersion, 18_003, 4096), opened);
  }

  @ParameterizedTest
  @CsvSource({"20000, 4096", "20001, 4096", "30000, 512"})
  void read_behindTheEnd_passes(long from, int count) {
    fill(3, 0, SIZE);
    ReadCalls.Sent sent = send(read3(FILE, from, count));
    assertEquals(count, sent.count());
    byte[] nothing = reply3(VERSION, true, new byte[0]);
    assertArrayEquals(nothing, ReadCalls.open(sent.opener(), nothing));
  }

  @Test
  void read_behindWhatIsHere_passes_andOnlyWhatIsMissingIsKept() {
    fill(3, 4096, 4096);
    assertEquals(8192, send(read3(FILE, 0, 8192)).count());
    fillMissing(0, 12_288);
    assertEquals(12_288, cache.counts.keptBytes.sum());
    assertEquals(1, send(read3(FILE, 0, 12_288)).count());
  }

  private void fillMissing(long from, int length) {
    ReadCalls.open(send(read3(FILE, from, length)).opener(), reply(3, VERSION, from, length));
  }

  static List<FileVersion> others() {
    FileVersion it = VERSION;
    return List.of(
        new FileVersion(12, SIZE, 1, 2, FILE, 1000, 1, 1000, 1),
        new FileVersion(11, SIZE + 1, 1, 2, FILE, 1000, 1, 1000, 1),
        new FileVersion(11, SIZE, 2, 2, FILE, 1000, 1, 1000, 1),
        new FileVersion(11, SIZE, 1, 3, FILE, 1000, 1, 1000, 1),
        new FileVersion(11, SIZE, 1, 2, FILE + 1, 1000, 1, 1000, 1),
        new FileVersion(11, SIZE, 1, 2, FILE, 1001, 1, 1000, 1),
        new FileVersion(11, SIZE, 1, 2, FILE, 1000, 2, 1000, 1),
        new FileVersion(11, SIZE, 1, 2, FILE, 1000, 1, 1001, 1),
        new FileVersion(11, SIZE, 1, 2, it.fileid(), 1000, 1, 1000, 2));
  }

  // A reply about another file, or of another version, whatever it differs in: the origin's byte.
  @ParameterizedTest
  @MethodSource("others")
  void reply_ofAnotherVersion_passesAsItIs(FileVersion other) {
    fill(5, 0, 8192);
    ReadCalls.Sent sent = send(read(5, 0, 8192));
    assertEquals(1, sent.count());
    byte[] opened = ReadCalls.open(sent.opener(), reply4(1, false, other, false, part(0, 1)));
    assertArrayEquals(reply4(1, false, null, false, part(0, 1)), opened);
    assertEquals(8192, send(read(5, 0, 8192)).count(), "what was here is of no use");
    assertEquals(0, cache.heldBytes());
  }

  @Test
  void refusal_passesAsItIs() {
    fill(3, 0, 8192);
    byte[] refused = Wire.reply(ReadCalls.XID, Wire.words(ACCES, 0));
    assertArrayEquals(refused, ReadCalls.open(send(read3(FILE, 0, 8192)).opener(), refused));
    fill(5, 0, 8192);
    byte[] badStateid =
        Wire.reply(
            ReadCalls.XID,
            Wire.words(10025, 0, 3, 53, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 22, 0, 25, 10025));
    assertArrayEquals(badStateid, ReadCalls.open(send(read(5, 0, 8192)).opener(), badStateid));
    byte[] noResults = Wire.record(Wire.words(ReadCalls.XID, 1, 0, 0, 0, 5));
    assertArrayEquals(noResults, ReadCalls.open(send(read(5, 0, 8192)).opener(), noResults));
    assertEquals(0, cache.counts.hits.sum());
  }

  // Room in a session's reply may end behind the data. What the client sent went well.
  @ParameterizedTest
  @ValueSource(ints = {10008, 10066})
  void versionThatIsNotTold_isNotTheClientsAffair(int status) {
    byte[] data = part(0, 4096);
    byte[] plain = reply4(1, false, null, false, data);
    byte[] message = Wire.concat(Arrays.copyOfRange(plain, 4, plain.length), Wire.words(9, status));
    byte[] reply = Wire.record(message);
    ByteBuf words = Unpooled.wrappedBuffer(reply);
    words.setInt(28, status); // of the COMPOUND
    words.setInt(36, 4); // results
    assertArrayEquals(plain, ReadCalls.open(send(read(5, 0, 4096)).opener(), reply));
    assertEquals(0, cache.heldBytes());
  }

  @Test
  void attributesThatAreNotTold_inNfs3_leaveTheByte() {
    fill(3, 0, 8192);
    byte[] one = Wire.reply(ReadCalls.XID, Wire.words(0, 0, 1, 0, 1, DATA[0] << 24));
    assertArrayEquals(one, ReadCalls.open(send(read3(FILE, 0, 8192)).opener(), one));
  }

  // A retry that the origin answers out of a slot, with all that was asked for the first time.
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void replayOfAllBytes_toACallForOne_passesAsItIs(int nfsVersion) {
    fill(nfsVersion, 0, 8192);
    byte[] all = replay(reply(nfsVersion, VERSION, 0, 8192));
    assertArrayEquals(
        plain(nfsVersion, 0, 8192), ReadCalls.open(send(read(nfsVersion, 0, 8192)).opener(), all));
    assertEquals(1, cache.counts.replayed.sum());
  }

  // And one with one byte, to a call that asks for all: a short read, of which nothing is kept.
  @Test
  void replayOfOneByte_toACallForAll_isAShortRead() {
    fill(5, 8192, 4096);
    long held = cache.heldBytes();
    byte[] one = replay(reply(5, VERSION, 0, 1));
    assertArrayEquals(plain(5, 0, 1), ReadCalls.open(send(read(5, 0, 8192)).opener(), one));
    assertEquals(held, cache.heldBytes());
    assertEquals(8192, send(read(5, 0, 8192)).count());
  }

  // A client chooses slot, sequence number and xid, and an origin need not find out that a call
  // with those of another one is none of its retries (RFC 8881 section 2.10.6.1.3.1).
  @ParameterizedTest
  @ValueSource(ints = {4, 5})
  void replayOfAnotherCall_withDataOfAnotherPlace_isNotKept(int nfsVersion) {
    fill(nfsVersion, 8192, 4096); // so that the version has settled
    long held = cache.heldBytes();
    byte[] elsewhere = replay(reply(nfsVersion, VERSION, 4096, 4096));
    ReadCalls.open(send(read(nfsVersion, 0, 4096)).opener(), elsewhere);
    assertEquals(held, cache.heldBytes());
    assertEquals(4096, send(read(nfsVersion, 0, 4096)).count(), "nothing of it is here");
  }

  // A version that was in force once, too.
  @Test
  void replayOfAnotherCall_tellsNoVersion_andDoesNotBecomeLonger() {
    fill(5, 0, 8192);
    byte[] one = replay(reply(5, VERSION, 0, 1));
    assertArrayEquals(plain(5, 0, 1), ReadCalls.open(send(read(5, 0, 8192)).opener(), one));
    assertEquals(0, cache.counts.hits.sum());
    FileVersion other = new FileVersion(9, SIZE, 1, 2, FILE, 5, 0, 5, 0);
    ReadCalls.open(send(read(5, 8192, 4096)).opener(), replay(reply(5, other, 8192, 4096)));
    assertEquals(1, send(read(5, 0, 8192)).count(), "the version that is known is the one before");
  }

  /** The same with the nonce of another call, or with another tag of the same length. */
  private static byte[] replay(byte[] reply) {
    byte[] changed = reply.clone();
    changed[TAG_AT]++;
    return changed;
  }

  @Test
  void tagOfTheClients_isGivenBack() {
    ReadCalls.Sent sent = send(withTag(read(5, 0, 4096), "tagged"));
    ByteBuf record = sent.record();
    CompoundWalk<Nfs4> walk = ReadCalls.walk(record);
    assertEquals("haaaaaaaaaaatagged", text(record, walk));
    assertEquals(4, walk.count());
    byte[] answer = reply(5, VERSION, 0, 4096);
    byte[] opened = ReadCalls.open(sent.opener(), withTagOfReply(answer, "haaaaaaaaaaatagged"));
    assertArrayEquals(withTagOfReply(plain(5, 0, 4096), "tagged"), opened);
  }

  @Test
  void tagThatIsLong_letsTheCallPassAsItIs() {
    assertEquals(3, send(withTag(read(5, 0, 4096), "t".repeat(65))).operations());
    assertEquals(4, send(withTag(read(5, 0, 4096), "t".repeat(64))).operations());
  }

  private static String text(ByteBuf record, CompoundWalk<Nfs4> walk) {
    return record.toString(walk.tagAt(), walk.tagLength(), US_ASCII);
  }

  private static byte[] withTag(byte[] call, String tag) {
    return withOpaque(call, ReadCalls.walk(Unpooled.wrappedBuffer(call)).tagAt(), 0, tag);
  }

  private static byte[] withTagOfReply(byte[] reply, String tag) {
    int before = Unpooled.wrappedBuffer(reply).getInt(TAG_AT - 4);
    return withOpaque(reply, TAG_AT, before, tag);
  }

  private static byte[] withOpaque(byte[] record, int at, int length, String now) {
    ByteBuf whole = Unpooled.copiedBuffer(record);
    ByteBuf changed = Splice.replace(whole, at, length, now.getBytes(US_ASCII));
    byte[] bytes = ByteBufUtil.getBytes(changed);
    changed.release();
    return bytes;
  }

  @Test
  void replyOfAnotherCall_isNoReply() {
    ReplyOpener opener = send(read(5, 0, 4096)).opener();
    byte[] more = reply4(1, true, VERSION, false, part(0, 100));
    assertThrows(XdrException.class, () -> ReadCalls.open(opener, more));
    byte[] cut = reply(5, VERSION, 0, 100);
    byte[] shorter = Wire.record(Arrays.copyOfRange(cut, 4, cut.length - 8));
    assertThrows(XdrException.class, () -> ReadCalls.open(opener, shorter));
    byte[] cut3 = reply(3, VERSION, 0, 100);
    byte[] shorter3 = Wire.record(Arrays.copyOfRange(cut3, 4, cut3.length - 8));
    ReplyOpener opener3 = send(read3(FILE, 0, 4096)).opener();
    assertThrows(XdrException.class, () -> ReadCalls.open(opener3, shorter3));
  }

  @Test
  void getattrOfTheClients_staysBehindTheData() {
    fill(5, 0, 8192);
    byte[] call = read4(FILE, 0, 8192, 1, false, true);
    ReadCalls.Sent sent = send(call);
    assertEquals(5, sent.operations());
    byte[] opened = ReadCalls.open(sent.opener(), reply4(1, true, VERSION, false, part(0, 1)));
    assertArrayEquals(reply4(1, true, null, false, part(0, 8192)), opened);
  }

  @Test
  void read_ofASession_hasTheSameOperations_withDataHereAndWithout() {
    byte[] before = ByteBufUtil.getBytes(send(read(5, 0, 8192)).record());
    fill(5, 0, 8192);
    byte[] behind = ByteBufUtil.getBytes(send(read(5, 0, 8192)).record());
    int changed = 0;
    assertEquals(before.length, behind.length);
    for (int i = 0; i < before.length; i++) {
      changed += before[i] == behind[i] ? 0 : 1;
    }
    assertEquals(2, changed, "0x2000 and 0x0001 differ in two bytes");
  }

  @Test
  void callsOfOtherShapes_passAsTheyAre() {
    fill(5, 0, 8192);
    assertPasses(read4(FILE, 0, 8192, 1, true, false)); // its reply is kept by the origin
    assertPasses(read4(FILE, 0, 511, 1, false, false));
    assertPasses(read4(FILE, 0, (1 << 20) + 1, 1, false, false));
    assertPasses(read4(FILE, 0, -1, 1, false, false)); // 4 GiB
    assertPasses(read4(FILE, -4096, 8192, 1, false, false)); // close to 2^64
    assertPasses(read4(FILE, Long.MAX_VALUE - 100, 8192, 1, false, false));
    assertPasses(read3(FILE, -1, 8192));
    assertPasses(read3(FILE, 0, 0));
    assertPasses(
        compound(
            3,
            out ->
                out.int32(24)
                    .int32(15)
                    .opaque(new byte[] {'a'})
                    .int32(25)
                    .fixed(new byte[16])
                    .int64(0)
                    .int32(8192)));
    assertPasses(
        compound(
            2,
            out ->
                out.int32(22)
                    .opaque(ReadCalls.handle(FILE))
                    .int32(68) // READ_PLUS
                    .fixed(new byte[16])
                    .int64(0)
                    .int32(8192)));
  }

  private static byte[] compound(int operations, Consumer<XdrWriter> writing) {
    return Wire.record(
        Wire.call(
            ReadCalls.XID,
            Wire.NFS,
            4,
            1,
            out -> {
              out.opaque(new byte[0]).int32(2).int32(operations);
              writing.accept(out);
            }));
  }

  private void assertPasses(byte[] call) {
    ReadCalls.Sent sent = send(call);
    assertNull(sent.opener());
    assertArrayEquals(call, ByteBufUtil.getBytes(sent.record()));
  }

  @Test
  void data_readBeforeTheVersionWasKnownForLong_areNotKept() {
    ReadCalls.Sent first = send(read3(FILE, 0, 8192));
    ReadCalls.open(first.opener(), reply(3, VERSION, 0, 8192));
    nowMillis += 1999;
    ReadCalls.Sent early = send(read3(FILE, 0, 8192));
    nowMillis += 5000; // its reply is late: what counts is when it was sent
    ReadCalls.open(early.opener(), reply(3, VERSION, 0, 8192));
    assertEquals(0, cache.heldBytes());
    assertEquals(2 * 8192, cache.counts.unsettled.sum());
  }

  @Test
  void moreThanWasAskedFor_orThanThereIs_isNotKept() {
    fill(3, 0, 4096);
    ReadCalls.Sent asked = send(read3(FILE, 4096, 4096));
    ReadCalls.open(asked.opener(), reply(3, VERSION, 4096, 8192));
    FileVersion small = new FileVersion(0, 100, 1, 0, FILE, 1000, 1, 1000, 1);
    ReadCalls.open(send(read3(FILE + 1, 0, 4096)).opener(), reply3(small, true, part(0, 4096)));
    nowMillis += 3000;
    ReadCalls.open(send(read3(FILE + 1, 0, 4096)).opener(), reply3(small, true, part(0, 4096)));
    assertEquals(4096, cache.heldBytes());
  }

  @Test
  void dataThatWereEvicted_whileTheByteWasAskedFor_leaveTheByte() {
    fill(3, 0, 8192);
    ReadCalls.Sent sent = send(read3(FILE, 0, 8192));
    assertEquals(1, sent.count());
    cache.clear();
    byte[] one = reply(3, VERSION, 0, 1);
    assertArrayEquals(one, ReadCalls.open(sent.opener(), one));
    assertEquals(1, cache.counts.lost.sum());
  }

  @Test
  void bytesThatChanged_areNotSent() {
    fill(3, 0, 4096);
    ByteBuf slice = cache.take(cache.find(key3()), 0, 4096).get(0);
    slice.setByte(100, slice.getByte(100) + 1); // a fault of the memory
    slice.release();
    byte[] one = reply(3, VERSION, 0, 1);
    assertArrayEquals(one, ReadCalls.open(send(read3(FILE, 0, 4096)).opener(), one));
    assertEquals(1, cache.counts.damaged.sum());
    assertEquals(0, cache.heldBytes());
  }

  private static FileKey key3() {
    return new FileKey(Filehandle.of(ReadCalls.handle(FILE)), 3);
  }

  // Who else wants the reply, by its status, gets it as the client would without a cache.
  @Test
  void opener_behind_seesTheReplyWithoutWhatTheClientDidNotAskFor() {
    List<byte[]> seen = new ArrayList<>();
    ReplyOpener next =
        record -> {
          seen.add(ByteBufUtil.getBytes(record));
          return record;
        };
    fill(5, 0, 8192);
    ReadCalls.Sent sent = ReadCalls.send(cache, read(5, 0, 8192), next);
    sentRecords.add(sent.record());
    assertEquals(8192, sent.count(), "what others want as a whole, the origin sends as a whole");
    ReadCalls.open(sent.opener(), reply(5, VERSION, 0, 8192));
    assertArrayEquals(plain(5, 0, 8192), seen.get(0));
  }

  @Test
  void noSession_hasNothingToKeep() {
    ReadCalls.Sent sent = send(read4(FILE, 0, 8192, NO_SESSION, false, false));
    assertEquals(3, sent.operations());
  }
}
