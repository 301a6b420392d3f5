package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nfsproxy.server.fakes.Eventually;
import org.nfsproxy.server.locks.wire.NlmStatus;

/** Who does not know the secret can name no client to the owner, and is told nothing by others. */
@Timeout(120)
class LockForwardAttackTest {
  private static final String A = LockRig.CLIENT_A;
  private static final int SVID = 7;
  private static final int NONCE_BYTES = 32;

  @TempDir Path directory;
  private InstancesRig rig;

  @BeforeEach
  void begin() throws Exception {
    rig = new InstancesRig(directory);
  }

  @AfterEach
  void end() throws Exception {
    rig.close();
  }

  private LockSocket stranger() {
    return LockSocket.connect(LockRig.STRANGER, InstancesRig.LOCK_ADDRESS, rig.forwardPort);
  }

  private static byte[] frame(int type, byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    ByteBuffer frame = ByteBuffer.allocate(4 + length).putInt(type);
    for (byte[] part : parts) {
      frame.put(part);
    }
    return frame.array();
  }

  /** Length, bytes, padding. */
  private static byte[] opaque(byte[] bytes) {
    return ByteBuffer.allocate(4 + (bytes.length + 3) / 4 * 4)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static byte[] text(String text) {
    return opaque(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] ints(int... values) {
    ByteBuffer all = ByteBuffer.allocate(4 * values.length);
    Arrays.stream(values).forEach(all::putInt);
    return all.array();
  }

  /** As decision 109 says, without any of what is tested. */
  private static byte[] proof(byte[] secret, String side, byte[] first, byte[] second, String name)
      throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    byte[] whose = ("nfs-proxy locks 1 " + side).getBytes(StandardCharsets.UTF_8);
    for (byte[] part : List.of(whose, first, second, name.getBytes(StandardCharsets.UTF_8))) {
      mac.update(ints(part.length));
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static byte[] nonceOf(byte[] challenge) {
    assertEquals(1, ByteBuffer.wrap(challenge).getInt(), "CHALLENGE");
    return Arrays.copyOfRange(challenge, 8, 8 + NONCE_BYTES);
  }

  private byte[] call() throws Exception {
    byte[] message = rig.lock(SVID, 0, false);
    byte[] record =
        ByteBuffer.allocate(4 + message.length)
            .putInt(0x8000_0000 | message.length)
            .put(message)
            .array();
    return frame(
        5,
        ints(1),
        opaque(InetAddress.getByName(A).getAddress()),
        ints(0),
        ints(1),
        opaque(record));
  }

  /** The next frame that is more than a sign of life; null at the end. */
  private static byte[] next(LockSocket socket) {
    try {
      byte[] frame = socket.receive();
      while (frame != null && ByteBuffer.wrap(frame).getInt() == 9) {
        frame = socket.receive();
      }
      return frame;
    } catch (UncheckedIOException reset) {
      return null;
    }
  }

  private LockSocket member(byte[] secret) throws Exception {
    LockSocket socket = stranger();
    byte[] nonce = nonceOf(next(socket));
    byte[] own = new byte[NONCE_BYTES];
    socket.send(frame(2, own, proof(secret, "member", nonce, own, "m"), text("m")));
    return socket;
  }

  @Test
  void callBeforeTheSecretWasShown_endsTheConnection_andReachesNobody() throws Exception {
    rig.start();
    try (LockSocket stranger = stranger()) {
      next(stranger);
      stranger.send(call());
      assertNull(next(stranger));
    }
    assertTrue(rig.origin.isQuiet());
    assertEquals(List.of(), rig.instance(0).held());
  }

  @Test
  void wrongSecret_anOldAnswer_andTheOwnersOwn_areNoProof() throws Exception {
    rig.start();
    byte[] own = new byte[NONCE_BYTES];
    byte[] old;
    try (LockSocket honest = stranger()) {
      byte[] nonce = nonceOf(next(honest));
      old = frame(2, own, proof(InstancesRig.SECRET, "member", nonce, own, "m"), text("m"));
      honest.send(old);
      byte[] welcome = next(honest);
      assertEquals(3, ByteBuffer.wrap(welcome).getInt());
      assertEquals(
          ByteBuffer.wrap(proof(InstancesRig.SECRET, "owner", nonce, own, "instance-0")),
          ByteBuffer.wrap(welcome, 4, 32).slice());
    }
    try (LockSocket guessing = member("another secret".getBytes(StandardCharsets.UTF_8));
        LockSocket replaying = stranger();
        LockSocket reflecting = stranger()) {
      assertNull(next(guessing));
      next(replaying);
      replaying.send(old);
      assertNull(next(replaying));
      byte[] nonce = nonceOf(next(reflecting));
      reflecting.send(
          frame(2, own, proof(InstancesRig.SECRET, "owner", nonce, own, "m"), text("m")));
      assertNull(next(reflecting));
    }
  }

  @Test
  void member_isBelieved_untilItSaysWhatIsNoFrame() throws Exception {
    rig.start();
    try (LockSocket member = member(InstancesRig.SECRET)) {
      assertEquals(3, ByteBuffer.wrap(next(member)).getInt());
      member.send(call());
      byte[] reply = next(member);
      assertEquals(6, ByteBuffer.wrap(reply).getInt());
      assertEquals(InetAddress.getByName(A), rig.instance(0).held().get(0).client());
      member.send(frame(77));
      assertNull(next(member));
    }
    try (LockSocket b = rig.instance(1).client(LockRig.CLIENT_B)) {
      assertEquals(NlmStatus.GRANTED, LockRig.ask(b, rig.lock(SVID, 0, false)));
    }
  }

  @Test
  void strangersThatSayNothing_areClosed_andKeepNoInstanceOut() throws Exception {
    rig.start();
    List<LockSocket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        strangers.add(stranger());
      }
      rig.instance(1).stop();
      rig.instance(1).start();
      rig.awaitOwner(0);
      for (LockSocket each : strangers) {
        if (next(each) != null) {
          assertNull(next(each));
        }
      }
    } finally {
      strangers.forEach(LockSocket::close);
    }
  }

  @Test
  void instanceWithAnotherSecret_bringsNothing_andItsClientsArePutOff() throws Exception {
    rig.having.add(0);
    rig.instance(1).secret =
        "not that of the other instance at all".getBytes(StandardCharsets.UTF_8);
    rig.instances.forEach(InstancesRig.Instance::start);
    Eventually.eventually("owner", () -> rig.instance(0).isOwner());
    try (LockSocket b = rig.instance(1).client(LockRig.CLIENT_B)) {
      assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(b, rig.lock(SVID, 0, false)));
    }
    assertTrue(rig.origin.isQuiet());
  }

  @Test
  void whoeverHasTakenTheAddress_withoutTheSecret_hearsOfNoClient() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(rig.forwardPort, 5, InetAddress.getByName(InstancesRig.LOCK_ADDRESS))) {
      rig.instance(1).start();
      try (LockSocket b = rig.instance(1).client(LockRig.CLIENT_B);
          Socket connection = taken.accept();
          LockSocket impostor = new LockSocket(connection)) {
        byte[] nonce = new byte[NONCE_BYTES];
        impostor.send(frame(1, ints(1), nonce));
        byte[] hello = next(impostor);
        assertEquals(2, ByteBuffer.wrap(hello).getInt());
        // its own proof, sent back to it
        byte[] theirs = Arrays.copyOfRange(hello, 4 + NONCE_BYTES, 4 + 2 * NONCE_BYTES);
        impostor.send(frame(3, theirs, text("instance-1"), text("")));
        assertNull(next(impostor));
        assertEquals(NlmStatus.DENIED_GRACE_PERIOD, LockRig.ask(b, rig.lock(SVID, 0, false)));
      }
    }
  }
}
