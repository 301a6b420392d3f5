package org.nfsproxy.server.cache.fleet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nfsproxy.rpc.HeapRecords;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.fuzz.Fuzzing;
import org.nfsproxy.xdr.XdrException;

/** Frames between neighbours are read as they are written, or not at all. */
@Timeout(600)
class NeighbourFrameTest {
  private static final int MARKER = 4;
  private static final FileKey FILE = Told.file(1);
  private static final FileVersion V1 = Told.version(1);

  private static final List<NeighbourFrame> FRAMES =
      List.of(
          new NeighbourFrame.Challenge(1, new byte[32]),
          new NeighbourFrame.Hello(NeighbourFrame.FORM, new byte[32], new byte[32], "a"),
          new NeighbourFrame.Welcome(new byte[32], "b"),
          new NeighbourFrame.Ask(7, Told.ask(FILE, V1, 4096, 8192)),
          new NeighbourFrame.Ask(8, Told.ask(FILE, 0, NeighbourFrame.RANGE_BYTES_MAX)),
          new NeighbourFrame.Comes(7, V1, 8192, true),
          new NeighbourFrame.Yours(7, false),
          new NeighbourFrame.Piece(7, V1, 4096, 99, Told.buffer(V1, 4096, 4103)),
          new NeighbourFrame.End(7),
          new NeighbourFrame.Put(FILE, V1, 4096, 99, Told.buffer(V1, 4096, 4101)),
          new NeighbourFrame.GivenUp(FILE, 4096, 8192),
          new NeighbourFrame.Purge(3),
          new NeighbourFrame.HasPurged(3, 1L << 33),
          new NeighbourFrame.Alive());

  private static byte[] bytes(NeighbourFrame frame) {
    return Told.record(frame);
  }

  private static byte[] body(NeighbourFrame frame) {
    byte[] bytes = bytes(frame);
    return Arrays.copyOfRange(bytes, MARKER, bytes.length);
  }

  private static Object read(ByteBuf input) {
    try {
      return Told.hex(bytes(NeighbourFrame.read(input)));
    } catch (XdrException none) {
      return "none";
    }
  }

  @Test
  void frame_isReadAsItWasWritten() {
    for (NeighbourFrame frame : FRAMES) {
      byte[] again = bytes(NeighbourFrame.read(Unpooled.wrappedBuffer(body(frame))));
      assertArrayEquals(bytes(frame), again, frame::toString);
    }
  }

  @Test
  void question_isTheseBytes() {
    assertEquals(
        "80000088" // the last fragment, 136 bytes
            + "00000004" // ASK
            + "00000007" // number
            + "00000003" // NFSv3
            + "00000020"
            + "00000001"
            + "00".repeat(28)
            + "00000001" // a version is known
            + "0000000000000000" // change
            + "0000000040000000" // size
            + "0000000000000001" // fsid
            + "0000000000000000"
            + "0000000000000007" // fileid
            + "00000000000003e9" // mtime
            + "00000005"
            + "00000000000003e9" // ctime
            + "00000009"
            + "00000001" // its data may be put
            + "0000000000001000"
            + "0000000000002000",
        Told.hex(bytes(FRAMES.get(3))));
  }

  @Test
  void piece_isTheseBytes() {
    assertEquals(
        "80000060"
            + "00000007" // PIECE
            + "00000007" // number
            + "0000000000000000"
            + "0000000040000000"
            + "0000000000000001"
            + "0000000000000000"
            + "0000000000000007"
            + "00000000000003e9"
            + "00000005"
            + "00000000000003e9"
            + "00000009"
            + "0000000000001000" // offset
            + "00000063" // sum
            + "00000007"
            + Told.hex(Told.bytes(V1, 4096, 4103))
            + "00", // padding
        Told.hex(bytes(FRAMES.get(7))));
  }

  @Test
  void frame_cutAnywhere_isNone() {
    for (NeighbourFrame frame : FRAMES) {
      byte[] whole = body(frame);
      for (int length = 0; length < whole.length; length++) {
        ByteBuf cut = Unpooled.wrappedBuffer(whole, 0, length);
        assertThrows(XdrException.class, () -> NeighbourFrame.read(cut), frame + " " + length);
      }
    }
  }

