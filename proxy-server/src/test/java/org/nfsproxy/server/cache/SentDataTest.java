package org.nfsproxy.server.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;

// Data that are on their way to clients which do not take them.
class SentDataTest {
  private static final int BLOCK = 64 << 10;
  private static final int MEMORY = 64 * BLOCK;
  private static final int PAGE = 4096;
  private static final byte[] DATA = new byte[4 * BLOCK];

  static {
    new Random(5).nextBytes(DATA);
  }

  private final List<ByteBuf> untaken = new ArrayList<>();
  private final List<ByteBuf> held = new ArrayList<>();
  private final ReadCache cache =
      TestCache.at(() -> 50, () -> 0)
          .memory(MEMORY)
          .files(10_000)
          .blocks(BLOCK)
          .settles(0, 0)
          .make();

  @AfterEach
  void nothingIsHeldForNobody() {
    untaken.forEach(ByteBuf::release);
    cache.clear();
    assertEquals(0, cache.heldBytes());
  }

  private CachedFile file(int number) {
    FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(number)), 3);
    FileVersion version = new FileVersion(0, DATA.length, 1, 0, number, 1000, 1, 1000, 1);
    return cache.seen(key, version, cache.now());
  }

  private CachedFile keep(int number, int from, int length) {
    CachedFile file = file(number);
    ByteBuf bytes = Unpooled.wrappedBuffer(DATA);
    assertTrue(
        cache.keep(file, from, bytes, from, length, cache.now() + TimeUnit.HOURS.toNanos(1)));
    return file;
  }

  private int send(CachedFile file, int from, int length) {
    List<ByteBuf> taken = cache.take(file, from, from + length);
    assertNotNull(taken, "it is here");
    untaken.addAll(taken);
    return length;
  }

  // What is evicted while it is being sent stays: as much as that may be, something is kept beside.
  @Test
  void clientsThatTakeNothing_doNotEndTheKeeping() {
    for (int number = 0; number < 200; number++) {
      send(keep(number, 0, BLOCK), 0, BLOCK);
      assertEquals(0, cache.counts.full.sum(), "at file " + number + " there was no room");
      assertTrue(cache.heldBytes() <= MEMORY, cache.heldBytes() + " bytes");
    }
    assertTrue(cache.counts.evictedBytes.sum() > 100 * BLOCK, "they are still being sent");
    for (ByteBuf each : untaken) {
      assertEquals(Unpooled.wrappedBuffer(DATA, 0, BLOCK), each, "what is sent stays what it was");
    }
  }

  @Test
  void smallPart_ofWhatIsEvicted_holdsLittleMoreThanItIsLong() {
    int sent = 0;
    for (int number = 0; number < 30; number++) {
      sent += send(keep(number, 0, BLOCK), number * 1000, PAGE);
    }
    cache.clear();
    assertTrue(cache.heldBytes() <= 2L * sent, cache.heldBytes() + " for " + sent + " bytes");
  }

  // Each piece takes heap while it is here.
  @Test
  void filesOfAByte_areNotKeptWithoutEnd() {
    int files = MEMORY / 512;
    for (int number = 0; number < files + 1000; number++) {
      FileKey key = new FileKey(Filehandle.of(ReadCalls.handle(number)), 3);
      FileVersion version = new FileVersion(0, 1, 1, 0, number, 1000, 1, 1000, 1);
      CachedFile file = cache.seen(key, version, cache.now());
      long later = cache.now() + TimeUnit.HOURS.toNanos(1);
      assertTrue(cache.keep(file, 0, Unpooled.wrappedBuffer(DATA), 0, 1, later));
    }
    assertTrue(cache.heldBytes() <= files, cache.heldBytes() + " pieces");
  }

  @Test
  void data_areTheSame_copiedOrNot() {
    CachedFile file = keep(1, 0, 2 * BLOCK);
    keep(1, 2 * BLOCK + PAGE, PAGE);
    keep(1, 2 * BLOCK, PAGE);
    Random random = new Random(7);
    for (int i = 0; i < 300; i++) {
      untaken.clear();
      int from = random.nextInt(2 * BLOCK);
      int length = 1 + random.nextInt(2 * BLOCK + 2 * PAGE - from);
      send(file, from, length);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (ByteBuf each : untaken) {
        byte[] bytes = new byte[each.readableBytes()];
        each.getBytes(each.readerIndex(), bytes);
        all.writeBytes(bytes);
        if (i % 2 == 0) {
          each.release();
        }
      }
      assertArrayEquals(Arrays.copyOfRange(DATA, from, from + length), all.toByteArray());
      if (i % 2 != 0) {
        held.addAll(untaken);
      }
    }
    untaken.clear();
    untaken.addAll(held);
  }
}
