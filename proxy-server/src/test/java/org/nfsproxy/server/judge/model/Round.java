package org.nfsproxy.server.judge.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Part;
import org.nfsproxy.nfs.walk.CompoundReplyWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.Reply;
import org.nfsproxy.server.call.CallBatch;
import org.nfsproxy.server.call.CallBatch.Verdict;
import org.nfsproxy.server.call.CallBatches;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.configuration.UnknownOperations;
import org.nfsproxy.server.containment.Containment;
import org.nfsproxy.server.containment.SessionRoom;
import org.nfsproxy.server.exports.Asker;
import org.nfsproxy.server.exports.Export;
import org.nfsproxy.server.exports.Exports;
import org.nfsproxy.server.exports.ExportsSettings;
import org.nfsproxy.server.exports.VersionedFsid;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.server.judge.Judge;
import org.nfsproxy.server.judge.model.Execution.Arrival;
import org.nfsproxy.server.judge.model.Execution.Done;
import org.nfsproxy.server.judge.model.RandomCompounds.Written;
import org.nfsproxy.server.policy.Access;
import org.nfsproxy.server.policy.ClientAddress;
import org.nfsproxy.server.policy.NfsVersion;
import org.nfsproxy.server.policy.Parameters;
import org.nfsproxy.server.policy.Peer;
import org.nfsproxy.server.policy.Security;
import org.nfsproxy.server.refusals.RefusalTrace;

/**
 * One judge with one set of rules before one origin, whose namespace changes, and COMPOUNDs of
 * several clients: checks of each what it did at the origin and what the client was told.
 */
// Between judging and executing, and between two questions, the namespace changes, unless the round
// or the call is a quiet one. A quiet call that is allowed wherever it acts must come to what it
// comes to without a judge, after some DELAYs at most.
final class Round {
  /** By seed: with few, more steps are judged by what holds everywhere. */
  private static final List<Integer> VERIFIES_MAX = List.of(4, 0, 4, 1);

  private static final int TRIES_MAX = 8;
  private static final int JUDGED_MAX = 40;
  private static final int WRITE_GRANTS = 0x04 | 0x08 | 0x10 | 0x80;
  private static final int DELAY = 10008;
  private static final int MINOR_VERS_MISMATCH = 10021;
  private static final int STATUS_WORD = 7;
  private static final int PATIENCE_SECONDS = 20;

