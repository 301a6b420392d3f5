package org.nfsproxy.server.judge;

import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.server.cache.CachedReads;
import org.nfsproxy.server.cache.FileKey;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallBatches;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.call.StreamedCall;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.containment.SessionRoom;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.locks.LockVerdict;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.Caching;
import org.nfsproxy.server.policy.CertificateMatch;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.ClientMatch;
import org.nfsproxy.server.policy.ExportPath;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Overrides;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.Rule;
import org.nfsproxy.server.policy.Rules;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.policy.Squash;
import org.nfsproxy.server.policy.Squashing;
import org.nfsproxy.server.policy.TransportSecurity;
import org.nfsproxy.server.policy.UnreadableCalls;
import org.nfsproxy.server.refusals.RefusalCounts;
import org.nfsproxy.server.refusals.RefusalLog;
import org.nfsproxy.server.refusals.RefusalTrace;

/** A judge in front of a {@link RuledOrigin}, asked about one call at a time. */
final class JudgeUnderTest {
  static final String EXPORT = "/export/directory";
  static final String READ_ONLY = "/export/ro/directory";
  static final String NO_ACCESS = "/export/none/directory";

  static final Rule READ_ONLY_RULE = rule("/export/ro", Access.RO);
  static final Rule NO_ACCESS_RULE = rule("/export/none", Access.NONE);

  static final int VERIFIES_MAX = 4;

  private static final int ROUNDS_MAX = 20;
  private static final int PATIENCE_SECONDS = 20;
  private static final Asker CLIENT = new Asker(InetAddress.getLoopbackAddress());

