package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.BOB;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v40;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.UserIds;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Ops;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Locks as clients take them: RFC 7530 section 9, RFC 8881 section 9. */
class LocksTest {
  private static final int OK = 0;
  private static final int DENIED = 10010;

  private Rig rig;
  private ObjectHandle file;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig();
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0666));
    file = rig.files.create(ALICE, rig.outer, Rig.text("f"), how, new WccData()).handle();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  /** A client of minor version 0 that has opened the file. */
  private final class Client {
    final UserIds caller;
    final long id;
    byte[] open;
    int seqid = 1;

    Client(UserIds caller, String name) {
      this(caller, name, 7);
    }

    Client(UserIds caller, String name, long verifier) {
      this.caller = caller;
      id = rig.client40(caller, name, verifier);
      Got got = rig.run(caller, v40().putfh(rig.outer).open(seqid++, id, 3, Rig.NOCREATE, "f"));
      got.next(22, OK);
      open = got.next(18, OK).fixed(16);
      got = rig.run(caller, v40().putfh(file).op(20, args -> args.fixed(open).int32(seqid++)));
      got.next(22, OK);
      open = got.next(20, OK).fixed(16);
    }

    int lock(int lockSeqid) {
      return rig.run(caller, v40().putfh(file).lock(seqid++, open, lockSeqid, id, false)).status;
    }

    void close() {
      assertEquals(
          OK,
          rig.run(caller, v40().putfh(file).op(4, args -> args.int32(seqid++).fixed(open))).status);
    }
  }

  @Test
  void lock_ofAnotherClient_isDeniedUntilTheFileIsClosed() {
    Client alice = new Client(ALICE, "alice");
    Client bob = new Client(BOB, "bob");
    assertEquals(OK, alice.lock(0));
    assertEquals(DENIED, bob.lock(0));
    alice.close();
    assertEquals(OK, bob.lock(0), "a new owner's first seqid is any, also after a refusal");
  }

  @Test
  void lock_reclaimedWhenNobodyMay_isNoGrace() {
    Client alice = new Client(ALICE, "alice");
    Got got = rig.run(ALICE, v40().putfh(file).lock(alice.seqid++, alice.open, 0, alice.id, true));
    got.next(22, OK);
    got.next(12, 10033);
  }

  @Test
  void lock_ofAClientThatHasStartedAgain_isFree() {
    Client alice = new Client(ALICE, "alice", 7);
    Client bob = new Client(BOB, "bob");
    assertEquals(OK, alice.lock(0));
    rig.client40(ALICE, "alice", 7);
    assertEquals(DENIED, bob.lock(0), "the same incarnation asked for another callback address");
    rig.client40(ALICE, "alice", 8);
    assertEquals(OK, bob.lock(1));
  }

  @Test
  void lock_ofAClientWhoseNameAnotherTakes_staysHeld() {
    Client alice = new Client(ALICE, "alice");
    Client bob = new Client(BOB, "bob");
    assertEquals(OK, alice.lock(0));
    Ops stolen =
        v40()
            .op(
                35,
                args -> {
                  args.int64(8).string("alice").int32(0x4000_0000);
                  args.string("tcp").string("127.0.0.1.8.1").int32(1);
                });
    assertEquals(10017, rig.run(BOB, stolen).status); // CLID_INUSE
    assertEquals(DENIED, bob.lock(0));
  }

  @Test
  void stateid_ofAnEarlierProcess_isStale() {
    Client alice = new Client(ALICE, "alice");
    byte[] earlier = alice.open.clone();
    earlier[4 + 5] ^= 1; // the process's number in the client's id
    assertEquals(10023, write(earlier));
    assertEquals(10023, rig.run(ALICE, v40().putfh(file).op(4, close(earlier))).status);
    alice.open = earlier;
    assertEquals(10023, alice.lock(0));
    byte[] ofNobody = alice.open.clone();
    ofNobody[4 + 5] ^= 1;
    ofNobody[4 + 7] ^= 1;
    assertEquals(10011, write(ofNobody), "this process's, of a client that is gone: EXPIRED");
    byte[] never = alice.open.clone();
    never[4 + 5] ^= 1;
    never[4 + 10] ^= 0x55;
    assertEquals(10025, write(never), "of a client that is there: BAD_STATEID");
  }

  private int write(byte[] stateid) {
    byte[] bytes = {1, 2, 3, 4};
    return rig.run(
            ALICE,
            v40().putfh(file).op(38, args -> args.fixed(stateid).int64(0).int32(2).opaque(bytes)))
        .status;
  }

  private static Consumer<XdrWriter> close(byte[] stateid) {
    return args -> args.int32(1).fixed(stateid);
  }

  @Test
  void lock_thatIsRefused_leavesNoStateInMinorVersion1() {
    Rig.Session alice = rig.session(ALICE, "a");
    alice.done();
    Rig.Session bob = rig.session(BOB, "b");
    bob.done();
    byte[] open = open(alice);
    assertEquals(OK, alice.run(alice.ops().putfh(file).lock(0, open, 0, 0, false)).status);
    byte[] waiting = open(bob);
    for (int asked = 0; asked < 3; asked++) {
      Got got = bob.run(bob.ops().putfh(file).lock(0, waiting, 0, 0, false));
      got.next(22, OK);
      XdrReader denied = got.next(12, DENIED);
      assertEquals(0, denied.int64());
      assertEquals(10, denied.int64());
    }
    assertEquals(stateNumber(waiting), stateNumber(open(bob)), "the same open, the same state");
    Got got = bob.run(bob.ops().putfh(rig.outer).open(0, 0, 3, Rig.create(0, 0666), "g"));
    got.next(22, OK);
    assertEquals(stateNumber(waiting) + 1, stateNumber(got.next(18, OK).fixed(16)));
    Got bad = bob.run(bob.ops().putfh(file).lock(0, new byte[16], 0, 0, false));
    bad.next(22, OK);
    bad.next(12, 10025);
  }

  private byte[] open(Rig.Session session) {
    Got got = session.run(session.ops().putfh(rig.outer).open(0, 0, 3, Rig.NOCREATE, "f"));
    got.next(22, OK);
    return got.next(18, OK).fixed(16);
  }

  /** How many states the client had before this one: bytes 8 to 10 of "other", by nfs4j. */
  private static int stateNumber(byte[] stateid) {
    return ByteBuffer.wrap(stateid).getInt(12) >>> 8;
  }
}