  private static final List<String> CLIENTS = List.of("127.0.0.1", "10.0.0.7", "2001:db8::1");
  private static final InetSocketAddress REACHED =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049);

  /** How often the things happened for which all this is. */
  static final class Counts {
    int compounds;
    int forwarded;
    int answered;
    int verified;
    int ledElsewhere;
    int compared;
    int comparedInFull;
    int triesMost;

    @Override
    public String toString() {
      return compounds
          + " COMPOUNDs, "
          + forwarded
          + " forwarded, "
          + answered
          + " answered, VERIFYs "
          + verified
          + ", of which led elsewhere "
          + ledElsewhere
          + ", compared "
          + compared
          + ", of which in full "
          + comparedInFull
          + ", tries at most "
          + triesMost;
    }
  }

  private record Sent(Written compound, Expected caller, Asker from, byte[] record) {}

  private record Judged(Verdict verdict, byte[] record, byte[] answer, ReplyOpener opener) {}

  private final long seed;
  private final Random random;
  private final Counts counts;
  private final RandomNamespace names;
  private final Namespace namespace;
  private final RandomRules rules;
  private final RandomCompounds compounds;
  private final Exports exports;
  private final Judge judge;
  private final boolean isQuietRound;
  private boolean isQuiet = true;
  private int calls;

  Round(Vertx vertx, long seed, Counts counts) {
    this.seed = seed;
    this.random = new Random(seed);
    this.counts = counts;
    this.names = new RandomNamespace(random);
    this.namespace = names.namespace;
    this.rules = new RandomRules(random, namespace);
    this.compounds = new RandomCompounds(random, names);
    this.isQuietRound = random.nextInt(4) == 0;
    ModelOrigin origin =
        new ModelOrigin(
            namespace, () -> !isQuiet && random.nextInt(300) == 0, () -> changePerhaps(8));
    List<String> paths = new ArrayList<>();
    rules.rules.rules().stream()
        .filter(rule -> rule.path() != null)
        .forEach(rule -> paths.add(rule.path().toString()));
    this.exports =
        new Exports(vertx, origin, new ExportsSettings(100, 1000, 3_600_000), () -> paths);
    this.judge =
        new Judge(
            origin,
            exports,
            rules.rules,
            new Containment(origin, "test", "", SessionRoom.NONE),
            UnknownOperations.FORWARD,
            64,
            verifiesMax(),
            RefusalTrace.silent());
  }

  private int verifiesMax() {
    return VERIFIES_MAX.get((int) (seed % VERIFIES_MAX.size()));
  }

  void run(int batches) throws Exception {
    if (rules.areOfPaths || random.nextBoolean()) {
      await(exports.refresh());
    }
    for (int i = 0; i < batches; i++) {
      if (isQuietRound || random.nextInt(4) == 0) {
        isQuiet = true;
        runQuietly(send());
      } else {
        isQuiet = false;
        runOnMovingGround();
      }
    }
    exports.close();
  }

  private void changePerhaps(int oneIn) {
    while (!isQuiet && random.nextInt(oneIn) == 0) {
      names.change();
    }
  }

  // ---- calls ----------------------------------------------------------------------------------

  private static Peer peerOf(Asker from) {
    return Peer.plain(ClientAddress.of(from.address()));
  }

  private Sent send() throws UnknownHostException {
    counts.compounds++;
    Written compound = compounds.write();
    InetAddress address = InetAddress.getByName(names.pick(CLIENTS));
    boolean isSys = random.nextInt(8) > 0;
    int uid = random.nextInt(3) == 0 ? 0 : 1000;
    int gid = random.nextInt(3) == 0 ? 0 : 1000;
    byte[] credential =
        Wire.xdr(out -> out.int32(0).string("client").int32(uid).int32(gid).int32(1).int32(gid));
    byte[] message =
        Wire.call(
            ++calls,
            Wire.NFS,
            4,
            1,
            isSys ? 1 : 0,
            isSys ? credential : new byte[0],
            compound.arguments());
    Expected caller =
        new Expected(
            ClientAddress.of(address),
            isSys ? Security.SYS : Security.NONE,
            NfsVersion.of(4, compound.minor()),
            isSys ? uid : 65534,
            isSys ? gid : 65534);
    return new Sent(compound, caller, new Asker(address), Wire.record(message));
  }

  private void runOnMovingGround() throws Exception {
    List<Sent> batch = new ArrayList<>();
    Sent first = send();
    batch.add(first);
    while (random.nextInt(4) == 0) {
      Sent more = send();
      if (more.from().equals(first.from())) {
        batch.add(more);
      }
    }
    List<Judged> judged = judge(batch);
    for (int i = 0; i < batch.size(); i++) {
      changePerhaps(2);
      byte[] reply = execute(batch.get(i), judged.get(i));
      changePerhaps(3);
      if (reply != null) {
        checkShape(batch.get(i), reply);
      }
    }
  }

  private void runQuietly(Sent sent) throws Exception {
    int moment = namespace.moment();
    Done direct = Execution.execute(namespace, sent.record());
    namespace.rollBack(moment);
    byte[] reply = null;
    for (int tries = 1; reply == null; tries++) {
      if (tries > TRIES_MAX) {
        throw failure(sent, "still told DELAY after " + TRIES_MAX + " tries");
      }
      counts.triesMost = Math.max(counts.triesMost, tries);
      reply = execute(sent, judge(List.of(sent)).get(0));
      if (reply == null) {
        return; // the silence of a while ago is remembered too
      }
      checkShape(sent, reply);
      if (status(reply) == DELAY) {
        namespace.rollBack(moment);
        reply = null;
      }
    }
    if (isAllowed(sent, direct) && !isRemembered(direct, reply)) {
      compare(sent, direct, reply);
    }
  }

  // What was stale stays so for two seconds (exports.Failures), and what was known of a handle when
  // it was good is known still: in one case STALE comes too early, in the other ACCESS instead.
  private boolean isRemembered(Done direct, byte[] reply) {
    return !isQuietRound
        && (status(reply) == Execution.STALE || status(direct.reply()) == Execution.STALE);
  }

  private static int status(byte[] reply) {
    return ByteBuffer.wrap(reply).getInt(4 * STATUS_WORD);
  }

  private List<Judged> judge(List<Sent> sent) throws Exception {
    ByteBuf[] records = new ByteBuf[sent.size()];
    for (int i = 0; i < records.length; i++) {
      records[i] = buffer(sent.get(i).record());
    }
    CallBatch batch = CallBatches.of(records);
    try {
      Future<?> open = judge.judge(batch, sent.get(0).from(), peerOf(sent.get(0).from()), REACHED);
      for (int i = 0; open != null; i++) {
        if (i == JUDGED_MAX) {
          throw failure(sent.get(0), "still asking after " + i + " rounds");
        }
        changePerhaps(6);
        await(open);
        open = judge.judge(batch, sent.get(0).from(), peerOf(sent.get(0).from()), REACHED);
      }
      List<Judged> all = new ArrayList<>();
      for (int i = 0; i < records.length; i++) {
        all.add(judged(batch, i));
      }
      return all;
    } catch (RuntimeException broken) {
      throw failure(sent.get(0), broken);
    } finally {
      CallBatches.clear(batch);
    }
  }

  private static Judged judged(CallBatch batch, int i) {
    ByteBuf answer = CallBatches.takeAnswer(batch, i);
    byte[] answered = answer == null ? null : ByteBufUtil.getBytes(answer);
    if (answer != null) {
      answer.release();
    }
    return new Judged(
        CallBatches.verdict(batch, i),
        ByteBufUtil.getBytes(batch.record(i)),
        answered,
        CallBatches.opener(batch, i));
  }

  private static ByteBuf buffer(byte[] bytes) {
    return PooledByteBufAllocator.DEFAULT.buffer(bytes.length).writeBytes(bytes);
  }

  private static void await(Future<?> future) throws Exception {
    future
        .otherwiseEmpty()
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** What the client gets; null if it gets nothing. */
  private byte[] execute(Sent sent, Judged judged) {
    switch (judged.verdict()) {
      case ANSWER -> {
        counts.answered++;
        return judged.answer();
      }
      case RETRY -> {
        if (isQuietRound) {
          throw failure(sent, "no answer, although the origin gives one");
        }
        return null;
      }
      case FORWARD -> {
        counts.forwarded++;
        Done done = Execution.execute(namespace, judged.record());
        checkExecuted(sent, done.log());
        try {
          byte[] reply = opened(judged.opener(), done.reply());
          checkGranted(sent, done.log(), reply);
          checkSecrets(sent, reply);
          return reply;
        } catch (RuntimeException broken) {
          throw failure(sent, broken);
        }
      }
      default -> throw failure(sent, "verdict " + judged.verdict());
    }
  }

  /** As OpenedReplies does. */
  private byte[] opened(ReplyOpener opener, byte[] reply) {
    int status = status(reply);
    if (opener == null || opener.goesByStatus() && !opener.opens(status)) {
      return reply;
    }
    ByteBuf record = buffer(reply);
    ByteBuf opened = record;
    try {
      if (random.nextBoolean() || !opener.readsInPassing(record, 0, reply.length)) {
        opened = opener.open(record);
      }
    } catch (RuntimeException broken) {
      record.release();
      throw broken;
    }
    byte[] bytes = ByteBufUtil.getBytes(opened);
    opened.release();
    return bytes;
  }

  // ---- checks ---------------------------------------------------------------------------------

  private void checkExecuted(Sent sent, List<Executed> log) {
    for (Executed each : log) {
      Parameters parameters = rules.of(each.filesystem());
      counts.verified += each.operation() == Nfs4.VERIFY ? 1 : 0;
      if (each.isVainCheck()) {
        counts.ledElsewhere++;
      } else if (sent.caller().isForbidden(parameters, each.writes())) {
        throw failure(sent, each + " was executed under " + parameters);
      } else if (sent.caller().isUnsquashed(parameters, each)) {
        throw failure(sent, each + " was executed unsquashed under " + parameters);
      }
    }
  }

  private static CompoundReplyWalk walk(ByteBuf record) {
    Reply header = new Reply();
    CompoundReplyWalk walk = new CompoundReplyWalk();
    Reply.Form form = header.read(record, RecordMarking.MARKER_BYTES, record.writerIndex());
    if (form != Reply.Form.RESULTS
        || walk.walk(record, header.resultsAt(), header.end(), 1000) != Outcome.WHOLE
        || walk.end() != record.writerIndex()) {
      throw new AssertionError("no whole reply: " + form + " " + ByteBufUtil.hexDump(record));
    }
    return walk;
  }

  /** A prefix of what was sent, of which the last one failed or nothing did. */
  private void checkShape(Sent sent, byte[] reply) {
    ByteBuf record = Unpooled.wrappedBuffer(reply);
    CompoundReplyWalk walk = walk(record);
    List<Integer> numbers = sent.compound().numbers();
    if (walk.count() == 0) {
      if (walk.status() != MINOR_VERS_MISMATCH) {
        throw failure(sent, "no results, and status " + walk.status());
      }
      return;
    }
    int last = walk.count() - 1;
    boolean isShort = walk.status() == 0 && walk.count() < numbers.size();
    if (last >= numbers.size() || isShort || walk.status(last) != walk.status()) {
      throw failure(sent, walk.count() + " results, and status " + walk.status());
    }
    for (int i = 0; i <= last; i++) {
      int number = record.getInt(walk.at(i));
      boolean isIllegal = i == last && number == Execution.OP_ILLEGAL && !isKnown(sent, i);
      if (number != numbers.get(i) && !isIllegal || i < last && walk.status(i) != 0) {
        throw failure(sent, "result " + i + " is of " + number + ", status " + walk.status(i));
      }
    }
  }

  private static boolean isKnown(Sent sent, int i) {
    int number = sent.compound().numbers().get(i);
    return Nfs4.OPERATIONS.find(number, sent.compound().minor()) != Nfs4.ILLEGAL;
  }

  /** Where nothing may be written, ACCESS does not grant it. */
  private void checkGranted(Sent sent, List<Executed> log, byte[] reply) {
    List<Integer> granted = granted(reply);
    int next = 0;
    for (Executed each : log) {
      if (each.operation() == Nfs4.ACCESS && next < granted.size()) {
        boolean isReadOnly = rules.of(each.filesystem()).access() == Access.RO;
        int grant = ByteBuffer.wrap(reply).getInt(granted.get(next++));
        if (isReadOnly && (grant & WRITE_GRANTS) != 0) {
          throw failure(sent, "ACCESS grants " + grant + " where nothing may be written");
        }
      }
    }
  }

  private static List<Integer> granted(byte[] reply) {
    ByteBuf record = Unpooled.wrappedBuffer(reply);
    CompoundReplyWalk walk = walk(record);
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < walk.count(); i++) {
      int part = walk.find(i, Part.GRANTED);
      if (part >= 0) {
        all.add(walk.parts().at(part));
      }
    }
    return all;
  }

  /** Nothing of a filesystem is told that the caller may not read. */
  private void checkSecrets(Sent sent, byte[] reply) {
    Set<Long> told = new HashSet<>();
    for (int at = 0; at + 8 <= reply.length; at += 4) {
      told.add(ByteBuffer.wrap(reply).getLong(at));
    }
    for (ModelFilesystem each : namespace.filesystems) {
      if (told.contains(each.fsidMajor) && sent.caller().isForbidden(rules.of(each), false)) {
        throw failure(sent, "the reply tells of " + each);
      }
    }
  }

  private boolean isAllowed(Sent sent, Done direct) {
    int status = status(direct.reply());
    // What has no handle has no place either, and fails with one status or another.
    boolean hasHandles = status != Execution.NOFILEHANDLE && status != Execution.RESTOREFH_NOTHING;
    if (!hasHandles || sent.compound().steps() > verifiesMax()) {
      return false;
    }
    for (Executed each : direct.log()) {
      if (sent.caller().isForbidden(rules.of(each.filesystem()), each.writes())
          || isOfNoPath(each.filesystem())) {
        return false;
      }
    }
    for (Arrival each : direct.arrivals()) {
      if (sent.caller().isForbidden(rules.of(each.filesystem()), each.toWrite())
          || isOfNoPath(each.filesystem())) {
        return false;
      }
    }
    return true;
  }

  /** A filesystem without a place, or none that was found so far, is held to the strictest. */
  private boolean isOfNoPath(ModelFilesystem filesystem) {
    Export known = exports.named(new VersionedFsid(4, filesystem.fsidMajor, filesystem.fsidMinor));
    return !filesystem.root.isDirectory || known == null || known.state() != Export.State.CONNECTED;
  }

  private void compare(Sent sent, Done direct, byte[] reply) {
    byte[] expected = direct.reply().clone();
    byte[] got = reply.clone();
    granted(expected).forEach(at -> clearGrants(expected, at));
    granted(got).forEach(at -> clearGrants(got, at));
    counts.compared++;
    boolean isWhole = status(expected) == 0;
    counts.comparedInFull += isWhole ? 1 : 0;
    if (!Arrays.equals(expected, got)) {
      throw failure(
          sent,
          "the reply is\n  "
              + ByteBufUtil.hexDump(got)
              + ", and would be\n  "
              + ByteBufUtil.hexDump(expected));
    }
  }

  private static void clearGrants(byte[] reply, int at) {
    ByteBuffer bytes = ByteBuffer.wrap(reply);
    bytes.putInt(at, bytes.getInt(at) & ~WRITE_GRANTS);
  }

  private AssertionError failure(Sent sent, Object what) {
    List<String> operations = new ArrayList<>();
    for (int number : sent.compound().numbers()) {
      Nfs4 row = Nfs4.OPERATIONS.find(number, 2);
      operations.add(row == Nfs4.ILLEGAL ? String.valueOf(number) : row.name());
    }
    String text =
        "seed "
            + seed
            + ", call "
            + sent.caller()
            + " minor "
            + sent.compound().minor()
            + (isQuiet ? ", quiet" : "")
            + (rules.areOfPaths ? ", by path" : "")
            + "\n  "
            + operations
            + "\n  "
            + Execution.mounts(namespace)
            + "\n  "
            + ByteBufUtil.hexDump(sent.record())
            + "\n  "
            + rules.rules
            + "\n";
    return what instanceof Throwable cause
        ? new AssertionError(text + cause, cause)
        : new AssertionError(text + what);
  }
}
