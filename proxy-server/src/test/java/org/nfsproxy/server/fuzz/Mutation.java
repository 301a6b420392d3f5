package org.nfsproxy.server.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Inputs that are nearly honest. */
// XDR is made of words: counts, lengths, discriminants, numbers of operations. What is wrong in one
// of
// them, everything else being right, gets further into a reader than bytes by chance.
final class Mutation {
  private static final int STEPS_MAX = 4;
  private static final int[] WORDS = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    8,
    64,
    65,
    128,
    129,
    255,
    256,
    400,
    401,
    1024,
    1025,
    4096,
    0x7fff_ffff,
    0x7fff_fffd,
    0x8000_0000,
    0x8000_0004,
    -1,
    -2,
    -4,
    10044
  };

  private Mutation() {}

  static byte[] of(Random random, List<byte[]> honest) {
    byte[] bytes = one(random, honest);
    for (int steps = 1 + random.nextInt(STEPS_MAX); steps > 0; steps--) {
      bytes = step(random, bytes, honest);
    }
    return bytes;
  }

  private static byte[] one(Random random, List<byte[]> honest) {
    return honest.get(random.nextInt(honest.size())).clone();
  }

  private static byte[] step(Random random, byte[] bytes, List<byte[]> honest) {
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    int word = at & ~3;
    return switch (random.nextInt(9)) {
      case 0 -> bit(random, bytes, at);
      case 1 -> word(bytes, word, WORDS[random.nextInt(WORDS.length)]);
      case 2 -> word(bytes, word, random.nextInt(80));
      case 3 -> word(bytes, word, bytes.length - word + random.nextInt(9) - 4);
      case 4 -> Arrays.copyOf(bytes, at);
      case 5 -> joined(bytes, word, bytes, Math.min(bytes.length, word + 4 * random.nextInt(8)));
      case 6 -> joined(bytes, word, bytes, Math.max(0, word - 4 * random.nextInt(8)));
      case 7 -> {
        byte[] other = one(random, honest);
        yield joined(bytes, word, other, other.length == 0 ? 0 : random.nextInt(other.length) & ~3);
      }
      default -> joined(bytes, bytes.length, random(random), 0);
    };
  }

  private static byte[] bit(Random random, byte[] bytes, int at) {
    if (bytes.length > 0) {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static byte[] word(byte[] bytes, int at, int value) {
    if (at + 4 <= bytes.length) {
      ByteBuffer.wrap(bytes).putInt(at, value);
    }
    return bytes;
  }

  private static byte[] random(Random random) {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** The beginning of one, and the rest of another. */
  private static byte[] joined(byte[] one, int to, byte[] other, int from) {
    byte[] bytes = Arrays.copyOf(one, to + other.length - from);
    System.arraycopy(other, from, bytes, to, other.length - from);
    return bytes;
  }
}
