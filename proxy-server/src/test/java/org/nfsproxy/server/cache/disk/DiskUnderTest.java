package org.nfsproxy.server.cache.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.cache.Arrival;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.cache.FileVersion;
import org.nfsproxy.server.cache.Source.Wanted;

/** A disk whose work is done when the test says so, and files whose every byte is known. */
final class DiskUnderTest {
  static final String ORIGIN = "nfs.example.com:2049";
  static final int SLAB_BYTES = 256 << 10;
  static final int BLOCK_BYTES = 8192;
  static final long SIZE = 1 << 20;

  final DiskCache cache;

  DiskUnderTest(SlabFolder slabs) {
    this(slabs, bounds(8));
  }

  DiskUnderTest(SlabFolder slabs, DiskBounds bounds) {
    this(slabs, ORIGIN, bounds);
  }

  DiskUnderTest(SlabFolder slabs, String origin, DiskBounds bounds) {
    cache = new DiskCache(slabs, "the fake", origin, bounds);
    work();
  }

  static DiskBounds bounds(int slabs) {
    return new DiskBounds(
        (long) slabs * SLAB_BYTES, SLAB_BYTES, BLOCK_BYTES, 10_000, 1 << 20, 8, 2);
  }

  /** Does all that waits. */
  void work() {
    while (cache.work().runOne()) {
      // on to the next
    }
  }

  static FileKey key(int number) {
    return new FileKey(Filehandle.of(new byte[] {1, 2, (byte) number}), 3 + number % 2);
  }

  static FileVersion version(int number) {
    return new FileVersion(number, SIZE, 1, 2, 3, 4, 5, 6 + number, 7);
  }

  /** A range, for somebody. */
  static Wanted wanted(FileKey key, FileVersion version, long from, long to) {
    return new Wanted("somebody", key, version, from, to);
  }

  /** What a version of a file has at an offset. */
  static byte at(FileKey key, FileVersion version, long offset) {
    long mixed = (key.hashCode() * 31L + version.change()) * 0x9e3779b97f4a7c15L + offset / 7;
    return (byte) ((mixed * 0xbf58476d1ce4e5b9L) >>> 40);
  }

  static byte[] bytes(FileKey key, FileVersion version, long offset, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = at(key, version, offset + i);
    }
    return bytes;
  }

  /** Offers what that version has there. */
  void offer(FileKey key, FileVersion version, long offset, int length) {
    ByteBuf bytes = Unpooled.wrappedBuffer(bytes(key, version, offset, length));
    cache.offer(key, version, offset, bytes);
    bytes.release();
  }

  void put(FileKey key, FileVersion version, long offset, int length) {
    offer(key, version, offset, length);
    work();
  }

  /**
   * Reads a range, and holds what comes to what was put.
   *
   * @return how many bytes came
   */
  int read(FileKey key, FileVersion version, long from, long to) {
    Taking taking = new Taking(key, version);
    boolean isComing = cache.bring(wanted(key, version, from, to), taking);
    work();
    assertEquals(isComing ? 1 : 0, taking.ends);
    return taking.bytes;
  }

  long measure(String name) {
    Map<String, Double> all = new TreeMap<>();
    for (Measure measure : cache.measures()) {
      all.put(measure.name(), measure.value());
    }
    return all.get("cache_disk_" + name).longValue();
  }

  /** Takes what comes, and fails if it is anything else than that version has. */
  static final class Taking implements Arrival {
    private final FileKey key;
    private final FileVersion version;
    int bytes;
    int ends;

    Taking(FileKey key, FileVersion version) {
      this.key = key;
      this.version = version;
    }

    @Override
    public void arrived(long offset, ByteBuf data) {
      byte[] found = ByteBufUtil.getBytes(data);
      byte[] right = bytes(key, version, offset, found.length);
      if (!Arrays.equals(right, found)) {
        throw new AssertionError("other bytes than were put, at " + offset);
      }
      bytes += found.length;
    }

    @Override
    public void ended() {
      ends++;
    }
  }
}