  private static final InetSocketAddress REACHED =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);

  final RuledOrigin origin = new RuledOrigin();
  final RefusalTrace refusals = new RefusalTrace(new RefusalLog(100), new RefusalCounts());
  private final Exports exports;
  private boolean isCounting;

  /** Whose calls they are. */
  Peer peer = Peer.plain(ClientAddress.of(InetAddress.getLoopbackAddress()));

  final Containment containment;
  private final Judge judge;

  /**
   * What became of a call.
   *
   * @param verdict the verdict
   * @param record what goes to the origin, marker included
   * @param isSameRecord whether that is the very buffer that came
   * @param answer the answer's record; null if there is none
   * @param opener what opens the reply; null if nothing does
   */
  record Judged(
      CallBatch.Verdict verdict,
      byte[] record,
      boolean isSameRecord,
      byte[] answer,
      ReplyOpener opener) {
    /** A word of the answer, from 0, which is the marker. */
    int answerWord(int index) {
      return ByteBuffer.wrap(answer).getInt(4 * index);
    }

    /** What the client gets for a reply of the origin. */
    byte[] opened(byte[] reply) {
      ByteBuf record = buffer(reply);
      ByteBuf opened;
      try {
        opened = opener.open(record);
      } catch (RuntimeException unreadable) {
        record.release();
        throw unreadable;
      }
      byte[] bytes = ByteBufUtil.getBytes(opened);
      opened.release();
      return bytes;
    }
  }

  JudgeUnderTest(Vertx vertx, Rules rules) {
    exports =
        new Exports(vertx, origin, new ExportsSettings(100, 1000, 3_600_000), () -> paths(rules));
    containment = new Containment(origin, "test", "", SessionRoom.NONE);
    judge =
        new Judge(
            origin,
            exports,
            rules,
            containment,
            UnknownOperations.FORWARD,
            64,
            VERIFIES_MAX,
            refusals);
  }

  /** From here on calls are counted. */
  JudgeUnderTest counting() {
    isCounting = true;
    return this;
  }

  private static List<String> paths(Rules rules) {
    return rules.rules().stream()
        .filter(rule -> rule.path() != null)
        .map(rule -> rule.path().toString())
        .toList();
  }

  /** Looks at the origin, as the proxy does at its start. */
  void meetOrigin() throws Exception {
    await(exports.refresh());
  }

  private static void await(Future<?> future) throws Exception {
    future
        .otherwiseEmpty()
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static Rules rules(Rule... rules) {
    return new Rules(parameters(Squash.NONE, UnreadableCalls.REFUSE), List.of(rules));
  }

  static Parameters parameters(Squash squash, UnreadableCalls opaque) {
    return new Parameters(
        ClientMatch.of(List.of("*")),
        Access.RW,
        new Squashing(squash, 1234, 5678),
        EnumSet.allOf(Security.class),
        EnumSet.allOf(NfsVersion.class),
        false,
        opaque,
        TransportSecurity.ALL,
        CertificateMatch.EVERYBODY,
        Caching.ON);
  }

  private static Rule rule(String path, Access access) {
    Overrides overrides =
        new Overrides(null, access, null, null, null, null, null, null, null, null, null, null);
    return Rule.of(ExportPath.of(path), overrides);
  }

  /** What is said to a lock. */
  LockVerdict lock(byte[] call, String path, boolean writes) throws Exception {
    ByteBuf record = Unpooled.copiedBuffer(call);
    Call header = new Call();
    header.read(record, record.readerIndex() + 4, record.writerIndex());
    return new LockVerdicts(judge, exports)
        .judge(
            header,
            record,
            CLIENT.address(),
            Filehandle.of(path.getBytes(StandardCharsets.UTF_8)),
            writes)
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Whether data of a file would be kept if the proxy read it by itself. */
  boolean keepsOwn(String path, int nfsVersion) throws Exception {
    FileKey file = new FileKey(Filehandle.of(path.getBytes(StandardCharsets.UTF_8)), nfsVersion);
    return new KeptByRules(judge, exports)
        .keeps(file)
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  void adopt(Rules rules) {
    judge.adopt(rules, UnknownOperations.FORWARD);
  }

  void readThrough(CachedReads reads) {
    judge.readThrough(reads);
  }

  void waitFor(Future<?> looked) {
    judge.waitFor(looked);
  }

  Judged judge(byte[] call) throws Exception {
    ByteBuf record = buffer(call);
    CallBatch batch = CallBatches.of(record);
    if (isCounting) {
      CallSummary summary = new CallSummary();
      summary.begin(System.nanoTime(), call.length);
      batch.count(summary);
    }
    try {
      Future<?> open = judge.judge(batch, CLIENT, peer, REACHED);
      for (int i = 0; open != null; i++) {
        if (i == ROUNDS_MAX) {
          throw new AssertionError("still asking after " + i + " rounds");
        }
        await(open);
        open = judge.judge(batch, CLIENT, peer, REACHED);
      }
      ByteBuf answer = CallBatches.takeAnswer(batch, 0);
      byte[] answered = answer == null ? null : ByteBufUtil.getBytes(answer);
      if (answer != null) {
        answer.release();
      }
      return new Judged(
          CallBatches.verdict(batch, 0),
          ByteBufUtil.getBytes(batch.record(0)),
          batch.record(0) == record,
          answered,
          CallBatches.opener(batch, 0));
    } finally {
      CallBatches.clear(batch);
    }
  }

  /**
   * What became of the beginning of a call.
   *
   * @param verdict the verdict
   * @param streamed what is sent of it; null if nothing is. To be {@link CallBatches#release
   *     released}
   */
  record JudgedPrefix(CallBatch.Verdict verdict, StreamedCall streamed) {}

  JudgedPrefix judgePrefix(byte[] call, int there) throws Exception {
    RecordReader reader = new RecordReader(PooledByteBufAllocator.DEFAULT, 1 << 24, whole -> {});
    reader.read(buffer(Arrays.copyOf(call, 4 + there)));
    CallBatch batch = CallBatches.beginning(reader.beginning(there), there);
    reader.close();
    try {
      Future<?> open = judge.judge(batch, CLIENT, peer, REACHED);
      if (open != null) {
        await(open);
        assertNull(judge.judge(batch, CLIENT, peer, REACHED));
      }
      return new JudgedPrefix(CallBatches.verdict(batch, 0), CallBatches.takeStreamed(batch));
    } finally {
      CallBatches.clear(batch);
    }
  }

  /** Whether a reply or a question told of which filesystem a handle is. */
  boolean knows(String handle) {
    byte[] bytes = handle.getBytes(StandardCharsets.UTF_8);
    return exports.find(Unpooled.wrappedBuffer(bytes), 0, bytes.length, 4) != null;
  }

  /** Calls that were counted in all exports together. */
  long callsCounted() {
    return exports.all().stream().mapToLong(export -> export.calls()).sum();
  }

  private static ByteBuf buffer(byte[] bytes) {
    return PooledByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes);
  }
}
