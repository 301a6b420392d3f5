package org.nfsproxy.server.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.nfsproxy.testing.Repository;

/**
 * Gives a reader of bytes what nobody honest sends, and holds it to this: it throws nothing but
 * what it says it throws, it ends, it changes none of the bytes, and what stands around them makes
 * no difference.
 *
 * <p>{@code -Dfuzz.rounds=N} goes on for longer, {@code -Dfuzz.seed=N} repeats. What was once found
 * is kept in {@code src/test/resources/fuzz/NAME}, a file of bytes each, and always tried.
 */
// Surroundings are how a read behind the end is seen: a buffer's capacity goes beyond its writer
// index,
// as it does in a chunk with several records, and Netty does not mind such a read. One that comes
// out
// differently with other bytes there has looked at them.
public final class Fuzzing {
  private static final int ROUNDS_USUAL = 500;
  private static final int GUARD_BYTES = 64;
  private static final byte[] POISONS = {0, (byte) 0xff, 1};

  /** A reader under test. */
  public interface Reader {
    /**
     * Reads.
     *
     * @param input its readable bytes
     * @return all that was found, as something that can be compared
     */
    Object read(ByteBuf input);
  }

  private final String name;
  private final Reader reader;
  private final List<byte[]> honest;

  /**
   * A reader and inputs.
   *
   * @param name also of the folder of what was found
   * @param reader what is tried
   * @param honest what it was made for, from which the rest is made; at least one
   */
  public Fuzzing(String name, Reader reader, List<byte[]> honest) {
    this.name = name;
    this.reader = reader;
    this.honest = honest;
  }

  /** All that is kept, then as many rounds as are asked for. */
  public void run() throws IOException {
    for (byte[] input : kept()) {
      holds(input, "kept");
    }
    for (byte[] input : honest) {
      holds(input, "honest");
    }
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    int rounds = Integer.getInteger("fuzz.rounds", ROUNDS_USUAL);
    for (int round = 0; round < rounds; round++) {
      byte[] input = Mutation.of(new Random(seed + round), honest);
      holds(input, "-Dfuzz.rounds=1 -Dfuzz.seed=" + (seed + round));
    }
  }

  /** One input: for those who make their own. */
  public void holds(byte[] input, String how) {
    Object first = null;
    for (byte poison : POISONS) {
      Object found;
      ByteBuf surrounded = surrounded(input, poison);
      byte[] before = ByteBufUtil.getBytes(surrounded, 0, surrounded.capacity(), true);
      try {
        found = reader.read(surrounded);
      } catch (RuntimeException | Error unexpected) {
        throw new AssertionError(told(input, how), unexpected);
      }
      assertEquals(
          Arrays.hashCode(before),
          Arrays.hashCode(ByteBufUtil.getBytes(surrounded, 0, surrounded.capacity(), true)),
          () -> "changed: " + told(input, how));
      first = first == null ? found : first;
      assertEquals(first, found, () -> "depends on what stands around: " + told(input, how));
    }
  }

  private String told(byte[] input, String how) {
    return name + ", " + how + ", " + ByteBufUtil.hexDump(input);
  }

  private static ByteBuf surrounded(byte[] input, byte poison) {
    byte[] bytes = new byte[input.length + 2 * GUARD_BYTES];
    Arrays.fill(bytes, poison);
    System.arraycopy(input, 0, bytes, GUARD_BYTES, input.length);
    return Unpooled.wrappedBuffer(bytes).setIndex(GUARD_BYTES, GUARD_BYTES + input.length);
  }

  private List<byte[]> kept() throws IOException {
    Path folder = Repository.ROOT.resolve("proxy-server/src/test/resources/fuzz").resolve(name);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(Fuzzing::bytes).toList();
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw new IllegalStateException(file.toString(), unreadable);
    }
  }
}
