package org.nfsproxy.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.nfs.table.Lookup;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Programs;
import org.nfsproxy.nfs.walk.ArgumentsWalk;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What reading a call costs before anything is decided about it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class WireBenchmark {
  private static final int RECORDS = 8;

  /** What is read. */
  @Param public BenchmarkCalls call;

  private final Call header = new Call();
  private final CompoundWalk<Nfs4> compound = CompoundWalk.ofCalls();
  private final ArgumentsWalk arguments = new ArgumentsWalk();
  private RecordReader reader;
  private ByteBuf chunk;
  private ByteBuf record;
  private int bytes;

  /** Makes a chunk of eight records. */
  @Setup(Level.Trial)
  public void begin() {
    byte[] handle = Filesystems.handle(1, 1);
    record = call.record(1, handle);
    chunk = PooledByteBufAllocator.DEFAULT.directBuffer(RECORDS * record.readableBytes());
    for (int i = 0; i < RECORDS; i++) {
      chunk.writeBytes(record, record.readerIndex(), record.readableBytes());
    }
    reader = new RecordReader(PooledByteBufAllocator.DEFAULT, 8 << 20, this::take);
  }

  private void take(ByteBuf whole) {
    bytes += whole.readableBytes();
    whole.release();
  }

  /**
   * Cuts a chunk into records.
   *
   * @return a number
   */
  @Benchmark
  @OperationsPerInvocation(RECORDS)
  public int records() {
    reader.read(chunk.retain().readerIndex(0));
    return bytes;
  }

  /**
   * Reads a header and walks over the arguments.
   *
   * @return what they are
   */
  @Benchmark
  public Outcome headerAndArguments() {
    int from = record.readerIndex() + RecordMarking.MARKER_BYTES;
    header.read(record, from, record.writerIndex());
    Lookup.Found row =
        (Lookup.Found) Programs.find(header.program(), header.version(), header.procedure());
    return row.procedure().isCompound()
        ? compound.walk(record, header.argumentsAt(), header.end(), 1024)
        : arguments.walk(row.procedure(), record, header.argumentsAt(), header.end());
  }

  /** Gives back what {@link #begin} took. */
  @TearDown(Level.Trial)
  public void end() {
    record.release();
    chunk.release();
  }
}
