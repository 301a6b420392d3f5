package org.nfsproxy.server.cache.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A folder of slabs in memory, which fails when it is told to, and whose bytes a test may change.
 */
final class FakeSlabs implements SlabFolder {
  final Map<Integer, byte[]> slabs = new TreeMap<>();
  byte[] header = new byte[0];
  @Nullable String readsFail;
  @Nullable String writesFail;

  /** Is run before bytes are given to whoever reads. */
  Runnable beforeRead = () -> {};

  int slabWrites;
  boolean isClosed;

  /** The same bytes, as another process finds them. */
  FakeSlabs copy() {
    FakeSlabs copy = new FakeSlabs();
    copy.header = header.clone();
    slabs.forEach((number, bytes) -> copy.slabs.put(number, bytes.clone()));
    return copy;
  }

  private static void failIf(@Nullable String why) throws IOException {
    if (why != null) {
      throw new IOException(why);
    }
  }

  @Override
  public byte[] header() throws IOException {
    failIf(readsFail);
    return header.clone();
  }

  @Override
  public void header(byte[] bytes) throws IOException {
    failIf(writesFail);
    header = bytes.clone();
  }

  @Override
  public List<Integer> numbers() throws IOException {
    failIf(readsFail);
    return new ArrayList<>(slabs.keySet());
  }

  @Override
  public SlabFile open(int number) throws IOException {
    if (!slabs.containsKey(number)) {
      failIf(writesFail);
      slabs.put(number, new byte[0]);
    }
    return new Opened(number);
  }

  @Override
  public void delete(int number) throws IOException {
    failIf(writesFail);
    slabs.remove(number);
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private final class Opened implements SlabFile {
    private final int number;

    Opened(int number) {
      this.number = number;
    }

    @Override
    public int read(ByteBuffer into, long at) throws IOException {
      failIf(readsFail);
      beforeRead.run();
      byte[] bytes = slabs.getOrDefault(number, new byte[0]);
      int length = (int) Math.max(0, Math.min(into.remaining(), bytes.length - at));
      into.put(bytes, (int) Math.min(at, bytes.length), length);
      return length;
    }

    @Override
    public void write(ByteBuffer from, long at) throws IOException {
      failIf(writesFail);
      slabWrites++;
      byte[] bytes = slabs.getOrDefault(number, new byte[0]);
      int length = from.remaining();
      bytes = Arrays.copyOf(bytes, (int) Math.max(bytes.length, at + length));
      from.get(bytes, (int) at, length);
      slabs.put(number, bytes);
    }

    @Override
    public void empty() throws IOException {
      failIf(writesFail);
      slabs.put(number, new byte[0]);
    }

    @Override
    public void close() {}
  }
}
