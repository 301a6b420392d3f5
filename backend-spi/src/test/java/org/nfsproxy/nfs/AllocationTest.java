package org.nfsproxy.nfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** Counts the bytes this thread allocates: a number, not a matter of time. */
class AllocationTest {
  private static final int WALKS = 100_000;

  /** A few objects of the runtime's own; one object per walk would be 1.6 MB and more. */
  private static final long BYTES_MAX = 4096;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private long bytesOf(Runnable task) {
    task.run();
    task.run();
    long before = threads.getCurrentThreadAllocatedBytes();
    task.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void compoundWalk_manyCalls_allocatesNothing() {
    CompoundBuilder compound = CompoundBuilder.compound(2);
    GoldenOperation.CALLS.stream().limit(20).forEach(golden -> golden.encoding().apply(compound));
    compound.exchangeId("owner").protectSsv().implementation();
    compound.createSession(1).word(2).securitySys(1, 2, 3).securityGss();
    compound.copy().word(2).serverByAddress().serverByName("n");
    ByteBuf buffer = Unpooled.wrappedBuffer(compound.bytes());
    CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();

    long bytes =
        bytesOf(
            () -> {
              for (int i = 0; i < WALKS; i++) {
                Outcome outcome = walk.walk(buffer, 0, buffer.writerIndex(), 64);
                assertEquals(Outcome.WHOLE, outcome);
              }
            });

    assertEquals(23, walk.count());
    assertTrue(bytes < BYTES_MAX, bytes + " bytes in " + WALKS + " walks");
  }

  @Test
  void lookupAndArgumentsWalk_manyCalls_allocateNothing() {
    GoldenProcedure rename =
        GoldenProcedure.ALL.stream().filter(g -> g.row() == Nfs3.RENAME).findFirst().orElseThrow();
    ByteBuf buffer = Unpooled.wrappedBuffer(rename.arguments());
    ArgumentsWalk walk = new ArgumentsWalk();

    long bytes =
        bytesOf(
            () -> {
              for (int i = 0; i < WALKS; i++) {
                Lookup lookup = Programs.find(100003, 3, 14);
                Procedure procedure = ((Lookup.Found) lookup).procedure();
                walk.walk(procedure, buffer, 0, buffer.writerIndex());
                Programs.find(100003, 7, i);
                Programs.find(i, 3, 1);
                Programs.find(100005, 3, 99);
              }
            });

    assertEquals(2, walk.handles());
    assertTrue(bytes < BYTES_MAX, bytes + " bytes in " + WALKS + " walks");
  }
}
