package org.nfsproxy.server.exports;

import io.netty.buffer.ByteBuf;
import java.security.SecureRandom;

/**
 * SipHash-2-4 with 128 bits of output: a hash that nobody can aim without the key. One hasher is
 * for one thread; it allocates nothing.
 */
// Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; the 128-bit form is that of
// their reference implementation. The number of the version is not part of their design: it is
// mixed into the key, so the same bytes under two versions hash as under two keys.
final class SipHash {
  /** What all hashers of one cache share. */
  record Secret(long k0, long k1) {
    /** One that nobody knows. */
    static Secret random() {
      SecureRandom random = new SecureRandom();
      return new Secret(random.nextLong(), random.nextLong());
    }
  }

  private final Secret secret;
  private long v0;
  private long v1;
  private long v2;
  private long v3;
  private long first;
  private long second;

  SipHash(Secret secret) {
    this.secret = secret;
  }

  /** Hashes bytes of a buffer; the answer is in {@link #first} and {@link #second}. */
  SipHash hash(ByteBuf buffer, int at, int length, int version) {
    long k0 = secret.k0 ^ version;
    long k1 = secret.k1;
    v0 = k0 ^ 0x736f6d6570736575L;
    v1 = k1 ^ 0x646f72616e646f6dL ^ 0xee;
    v2 = k0 ^ 0x6c7967656e657261L;
    v3 = k1 ^ 0x7465646279746573L;
    int words = at + (length & ~7);
    for (int i = at; i < words; i += Long.BYTES) {
      absorb(buffer.getLongLE(i));
    }
    long last = (long) length << 56;
    for (int i = 0; i < (length & 7); i++) {
      last |= (buffer.getByte(words + i) & 0xffL) << 8 * i;
    }
    absorb(last);
    v2 ^= 0xee;
    rounds(4);
    first = v0 ^ v1 ^ v2 ^ v3;
    v1 ^= 0xdd;
    rounds(4);
    second = v0 ^ v1 ^ v2 ^ v3;
    return this;
  }

  long first() {
    return first;
  }

  long second() {
    return second;
  }

  private void absorb(long word) {
    v3 ^= word;
    rounds(2);
    v0 ^= word;
  }

  private void rounds(int count) {
    long a = v0;
    long b = v1;
    long c = v2;
    long d = v3;
    for (int i = 0; i < count; i++) {
      a += b;
      c += d;
      b = Long.rotateLeft(b, 13) ^ a;
      d = Long.rotateLeft(d, 16) ^ c;
      a = Long.rotateLeft(a, 32);
      c += b;
      a += d;
      b = Long.rotateLeft(b, 17) ^ c;
      d = Long.rotateLeft(d, 21) ^ a;
      c = Long.rotateLeft(c, 32);
    }
    v0 = a;
    v1 = b;
    v2 = c;
    v3 = d;
  }
}
