package org.nfsproxy.server.exports;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Remembers for filehandles the number that was kept with each. Bounded: what was not asked for
 * lately makes room, and nothing but a question to the origin is lost by it. Safe for use by many
 * threads; finding takes no lock and allocates nothing.
 */
// A false match would judge a call by another export's rules, so a match must be as good as
// comparing the bytes. The key is a 128-bit SipHash of version and bytes under a secret of this
// process. Whoever does not know the secret cannot aim at an entry: each forged handle hits one of
// a million entries with a chance of 2^-108, and honest ones meet each other with one of 2^-89. The
// bytes themselves would take 64 to 128 bytes an entry instead of 16.
//
// The table is one of buckets of eight entries, each two words of hash and one of number; a hash
// chooses its bucket, so nothing is ever moved. A bucket has a stamp, odd while it is written:
//
//   stamps    [ s0 | s1 | ... ]
//   words     [ first second number  x 8 | first second number  x 8 | ... ]
//   used      [ 0/1                  x 8 | ... ]
//
// A reader that finds the stamp odd, or changed behind it, looks again, and after a few times says
// that it found nothing, which is always a right answer. Writers of a bucket exclude each other by
// making its stamp odd. A find marks its entry used; a full bucket gives the first entry that is
// not marked, going on from where it gave the last one and clearing marks (the "clock" of paging).
//
// Caffeine was the other choice: it needs a key object for each find, about 100 bytes an entry and
// its own hash of the bytes. With eight entries to a bucket a table of this kind keeps most of the
// handles that a perfect one of its size would, and its memory is known: 25 bytes and an eighth of
// a word for each handle, taken when the first one comes.
final class HandleCache {
  /** What {@link #find} says of a handle it does not know. No number may be this one. */
  static final long UNKNOWN = 0;

  /** Whatever number is kept may be replaced; none is this one either. */
  private static final long ANY = -1;

  private static final int ENTRIES = 8;
  private static final int WORDS = 3;
  private static final int LOOKS_MAX = 4;
  private static final int SPINS = 64;

  /** No stamp that anybody could write with: it is odd. */
  private static final int LOCKED = -1;

  /** The arrays are indexed by int, three words an entry. */
  static final int HANDLES_BOUND = 64 << 20;

  private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle BYTES = MethodHandles.arrayElementVarHandle(byte[].class);

  private record Table(int buckets, int[] stamps, long[] words, byte[] used) {
    Table(int buckets) {
      this(
          buckets,
          new int[buckets],
          new long[buckets * ENTRIES * WORDS],
          new byte[buckets * ENTRIES]);
    }
  }

  private final int buckets;
  private final SipHash.Secret secret;
  private final FastThreadLocal<SipHash> hashers =
      new FastThreadLocal<>() {
        @Override
        protected SipHash initialValue() {
          return new SipHash(secret);
        }
      };
  private volatile @Nullable Table table;

  HandleCache(int handlesMax) {
    this(handlesMax, SipHash.Secret.random());
  }

  HandleCache(int handlesMax, SipHash.Secret secret) {
    if (handlesMax < 1 || handlesMax > HANDLES_BOUND) {
      throw new IllegalArgumentException("a cache of " + handlesMax + " handles");
    }
    this.buckets = Math.max(1, handlesMax / ENTRIES);
    this.secret = secret;
  }

  /** The number kept with a handle, or {@link #UNKNOWN}. */
  long find(ByteBuf buffer, int at, int length, int version) {
    Table current = table;
    if (current == null) {
      return UNKNOWN;
    }
    SipHash hash = hashers.get().hash(buffer, at, length, version);
    return find(current, hash.first(), hash.second());
  }

  private static long find(Table table, long first, long second) {
    int bucket = bucket(table, first);
    for (int look = 0; look < LOOKS_MAX; look++) {
      int stamp = (int) INTS.getAcquire(table.stamps, bucket);
      if ((stamp & 1) == 0) {
        int entry = entry(table, bucket, first, second);
        long number = entry < 0 ? UNKNOWN : (long) LONGS.getOpaque(table.words, entry * WORDS + 2);
        VarHandle.acquireFence();
        if ((int) INTS.getOpaque(table.stamps, bucket) == stamp) {
          if (entry >= 0 && (byte) BYTES.getOpaque(table.used, entry) == 0) {
            BYTES.setOpaque(table.used, entry, (byte) 1);
          }
          return number;
        }
      }
      Thread.onSpinWait();
    }
    return UNKNOWN;
  }

  // The upper bits of the hash times the number of buckets: no division, and any number will do.
  private static int bucket(Table table, long first) {
    return (int) ((first >>> 32) * table.buckets >>> 32);
  }

