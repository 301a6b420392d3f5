package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fuzz.Fuzzing;
import org.nfsproxy.server.locks.wire.GrantedCall;
import org.nfsproxy.server.locks.wire.LockProcedure;
import org.nfsproxy.server.locks.wire.LockRequest;
import org.nfsproxy.server.locks.wire.LockResults;
import org.nfsproxy.server.locks.wire.NlmLock;
import org.nfsproxy.server.locks.wire.StateNotice;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** What nobody honest sends to a lock manager. */
@Timeout(600)
class LockFuzzTest {
  private static final byte[] OWNER = "0@client".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  private static byte[] bytes(Consumer<XdrWriter> writer) {
    ByteBuf buffer = Unpooled.buffer();
    writer.accept(new XdrWriter(buffer));
    byte[] bytes = new byte[buffer.readableBytes()];
    buffer.readBytes(bytes);
    return bytes;
  }

  private static List<byte[]> honest() {
    List<byte[]> all = new ArrayList<>();
    all.add(
        bytes(
            out -> {
              LockRig.lock(7, 1, 2).accept(out.opaque(LockRig.COOKIE).bool(true).bool(true));
              out.bool(false).int32(3);
            }));
    all.add(bytes(out -> LockRig.lock(7, 1, 2).accept(out.opaque(LockRig.COOKIE))));
    all.add(bytes(out -> LockRig.lock(7, 1, 2).accept(out.opaque(LockRig.COOKIE).bool(true))));
    all.add(bytes(ShareCalls.arguments(LockRig.HANDLE, OWNER, 2, 3, true)));
    all.add(bytes(out -> out.string("client").int32(5)));
    all.add(
        bytes(
            out -> {
              out.opaque(LockRig.COOKIE).int32(1).bool(true).int32(7).opaque(OWNER);
              out.int64(0).int64(0);
            }));
    return all;
  }

  @Test
  void readers_sayWhatIsGarbageAndNothingElse() throws Exception {
    new Fuzzing("nlm", LockFuzzTest::read, honest()).run();
  }

  static Object read(ByteBuf input) {
    List<Object> found = new ArrayList<>();
    for (LockProcedure procedure : LockProcedure.values()) {
      found.add(
          tried(
              input,
              in -> {
                LockRequest request = LockRequest.read(procedure, in);
                NlmLock lock = request.lock();
                return request.range() + " " + request.share() + lock.svid() + lock.handle();
              }));
      found.add(tried(input, in -> LockResults.read(procedure, in).status()));
    }
    found.add(tried(input, in -> GrantedCall.read(in).exclusive()));
    found.add(tried(input, in -> StateNotice.read(in).toString()));
    return found;
  }

  private interface Reading {
    Object of(XdrReader in);
  }

  private static Object tried(ByteBuf input, Reading reading) {
    try {
      return reading.of(new XdrReader().reset(input));
    } catch (XdrException garbage) {
      return "garbage";
    }
  }

  @Test
  void strangersMessages_releaseNothing_andTheServiceGoesOn() throws Exception {
    long seed = Long.getLong("fuzz.seed", new Random().nextLong());
    Random random = new Random(seed);
    try (LockRig rig = new LockRig(directory).start();
        LockSocket a = rig.client(LockRig.CLIENT_A)) {
      a.send(rig.lockCall(1, 0, 0, false, 3));
      a.receive();
      for (int round = 0; round < 300; round++) {
        byte[] message = changed(random, oneOf(random, rig));
        try (LockSocket stranger =
            random.nextBoolean() ? rig.client(LockRig.STRANGER) : rig.monitor(LockRig.STRANGER)) {
          stranger.send(message);
          stranger.send(rig.nlm(0, out -> {}));
          stranger.receive();
        } catch (UncheckedIOException closed) {
          // what is no call closes its connection
        }
      }
      List<HeldLock> held = LockRig.await(rig.service.list());
      InetAddress client = InetAddress.getByName(LockRig.CLIENT_A);
      assertTrue(held.stream().anyMatch(lock -> lock.client().equals(client)), "with seed " + seed);
      a.send(rig.nlm(0, out -> {}));
      assertEquals(24, a.receive().length, "with seed " + seed);
    }
  }

  private static byte[] oneOf(Random random, LockRig rig) {
    return switch (random.nextInt(6)) {
      case 0 -> rig.lockCall(random.nextInt(), random.nextLong(), random.nextLong(), false, 3);
      case 1 -> rig.unlockCall(1, 0, 0);
      case 2 -> rig.cancelCall(1, 0, 0);
      case 3 -> rig.notice("client", random.nextInt());
      case 4 -> rig.nlm(23, out -> out.string("client").int32(9));
      default -> rig.nlm(15, out -> out.opaque(new byte[] {0, 0, 0, 1}).int32(0));
    };
  }

  private static byte[] changed(Random random, byte[] message) {
    for (int changes = random.nextInt(3); changes > 0; changes--) {
      message[random.nextInt(message.length)] = (byte) random.nextInt();
    }
    return message;
  }
}
