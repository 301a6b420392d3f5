package org.nfsproxy.benchmarks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.Refills;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.containment.SessionRoom;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.UnreadableCalls;
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

/**
 * What judging a call costs: header, arguments, rules, for batches of eight. With 0 rules all
 * exports are alike; with 1,000 each has its own anonymous user and every other one is squashed, a
 * million handles are known, and each batch asks about eight others of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 6, time = 1)
@Fork(1)
public class JudgeBenchmark {
  private static final int BATCH = 8;
  private static final int BATCHES = 1024;
  private static final int HANDLES = 1_000_000;
  private static final int FILESYSTEMS = 1000;
  private static final int REGULAR = 1;

  /** Rules, each for an export of its own. */
  @Param({"0", "1000"})
  public int rules;

  /** What is called. */
  @Param public BenchmarkCalls call;

  private final Asker asker = new Asker(InetAddress.getLoopbackAddress());
  private final InetSocketAddress client =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1000);
  private final CallBatch batch = new CallBatch();
  private Vertx vertx;
  private Judge judge;
  private ByteBuf[][] records;
  private int next;

  /** Makes a judge that knows its origin. */
  @Setup(Level.Trial)
  public void begin() {
    vertx = Vertx.vertx();
    Filesystems origin = new Filesystems(FILESYSTEMS);
    Exports exports =
        new Exports(vertx, origin, new ExportsSettings(4096, 4 * HANDLES, 3_600_000), List::of);
    exports.refresh().await();
    for (int i = 0; i < HANDLES; i++) {
      byte[] handle = handle(i);
      exports.learn(
          Unpooled.wrappedBuffer(handle),
          0,
          handle.length,
          call.version(),
          Filesystems.fsid(i % FILESYSTEMS),
          0,
          REGULAR);
    }
    Containment containment = new Containment(origin, "nfs-proxy", "", SessionRoom.NONE);
    judge =
        new Judge(origin, exports, rules(rules), containment, UnknownOperations.FORWARD, 1024, 16, org.nfsproxy.server.refusals.RefusalTrace.silent());
    boolean large = call == BenchmarkCalls.WRITE_1M_41;
    records = new ByteBuf[large ? 1 : BATCHES][BATCH];
    for (int i = 0; i < records.length * BATCH; i++) {
      int file = (int) (i * 2_654_435_761L % HANDLES);
      records[i / BATCH][i % BATCH] = call.record(i, handle(file));
    }
    // What the rules say of an export is worked out with the first call about it.
    for (ByteBuf[] each : records) {
      if (!isForwarded(each)) {
        throw new IllegalStateException(call + " is not forwarded");
      }
    }
  }

  private static byte[] handle(int i) {
    return Filesystems.handle(i % FILESYSTEMS, i);
  }

  private static Rules rules(int count) {
    Parameters root =
        new Parameters(
            ClientMatch.of(List.of("127.0.0.0/8", "10.0.0.0/8")),
            Access.RW,
            new Squashing(Squash.ROOT, 65534, 65534),
            EnumSet.allOf(Security.class),
            EnumSet.allOf(NfsVersion.class),
            false,
            UnreadableCalls.REFUSE, TransportSecurity.ALL, CertificateMatch.EVERYBODY, Caching.ON);
    return new Rules(
        root,
        IntStream.range(0, count)
            .mapToObj(i -> Rule.of(ExportPath.of(Filesystems.path(i)), overrides(i)))
            .toList());
  }

  private static Overrides overrides(int i) {
    Squash squash = i % 2 == 0 ? Squash.ROOT : Squash.NONE;
    return new Overrides(null, null, squash, 100_000 + i, 100_000 + i, null, null, null, null, null, null, null);
  }

  /**
   * Judges one batch.
   *
   * @return its size
   */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int judge() {
    Refills.fill(batch, records[next]);
    next = (next + 1) % records.length;
    judge.judge(batch, asker, client);
    int size = batch.size();
    Refills.clear(batch);
    return size;
  }

  private boolean isForwarded(ByteBuf[] calls) {
    Refills.fill(batch, calls);
    boolean isForwarded = judge.judge(batch, asker, client) == null && Refills.isForwarded(batch);
    Refills.clear(batch);
    return isForwarded;
  }

  /** Gives back what {@link #begin} took. */
  @TearDown(Level.Trial)
  public void end() {
    for (ByteBuf[] each : records) {
      for (ByteBuf record : each) {
        record.release();
      }
    }
    vertx.close().await();
  }
}
