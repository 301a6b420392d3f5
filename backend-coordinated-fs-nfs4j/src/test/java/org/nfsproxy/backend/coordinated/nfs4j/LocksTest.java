package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.BOB;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v40;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.Caller;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.xdr.XdrReader;

/** Locks as clients of minor version 0 take them: RFC 7530 section 9. */
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
    final Caller caller;
    final long id;
    byte[] open;
    int seqid = 1;

    Client(Caller caller, String name) {
      this.caller = caller;
      Got got =
          rig.run(
              caller,
              v40()
                  .op(
                      35,
                      args ->
                          args.int64(7)
                              .string(name)
                              .int32(0x4000_0000)
                              .string("tcp")
                              .string("127.0.0.1.8.1")
                              .int32(1)));
      XdrReader in = got.next(35, OK);
      id = in.int64();
      byte[] confirm = in.fixed(8);
      rig.run(caller, v40().op(36, args -> args.int64(id).fixed(confirm))).next(36, OK);
      got = rig.run(caller, v40().putfh(rig.outer).open(seqid++, id, 3, Rig.NOCREATE, "f"));
      got.next(22, OK);
      open = got.next(18, OK).fixed(16);
      got = rig.run(caller, v40().putfh(file).op(20, args -> args.fixed(open).int32(seqid++)));
      got.next(22, OK);
      open = got.next(20, OK).fixed(16);
    }

    int lock(int lockSeqid) {
      Got got =
          rig.run(
              caller,
              v40()
                  .putfh(file)
                  .op(
                      12,
                      args -> {
                        args.int32(2).bool(false).int64(0).int64(10).bool(true);
                        args.int32(seqid++).fixed(open).int32(lockSeqid);
                        args.int64(id).string("lock owner");
                      }));
      return got.status;
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
    Got got =
        rig.run(
            ALICE,
            v40()
                .putfh(file)
                .op(
                    12,
                    args -> {
                      args.int32(2).bool(true).int64(0).int64(10).bool(true);
                      args.int32(alice.seqid++).fixed(alice.open).int32(0);
                      args.int64(alice.id).string("lock owner");
                    }));
    got.next(22, OK);
    got.next(12, 10033);
  }
}
