package org.nfsproxy.server.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SipHashTest {
  /** The key of the published vectors: the bytes 0 to 15. */
  private static final SipHash.Secret KEY =
      new SipHash.Secret(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  private static ByteBuf counting(int length) {
    ByteBuf bytes = Unpooled.buffer();
    for (int i = 0; i < length; i++) {
      bytes.writeByte(i);
    }
    return bytes;
  }

  // The first two of the reference implementation's vectors_sip128.
  @ParameterizedTest
  @CsvSource({
    "0, a3817f04ba25a8e66df67214c7550293",
    "1, da87c1d86b99af44347659119b22fc45",
  })
  void hash_isTheReferencesOwn(int length, String expected) {
    SipHash hash = new SipHash(KEY).hash(counting(length), 0, length, 0);
    String found =
        "%016x%016x".formatted(Long.reverseBytes(hash.first()), Long.reverseBytes(hash.second()));
    assertEquals(expected, found);
  }

  @Test
  void hash_everyBitOfEveryLength_counts() {
    Set<Long> seen = new HashSet<>();
    SipHash hash = new SipHash(KEY);
    int hashed = 0;
    for (int length = 0; length <= 64; length++) {
      for (int bit = 0; bit < Math.max(1, length * 8); bit++) {
        ByteBuf bytes = Unpooled.buffer(length + 8).writeZero(length + 8);
        if (length > 0) {
          bytes.setByte(3 + bit / 8, 1 << bit % 8);
        }
        seen.add(hash.hash(bytes, 3, length, 0).first());
        hashed++;
      }
    }
    assertEquals(hashed, seen.size());
  }

  @Test
  void hash_bytesBesideTheHandle_doNotCount() {
    SipHash hash = new SipHash(KEY);
    ByteBuf one = Unpooled.wrappedBuffer(new byte[] {9, 1, 2, 3, 9});
    ByteBuf other = Unpooled.wrappedBuffer(new byte[] {7, 7, 1, 2, 3, 8, 8, 8, 8, 8, 8, 8, 8});
    long first = hash.hash(one, 1, 3, 0).first();
    assertEquals(first, hash.hash(other, 2, 3, 0).first());
  }

  @Test
  void hash_ofAnotherVersionOrSecret_isAnother() {
    ByteBuf bytes = counting(28);
    long first = new SipHash(KEY).hash(bytes, 0, 28, 3).first();
    assertNotEquals(first, new SipHash(KEY).hash(bytes, 0, 28, 4).first());
    SipHash.Secret random = SipHash.Secret.random();
    assertNotEquals(random, SipHash.Secret.random());
    assertNotEquals(first, new SipHash(random).hash(bytes, 0, 28, 3).first());
  }
}
