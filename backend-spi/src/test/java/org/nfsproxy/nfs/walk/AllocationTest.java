package org.nfsproxy.nfs.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.AttributesBuilder;
import org.nfsproxy.nfs.CompoundBuilder;
import org.nfsproxy.nfs.GoldenProcedure;
import org.nfsproxy.nfs.ResultBuilder;
import org.nfsproxy.nfs.table.Attribute4;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nfs3;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.table.Procedure;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.table.ServerAttributes;

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
    for (GoldenOperation<Nfs4> golden : GoldenOperation.CALLS.subList(0, 20)) {
      compound = golden.encoding().apply(compound);
    }
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

  @Test
  void compoundReplyWalk_manyReplies_allocatesNothing() {
    ResultBuilder results = ResultBuilder.compound("tag");
    GoldenResult.ALL.stream()
        .filter(golden -> golden.status() == 0)
        .limit(60)
        .forEach(golden -> golden.appendTo(results));
    ByteBuf buffer = Unpooled.wrappedBuffer(results.bytes());
    CompoundReplyWalk walk = new CompoundReplyWalk();

    long bytes =
        bytesOf(
            () -> {
              for (int i = 0; i < WALKS; i++) {
                Outcome outcome = walk.walk(buffer, 0, buffer.writerIndex(), 64);
                assertEquals(Outcome.WHOLE, outcome);
                walk.find(3, Part.HANDLE);
              }
            });

    assertEquals(60, walk.count());
    assertTrue(bytes < BYTES_MAX, bytes + " bytes in " + WALKS + " walks");
  }

  @Test
  void replyWalk_manyReplies_allocatesNothing() {
    GoldenReply directory =
        GoldenReply.ALL.stream()
            .filter(golden -> golden.row() == Nfs3.READDIRPLUS)
            .findFirst()
            .orElseThrow();
    ByteBuf buffer = Unpooled.wrappedBuffer(directory.encode().bytes());
    ReplyWalk walk = new ReplyWalk();

    long bytes =
        bytesOf(
            () -> {
              for (int i = 0; i < WALKS; i++) {
                walk.walk(Nfs3.READDIRPLUS, buffer, 0, buffer.writerIndex());
                ServerAttributes.NFS3.fsid(buffer, walk.parts().at(0));
              }
            });

    assertEquals(directory.encode().parts().size(), walk.parts().count());
    assertTrue(bytes < BYTES_MAX, bytes + " bytes in " + WALKS + " walks");
  }

  @Test
  void attributeWalk_manyTimes_allocatesNothing() {
    int[] all = AttributeWalkTest.numbers().toArray();
    ByteBuf buffer = Unpooled.wrappedBuffer(AttributesBuilder.of(all).fattr4());
    AttributeWalk walk = new AttributeWalk();

    long bytes =
        bytesOf(
            () -> {
              for (int i = 0; i < WALKS; i++) {
                walk.walk(buffer, 0, buffer.writerIndex());
              }
            });

    assertTrue(walk.has(Attribute4.OPEN_ARGUMENTS));
    assertTrue(bytes < BYTES_MAX, bytes + " bytes in " + WALKS + " walks");
  }
}