  private static int entry(Table table, int bucket, long first, long second) {
    int from = bucket * ENTRIES;
    for (int entry = from; entry < from + ENTRIES; entry++) {
      int word = entry * WORDS;
      if ((long) LONGS.getOpaque(table.words, word) == first
          && (long) LONGS.getOpaque(table.words, word + 1) == second
          && (long) LONGS.getOpaque(table.words, word + 2) != UNKNOWN) {
        return entry;
      }
    }
    return -1;
  }

  /** Keeps a number with a handle, instead of the one that was kept before. */
  void put(ByteBuf buffer, int at, int length, int version, long number) {
    makeTable();
    while (write(buffer, at, length, version, number, ANY) == Written.NOT_NOW) {
      Thread.yield(); // whoever writes has lost its processor
    }
  }

  /**
   * Keeps a number with a handle, unless one is kept already.
   *
   * @param instead the one number that may be replaced; {@link #UNKNOWN} for none
   * @return false if another one is kept, which stays
   */
  boolean putFirst(ByteBuf buffer, int at, int length, int version, long number, long instead) {
    makeTable();
    Written written = write(buffer, at, length, version, number, instead);
    while (written == Written.NOT_NOW) {
      Thread.yield();
      written = write(buffer, at, length, version, number, instead);
    }
    return written == Written.DONE;
  }

  /**
   * Does as {@link #putFirst} if that is done at once: not while others write into that bucket for
   * long, and not before the first number was put, which takes the memory. Says whether it did.
   */
  boolean offerFirst(ByteBuf buffer, int at, int length, int version, long number) {
    return write(buffer, at, length, version, number, UNKNOWN) == Written.DONE;
  }

  private enum Written {
    DONE,
    ANOTHER_STAYS,
    NOT_NOW
  }

  private Written write(
      ByteBuf buffer, int at, int length, int version, long number, long instead) {
    if (number == UNKNOWN) {
      throw new IllegalArgumentException("the number that means unknown");
    }
    Table current = table;
    if (current == null) {
      return Written.NOT_NOW;
    }
    SipHash hash = hashers.get().hash(buffer, at, length, version);
    int bucket = bucket(current, hash.first());
    int stamp = lock(current, bucket);
    if (stamp == LOCKED) {
      return Written.NOT_NOW;
    }
    VarHandle.releaseFence();
    int entry = entry(current, bucket, hash.first(), hash.second());
    if (entry >= 0 && instead != ANY) {
      long kept = (long) LONGS.getOpaque(current.words, entry * WORDS + 2);
      if (kept != number && kept != instead) {
        INTS.setRelease(current.stamps, bucket, stamp + 2);
        return Written.ANOTHER_STAYS;
      }
    }
    if (entry < 0) {
      entry = room(current, bucket, stamp);
    }
    int word = entry * WORDS;
    LONGS.setOpaque(current.words, word, hash.first());
    LONGS.setOpaque(current.words, word + 1, hash.second());
    LONGS.setOpaque(current.words, word + 2, number);
    BYTES.setOpaque(current.used, entry, (byte) 0);
    INTS.setRelease(current.stamps, bucket, stamp + 2);
    return Written.DONE;
  }

  /**
   * Makes the stamp odd and gives the even one that was there, or {@link #LOCKED}. Writing takes
   * nanoseconds.
   */
  private static int lock(Table table, int bucket) {
    for (int spin = 0; spin < SPINS; spin++) {
      int stamp = (int) INTS.getOpaque(table.stamps, bucket);
      if ((stamp & 1) == 0 && INTS.compareAndSet(table.stamps, bucket, stamp, stamp + 1)) {
        return stamp;
      }
      Thread.onSpinWait();
    }
    return LOCKED;
  }

  // The stamp grows by two with each write, so it serves as the hand of the clock too.
  private static int room(Table table, int bucket, int stamp) {
    int from = bucket * ENTRIES;
    for (int entry = from; entry < from + ENTRIES; entry++) {
      if ((long) LONGS.getOpaque(table.words, entry * WORDS + 2) == UNKNOWN) {
        return entry;
      }
    }
    int hand = (stamp >>> 1) % ENTRIES;
    for (int step = 0; step < ENTRIES; step++) {
      int entry = from + (hand + step) % ENTRIES;
      if ((byte) BYTES.getOpaque(table.used, entry) == 0) {
        return entry;
      }
      BYTES.setOpaque(table.used, entry, (byte) 0);
    }
    return from + hand;
  }

  private void makeTable() {
    if (table == null) {
      synchronized (this) {
        if (table == null) {
          table = new Table(buckets);
        }
      }
    }
  }

  /** The most handles that are kept. */
  int capacity() {
    return buckets * ENTRIES;
  }
}
