package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.ALICE;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.BOB;
import static org.nfsproxy.backend.coordinated.nfs4j.Rig.v40;

import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.backend.coordinated.files.AttributeChange;
import org.nfsproxy.backend.coordinated.files.CreateHow;
import org.nfsproxy.backend.coordinated.files.FilesException;
import org.nfsproxy.backend.coordinated.files.ObjectHandle;
import org.nfsproxy.backend.coordinated.files.WccData;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Got;
import org.nfsproxy.backend.coordinated.nfs4j.Rig.Ops;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/** Who may open while others reclaim: RFC 8881 section 8.4.2.1, RFC 7530 section 9.6.2. */
class OpeningTest {
  private static final int OPEN = 18;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int GRACE = 10013;
  private static final int NO_GRACE = 10033;

  /** As it was before a restart. */
  private static final Consumer<XdrWriter> PREVIOUS = claim -> claim.int32(1).int32(0);

  private static final Consumer<XdrWriter> BY_HANDLE = claim -> claim.int32(4);

  private Rig rig;
  private ObjectHandle file;

  private void start(boolean afresh) throws FilesException {
    rig = new Rig(afresh);
    CreateHow how = new CreateHow.Guarded(AttributeChange.mode(0444));
    file = rig.files.create(ALICE, rig.outer, Rig.text("f"), how, new WccData()).handle();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private int open41(Rig.Session session, int access, Consumer<XdrWriter> claim) {
    return session.run(
            session.ops().putfh(file).open(0, session.client, access, Rig.NOCREATE, claim))
        .status;
  }

  private Got open40(long client, int access) {
    return rig.run(ALICE, v40().putfh(file).open(1, client, access, Rig.NOCREATE, PREVIOUS));
  }

  @Test
  void afterAStart_anOpenByHandle_waits() throws Exception {
    start(false);
    assertEquals(GRACE, open41(rig.session(ALICE, "a"), READ, BY_HANDLE));
  }

  @Test
  void beforeReclaimComplete_nothingNewIsOpenedNorMade() throws Exception {
    start(true);
    Rig.Session alice = rig.session(ALICE, "a");
    assertEquals(GRACE, open41(alice, READ, BY_HANDLE));
    Got got = alice.run(alice.ops().putfh(rig.outer).open(0, 0, 3, Rig.create(1, 0600), "g"));
    assertEquals(GRACE, got.status);
    alice.done();
    assertEquals(0, open41(alice, READ, BY_HANDLE));
    got = alice.run(alice.ops().putfh(rig.outer).open(0, 0, 3, Rig.create(1, 0600), "g"));
    assertEquals(0, got.status, "GUARDED: it was not made before");
  }

  @Test
  void afterAStart_whatWasOpen_isReclaimed() throws Exception {
    start(false);
    assertEquals(0, open41(rig.session(ALICE, "a"), READ, PREVIOUS));
    assertEquals(0, open40(rig.client40(ALICE, "b", 7), READ).status);
  }

  @Test
  void reclaim_inMinorVersion0_needsNoConfirmation() throws Exception {
    start(false);
    long client = rig.client40(ALICE, "b", 7);
    Got got = open40(client, READ | WRITE);
    got.next(22, 0);
    XdrReader in = got.next(OPEN, 0);
    byte[] stateid = in.fixed(16);
    in.skip(20); // change_info4
    assertEquals(0, in.int32() & 2, "OPEN4_RESULT_CONFIRM");
    assertEquals(0, rig.run(ALICE, v40().putfh(file).lock(2, stateid, 0, client, true)).status);
    byte[] bytes = {1, 2, 3, 4};
    got =
        rig.run(
            ALICE,
            v40().putfh(file).op(38, args -> args.fixed(stateid).int64(0).int32(2).opaque(bytes)));
    assertEquals(0, got.status, "WRITE by the stateid");
  }

  @Test
  void afterAStart_aLockThatWasHeld_isHeldAgain() throws Exception {
    start(false);
    Rig.Session alice = rig.session(ALICE, "a");
    Got got = alice.run(alice.ops().putfh(file).open(0, 0, 3, Rig.NOCREATE, PREVIOUS));
    got.next(22, 0);
    byte[] open = got.next(OPEN, 0).fixed(16);
    assertEquals(0, alice.run(alice.ops().putfh(file).lock(0, open, 0, 0, true)).status);
    alice.done();
    Rig.Session bob = rig.session(BOB, "b");
    Got tested =
        bob.run(
            bob.ops()
                .putfh(file)
                .op(13, lock -> lock.int32(2).int64(0).int64(10).int64(0).string("bob's")));
    tested.next(22, 0);
    tested.next(13, 10010);
  }

  @Test
  void clientOfAnEarlierProcess_isToldThatItIsStale_notToWait() throws Exception {
    start(false);
    Got got = rig.run(ALICE, v40().putfh(rig.outer).open(1, 4711, READ, Rig.NOCREATE, "f"));
    got.next(22, 0);
    got.next(OPEN, 10022);
  }

  @Test
  void refusals_inMinorVersion0_countInTheSequenceOfTheirOwner() throws Exception {
    start(false);
    long client = rig.client40(ALICE, "b", 7);
    Got got = open40(client, READ | WRITE); // seqid 1
    got.next(22, 0);
    byte[] open = got.next(OPEN, 0).fixed(16);
    Ops opened = v40().putfh(rig.outer).open(2, client, READ, Rig.NOCREATE, "f");
    assertEquals(GRACE, rig.run(ALICE, opened).status);
    assertEquals(GRACE, rig.run(ALICE, v40().putfh(file).lock(3, open, 0, client, false)).status);
    assertEquals(0, rig.run(ALICE, v40().putfh(file).lock(4, open, 0, client, true)).status);
    assertEquals(
        10026, // BAD_SEQID
        rig.run(ALICE, v40().putfh(rig.outer).open(4, client, READ, Rig.NOCREATE, "f")).status);
  }

  @Test
  void creationThatIsRefused_inMinorVersion0_countsToo() throws Exception {
    start(true);
    long client = rig.client40(ALICE, "b", 7);
    Ops guarded = v40().putfh(rig.outer).open(1, client, READ, Rig.create(1, 0600), "f");
    assertEquals(17, rig.run(ALICE, guarded).status); // EXIST
    Ops next = v40().putfh(rig.outer).open(2, client, READ, Rig.NOCREATE, "f");
    assertEquals(0, rig.run(ALICE, next).status);
    Ops absent = v40().putfh(rig.outer).open(3, client, READ, Rig.NOCREATE, "absent");
    assertEquals(2, rig.run(ALICE, absent).status);
    Ops last = v40().putfh(rig.outer).open(4, client, READ, Rig.NOCREATE, "f");
    assertEquals(0, rig.run(ALICE, last).status);
  }

  @Test
  void reclaim_forWritingByWhoMadeItReadOnly_isBelieved() throws Exception {
    start(false);
    assertEquals(0, open41(rig.session(ALICE, "a"), WRITE, PREVIOUS));
  }

  @Test
  void reclaim_byWhoMayNot_opensButReadsNothing() throws Exception {
    start(false);
    rig.files.change(
        ALICE, file, AttributeChange.mode(0600), java.util.Optional.empty(), new WccData());
    Rig.Session bob = rig.session(BOB, "b");
    Got got = bob.run(bob.ops().putfh(file).open(0, bob.client, READ, Rig.NOCREATE, PREVIOUS));
    got.next(22, 0);
    byte[] stateid = got.next(OPEN, 0).fixed(16);
    got = bob.run(bob.ops().putfh(file).op(25, args -> args.fixed(stateid).int64(0).int32(10)));
    got.next(22, 0);
    got.next(25, 13);
  }

  @Test
  void reclaim_whenTheTimeIsOver_isNoGrace() throws Exception {
    start(true);
    assertEquals(NO_GRACE, open41(rig.session(ALICE, "a"), READ, PREVIOUS));
    assertEquals(NO_GRACE, open40(rig.client40(ALICE, "b", 7), READ).status);
  }

  @Test
  void claimOfADelegation_isNotSupported() throws Exception {
    start(true);
    Rig.Session alice = rig.session(ALICE, "a");
    alice.done();
    assertEquals(10004, open41(alice, READ, claim -> claim.int32(5).fixed(new byte[16])));
  }

  @Test
  void claimByHandle_inMinorVersion0_isInvalid() throws Exception {
    start(true);
    long client = rig.client40(ALICE, "a", 7);
    Got got = rig.run(ALICE, v40().putfh(file).open(1, client, READ, Rig.NOCREATE, BY_HANDLE));
    assertEquals(22, got.status);
  }
}
