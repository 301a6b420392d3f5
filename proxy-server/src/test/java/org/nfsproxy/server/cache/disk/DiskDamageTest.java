package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;

/**
 * Whatever becomes of the bytes on the disk: what is read of a version is what was put for it, or
 * nothing. {@code -Ddisk.rounds=N} goes on for longer, {@code -Ddisk.seed=N} repeats.
 */
// What was put is worked out anew from file, version and offset, so that no round needs to
// remember.
class DiskDamageTest {
  private static final int ROUNDS_USUAL = 100;
  private static final int OPERATIONS = 120;
  private static final int FILES = 12;
  private static final int VERSIONS = 3;
  private static final int BLOCKS = 6;
  private static final int PAGE = 4096;

  @Test
  void damagedDisk_givesWhatWasPut_orNothing() {
    long seed = Long.getLong("disk.seed", System.nanoTime());
    int rounds = Integer.getInteger("disk.rounds", ROUNDS_USUAL);
    Found found = new Found();
    for (int round = 0; round < rounds; round++) {
      try {
        round(new Random(seed + round), found);
      } catch (RuntimeException | Error wrong) {
        throw new AssertionError("-Ddisk.rounds=1 -Ddisk.seed=" + (seed + round), wrong);
      }
    }
    // Else nothing was shown: much is found, and much was damaged.
    assertTrue(found.bytes > rounds * 10_000L, "found " + found.bytes);
    assertTrue(found.damaged > rounds / 2, "damaged " + found.damaged);
  }

  private static final class Found {
    long bytes;
    long damaged;
  }

  private static void round(Random random, Found found) {
    FakeSlabs slabs = new FakeSlabs();
    DiskUnderTest disk = new DiskUnderTest(slabs, DiskUnderTest.bounds(2 + random.nextInt(3)));
    use(disk, random, found);
    FakeSlabs before = slabs.copy();
    use(disk, random, found);
    FakeSlabs after = slabs.copy();
    if (random.nextBoolean()) {
      cutPower(before, after, random);
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      damage(after, random);
    }
    DiskUnderTest again = new DiskUnderTest(after, DiskUnderTest.bounds(2 + random.nextInt(3)));
    readAll(again, found);
    use(again, random, found);
    damage(after, random); // while it is used
    readAll(again, found);
    found.damaged += again.measure("damaged_total");
  }

  private static void use(DiskUnderTest disk, Random random, Found found) {
    for (int i = 0; i < OPERATIONS; i++) {
      FileKey key = DiskUnderTest.key(random.nextInt(FILES));
      FileVersion version = DiskUnderTest.version(random.nextInt(10) == 0 ? 1 : 2);
      long at = random.nextInt(BLOCKS) * (long) DiskUnderTest.BLOCK_BYTES;
      int length =
          random.nextBoolean()
              ? DiskUnderTest.BLOCK_BYTES
              : 1 + random.nextInt(DiskUnderTest.BLOCK_BYTES);
      switch (random.nextInt(20)) {
        case 0 -> disk.cache.forget(key);
        case 1, 2, 3 -> found.bytes += disk.read(key, version, at, at + length);
        case 4 -> disk.offer(key, version, at, length); // done behind the next
        default -> disk.put(key, version, at, length);
      }
    }
    disk.work();
  }

  private static void readAll(DiskUnderTest disk, Found found) {
    for (int file = 0; file < FILES; file++) {
      for (int version = 0; version < VERSIONS; version++) {
        for (int block = 0; block < BLOCKS; block++) {
          long at = block * (long) DiskUnderTest.BLOCK_BYTES;
          found.bytes +=
              disk.read(DiskUnderTest.key(file), DiskUnderTest.version(version), at, at + 1);
        }
      }
    }
  }

  // Of what was written last, some pages are on the disk and others are not.
  private static void cutPower(FakeSlabs before, FakeSlabs after, Random random) {
    after.slabs.forEach(
        (number, bytes) -> {
          byte[] old = before.slabs.getOrDefault(number, new byte[0]);
          for (int at = 0; at < bytes.length; at += PAGE) {
            int length = Math.min(PAGE, bytes.length - at);
            if (random.nextInt(4) == 0) {
              byte[] page = Arrays.copyOfRange(old, Math.min(at, old.length), at + length);
              System.arraycopy(page, 0, bytes, at, Math.min(length, page.length));
            }
          }
        });
  }

  private static void damage(FakeSlabs slabs, Random random) {
    List<Integer> numbers = new ArrayList<>(slabs.slabs.keySet());
    if (numbers.isEmpty()) {
      return;
    }
    int number = numbers.get(random.nextInt(numbers.size()));
    int other = numbers.get(random.nextInt(numbers.size()));
    byte[] bytes = slabs.slabs.get(number);
    if (bytes.length == 0) {
      return;
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(20_000));
    switch (random.nextInt(8)) {
      case 0 -> slabs.slabs.put(number, Arrays.copyOf(bytes, at));
      case 1 -> Arrays.fill(bytes, at, at + length, (byte) 0);
      case 2 -> swapUnits(bytes, slabs.slabs.get(other), random);
      case 3 -> {
        slabs.slabs.put(number, slabs.slabs.get(other));
        slabs.slabs.put(other, bytes);
      }
      case 4 -> slabs.slabs.remove(number);
      case 5 -> System.arraycopy(bytes, random.nextInt(at + 1), bytes, at, length);
      default -> {
        for (int i = 1 + random.nextInt(40); i > 0; i--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
  }

  // Some units of a disk change places, as whole blocks and rows would.
  private static void swapUnits(byte[] one, byte[] other, Random random) {
    int unit = random.nextBoolean() ? BlockHeader.BYTES : BlockHeader.BYTES + PAGE;
    int units = Math.min(one.length, other.length) / unit;
    for (int i = 0; i < 8 && units > 1; i++) {
      int here = random.nextInt(units) * unit;
      int there = random.nextInt(units) * unit;
      byte[] kept = Arrays.copyOfRange(one, here, here + unit);
      System.arraycopy(other, there, one, here, unit);
      System.arraycopy(kept, 0, other, there, unit);
    }
  }
}
