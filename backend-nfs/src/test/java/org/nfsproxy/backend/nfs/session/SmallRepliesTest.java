package org.nfsproxy.backend.nfs.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

// A stream of whatever an origin may send, cut at every byte: what passes is the stream without the
// records that were taken, to the byte.
class SmallRepliesTest {
  private static final int SMALL = 64;
  private static final int LAST = 0x8000_0000;

  private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
  private final List<Integer> shown = new ArrayList<>();
  private final List<Integer> passing = new ArrayList<>();
  private int wanted = -1;

  private final SmallReplies replies =
      new SmallReplies(
          SMALL,
          new SmallReplies.Viewer() {
            @Override
            public boolean takes(ByteBuf bytes, int from, int to) {
              shown.add(bytes.getInt(from));
              assertEquals(bytes.getInt(from + 8), to - from);
              return bytes.getInt(from) == wanted;
            }

            @Override
            public void passes(int xid) {
              passing.add(xid);
            }
          },
          bytes -> {
            passed.writeBytes(ByteBufUtil.getBytes(bytes));
            bytes.release();
          });

  /** A message of this length, which it also says in its third word. */
  private static byte[] message(int xid, int type, int length) {
    return Arrays.copyOf(
        ByteBuffer.allocate(12).putInt(xid).putInt(type).putInt(length).array(), length);
  }

  private static byte[] record(byte[]... fragments) {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    for (int i = 0; i < fragments.length; i++) {
      int last = i == fragments.length - 1 ? LAST : 0;
      record.writeBytes(ByteBuffer.allocate(4).putInt(last | fragments[i].length).array());
      record.writeBytes(fragments[i]);
    }
    return record.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private void read(byte[] bytes) {
    replies.read(Unpooled.wrappedBuffer(bytes));
  }

  private static final byte[] SMALL_1 = record(message(1, 1, 12));
  private static final byte[] SMALL_2 = record(message(2, 1, SMALL));
  private static final byte[] LARGE_3 = record(message(3, 1, SMALL + 4));
  private static final byte[] CALL_4 = record(message(4, 0, 40));
  private static final byte[] PARTS_5 = record(message(5, 1, 20), new byte[8], new byte[0]);
  private static final byte[] STUMP = record(new byte[3]);
  private static final byte[] EMPTY = record(new byte[0]);

  private static byte[] all() {
    return concat(SMALL_1, LARGE_3, SMALL_2, CALL_4, PARTS_5, STUMP, EMPTY, SMALL_1);
  }

  @Test
  void stream_cutAnywhere_passesWithoutWhatWasTaken() {
    byte[] all = all();
    byte[] without = concat(SMALL_1, LARGE_3, CALL_4, PARTS_5, STUMP, EMPTY, SMALL_1);
    wanted = 2;
    for (int cut = 0; cut <= all.length; cut++) {
      passed.reset();
      shown.clear();
      passing.clear();
      read(Arrays.copyOf(all, cut));
      read(Arrays.copyOfRange(all, cut, all.length));
      assertArrayEquals(without, passed.toByteArray(), "cut at " + cut);
      assertEquals(List.of(1, 2, 1), shown, "cut at " + cut);
      assertEquals(List.of(1, 3, 5, 1), passing, "cut at " + cut);
      assertTrue(replies.holdsNothing());
    }
  }

  @Test
  void stream_inRandomPieces_passesWithoutWhatWasTaken() {
    Random random = new Random(7);
    wanted = 1;
    for (int round = 0; round < 500; round++) {
      passed.reset();
      byte[] all = all();
      for (int at = 0; at < all.length; ) {
        int to = Math.min(all.length, at + 1 + random.nextInt(30));
        read(Arrays.copyOfRange(all, at, to));
        at = to;
      }
      byte[] without = concat(LARGE_3, SMALL_2, CALL_4, PARTS_5, STUMP, EMPTY);
      assertArrayEquals(without, passed.toByteArray());
    }
  }

  @Test
  void largeReply_passesBeforeItIsWhole_andASmallOneWaits() {
    read(Arrays.copyOf(LARGE_3, 11));
    assertEquals(4, passed.size());
    read(Arrays.copyOfRange(LARGE_3, 11, 12));
    assertEquals(12, passed.size());
    read(Arrays.copyOfRange(LARGE_3, 12, LARGE_3.length));
    read(Arrays.copyOf(SMALL_2, SMALL_2.length - 1));
    assertEquals(LARGE_3.length, passed.size());
    assertEquals(false, replies.holdsNothing());
    read(new byte[] {0});
    assertArrayEquals(concat(LARGE_3, SMALL_2), passed.toByteArray());
  }
}
