package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.CallCredential;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** A client that reads, and what the proxy reads ahead of it, at one fake origin. */
class ReadAheadTest {
  private static final int BLOCK = 4096;
  private static final String PATH = "/export/a";
  private static final CallCredential READER = CallCredential.sys("client", 1000, 100, 27);

  private final HandTurns turns = new HandTurns();
  private final TreeOrigin origin = new TreeOrigin();
  private final ReadCache cache =
      TestCache.at(turns::nanos, turns::millis).memory(4_000_000).blocks(BLOCK).make();
  private final CachedReads reads =
      new CachedReads(
          cache, new ReadsByExport(0), new ReadAhead(cache, origin, turns, 8 * BLOCK, 6 * BLOCK));
  private TreeOrigin.Node file;

  @BeforeEach
  void write() {
    byte[] bytes = new byte[40 * BLOCK + 100];
    new Random(3).nextBytes(bytes);
    file = origin.file(PATH, bytes, turns.nowMillis - 86_400_000);
  }

  @AfterEach
  void clear() {
    cache.clear();
    assertEquals(0, cache.heldBytes());
  }

  private byte[] call(long offset, int count, CallCredential as) {
    ByteBuf record = Unpooled.buffer();
    XdrWriter out = new XdrWriter(record).int32(0).int32(7).int32(0).int32(2);
    out.int32(Wire.NFS).int32(3).int32(Nfs3.READ.number());
    as.write(out);
    CallCredential.NONE.write(out);
    out.opaque(TreeOrigin.handle(PATH).bytes()).int64(offset).int32(count);
    int length = record.readableBytes() - RecordMarking.MARKER_BYTES;
    record.setInt(0, RecordMarking.lastFragment(length));
    return ByteBufUtil.getBytes(record);
  }

  /** A client's READ, answered by the origin; how many bytes it was asked for. */
  private int read(long offset, int count, CallCredential as) {
    byte[] call = call(offset, count, as);
    ByteBuf record = Unpooled.directBuffer(call.length).writeBytes(call);
    Call header = new Call();
    header.read(record, RecordMarking.MARKER_BYTES, record.writerIndex());
    ArgumentsWalk walk = new ArgumentsWalk();
    walk.walk(Nfs3.READ, record, header.argumentsAt(), record.writerIndex());
    CachedRead opener = (CachedRead) reads.procedure(walk, record, 0, Heard.NOTHING, null);
    CachedReads.leaves(opener, record);
    int asked = record.getInt(record.writerIndex() - 4);
    record.release();
    int end = (int) Math.min(offset + asked, file.data.length);
    byte[] data = Arrays.copyOfRange(file.data, (int) offset, end);
    byte[] reply = ReadCalls.reply3(version(), end == file.data.length, data);
    byte[] opened = ReadCalls.open(opener, reply);
    int all = (int) Math.min(offset + count, file.data.length);
    byte[] want =
        ReadCalls.reply3(
            version(), all == file.data.length, Arrays.copyOfRange(file.data, (int) offset, all));
    assertArrayEquals(want, opened);
    return asked;
  }

  private FileVersion version() {
    long changed = file.changedSeconds;
    return new FileVersion(0, file.data.length, file.fsid, 0, file.fileid, changed, 0, changed, 0);
  }

  private List<Integer> readOn(int from, int blocks, CallCredential as) {
    List<Integer> asked = new ArrayList<>();
    for (int i = from; i < from + blocks; i++) {
      asked.add(read((long) i * BLOCK, BLOCK, as));
      turns.take();
    }
    return asked;
  }

  @Test
  void readerOnePartBehindTheOther_findsTheNextOnesHere() {
    assertEquals(List.of(BLOCK, BLOCK, BLOCK), readOn(0, 3, READER));
    assertEquals(List.of(1, 1, 1, 1, 1, 1, 1), readOn(3, 7, READER));
    assertTrue(origin.readers.size() > 7);
    for (CallCredential each : origin.readers) {
      assertArrayEquals(bytes(READER), bytes(each));
    }
  }

  private static byte[] bytes(CallCredential credential) {
    ByteBuf out = Unpooled.buffer();
    credential.write(new XdrWriter(out));
    return ByteBufUtil.getBytes(out);
  }

  @Test
  void endOfTheFile_isReadAndNothingBehindIt() {
    readOn(0, 40, READER);
    assertEquals(1, read(40L * BLOCK, BLOCK, READER));
    turns.take();
    assertTrue(origin.reads.contains(PATH + " " + 40 * BLOCK + " 100"), origin.reads.toString());
    assertTrue(
        origin.reads.stream().allMatch(read -> Long.parseLong(read.split(" ")[1]) <= 40L * BLOCK));
  }

  @Test
  void whoReadsHereAndThere_isNotReadFor() {
    for (int block : List.of(0, 30, 7, 20, 39, 3, 35, 12)) {
      read((long) block * BLOCK, 512, READER);
      turns.take();
    }
    assertEquals(List.of(), origin.reads);
  }

  @Test
  void whoIsNotKnownByAuthSys_isNotReadFor() {
    readOn(0, 10, CallCredential.NONE);
    assertEquals(List.of(), origin.reads);
  }

  @Test
  void fileThatHasJustBeenWritten_isNotReadAhead() {
    file.write(file.data, turns.nowMillis);
    readOn(0, 10, READER);
    assertEquals(List.of(), origin.reads);
  }

  @Test
  void bytesInFlight_areBounded() {
    readOn(0, 5, READER);
    origin.isHolding = true;
    readOn(5, 4, READER);
    assertEquals(6 * BLOCK, origin.bytesInFlightMax);
    while (origin.answerOne()) {
      turns.take();
    }
    assertEquals(List.of(1, 1, 1), readOn(9, 3, READER));
  }

  private static String asked(int block) {
    return PATH + " " + block * BLOCK + " " + BLOCK;
  }

  @Test
  void whatIsUnderWay_isNotAskedForTwice_andItsReaderWaits() {
    readOn(0, 2, READER);
    origin.isHolding = true;
    readOn(2, 1, READER);
    assertEquals(List.of(asked(3), asked(4)), origin.reads);
    CachedFile known = cache.find(new FileKey(TreeOrigin.handle(PATH), 3));
    assertTrue(cache.hasOrBrings("somebody", known, 3L * BLOCK, 4L * BLOCK));
    while (origin.answerOne()) {
      turns.take();
    }
    assertEquals(1, read(3L * BLOCK, BLOCK, READER));
  }

  // NFS4ERR_LOCKED; the client's own READs go on as if nothing were read ahead.
  @Test
  void originThatRefuses_isLeftAloneForAMinute() {
    file.status = 10012;
    readOn(0, 11, READER);
    assertEquals(2, origin.reads.size());
    file.status = 0;
    turns.pass(61_000);
    readOn(11, 2, READER);
    assertTrue(origin.reads.size() > 2);
  }

  @Test
  void fileThatChanges_isNotReadOnByItsOldVersion() {
    readOn(0, 2, READER);
    file.beforeRead = () -> file.write(new byte[40 * BLOCK], turns.nowMillis);
    readOn(2, 8, READER);
    assertEquals(2, origin.reads.size());
  }
}