  @Test
  void frames_dripFed_areTheSame() {
    List<String> read = new ArrayList<>();
    HeapRecords records =
        new HeapRecords(
            NeighbourFrame.BYTES_MAX,
            record -> read.add(Told.hex(bytes(NeighbourFrame.read(record)))));
    List<String> written = new ArrayList<>();
    for (NeighbourFrame frame : FRAMES) {
      written.add(Told.hex(bytes(frame)));
      for (byte each : bytes(frame)) {
        records.accept(Unpooled.wrappedBuffer(new byte[] {each}));
      }
    }
    assertEquals(written, read);
  }

  @Test
  void longestPiece_fits_andALongerRecordIsNone() {
    int most = NeighbourFrame.DATA_BYTES_MAX;
    FileKey longest = new FileKey(org.nfsproxy.nfs.Filehandle.of(new byte[128]), 4);
    NeighbourFrame put = new NeighbourFrame.Put(longest, V1, 0, 0, Told.buffer(V1, 0, most));
    HeapRecords records = new HeapRecords(NeighbourFrame.BYTES_MAX, NeighbourFrame::read);
    records.accept(Unpooled.wrappedBuffer(bytes(put)));
    ByteBuf longer = Unpooled.buffer().writeInt(0x80000000 | NeighbourFrame.BYTES_MAX + 1);
    assertThrows(RecordException.class, () -> records.accept(longer));
    NeighbourFrame tooLong = new NeighbourFrame.Put(FILE, V1, 0, 0, Told.buffer(V1, 0, most + 1));
    assertEquals("none", read(Unpooled.wrappedBuffer(body(tooLong))));
  }

  @Test
  void rangeOrVersionOfNfs_thatIsNone_isNone() {
    assertEquals("none", ask(FILE, 100, 100));
    assertEquals("none", ask(FILE, 100, 99));
    assertEquals("none", ask(FILE, -1, 99));
    assertEquals("none", ask(FILE, 0, NeighbourFrame.RANGE_BYTES_MAX + 1L));
    assertEquals("none", ask(FILE, Long.MAX_VALUE - 10, Long.MAX_VALUE));
    assertEquals("none", ask(new FileKey(FILE.handle(), 2), 0, 1));
  }

  private static Object ask(FileKey key, long from, long to) {
    NeighbourFrame frame = new NeighbourFrame.Ask(1, Told.ask(key, V1, from, to));
    return read(Unpooled.wrappedBuffer(body(frame)));
  }

  @Test
  void bytesOfNobodyHonest_areAFrame_orNone() throws Exception {
    new Fuzzing(
            "neighbours",
            NeighbourFrameTest::read,
            FRAMES.stream().map(NeighbourFrameTest::body).toList())
        .run();
  }

  @Test
  void sum_isOfBytesAndOfWhichTheyAre() {
    ByteBuf data = Told.buffer(V1, 0, 100);
    int sum = PieceSum.of(FILE, V1, 0, data);
    assertEquals(sum, PieceSum.of(FILE, Told.version(1), 0, data.copy()));
    assertNotEquals(sum, PieceSum.of(Told.file(2), V1, 0, data));
    assertNotEquals(sum, PieceSum.of(new FileKey(FILE.handle(), 4), V1, 0, data));
    assertNotEquals(sum, PieceSum.of(FILE, Told.version(2), 0, data));
    assertNotEquals(sum, PieceSum.of(FILE, Told.version(1, 100), 0, data));
    assertNotEquals(sum, PieceSum.of(FILE, V1, 1, data));
    data.setByte(50, data.getByte(50) ^ 1);
    assertNotEquals(sum, PieceSum.of(FILE, V1, 0, data));
    ByteBuf parts = Unpooled.wrappedBuffer(Told.buffer(V1, 0, 40), Told.buffer(V1, 40, 100));
    assertEquals(sum, PieceSum.of(FILE, V1, 0, parts));
  }

  @Test
  void place_isReadAsItWasWritten_orNotAtAll() {
    NeighbourPlace place = new NeighbourPlace("10.1.2.3", 4047, "nfs.example.com");
    assertEquals(place, NeighbourPlace.read(place.write()));
    byte[] written = place.write();
    for (int length = 0; length < written.length; length++) {
      assertEquals(null, NeighbourPlace.read(Arrays.copyOf(written, length)));
    }
    written[3] = 2;
    assertEquals(null, NeighbourPlace.read(written));
    NeighbourPlace nowhere = new NeighbourPlace("10.1.2.3", 0, "");
    assertEquals(null, NeighbourPlace.read(nowhere.write()));
  }
}
