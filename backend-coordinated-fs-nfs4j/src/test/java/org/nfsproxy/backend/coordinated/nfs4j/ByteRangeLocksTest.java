package org.nfsproxy.backend.coordinated.nfs4j;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.dcache.nfs.v4.StateOwner;
import org.dcache.nfs.v4.nlm.LockDeniedException;
import org.dcache.nfs.v4.nlm.NlmLock;
import org.dcache.nfs.v4.xdr.clientid4;
import org.dcache.nfs.v4.xdr.nfs_lock_type4;
import org.dcache.nfs.v4.xdr.state_owner4;
import org.junit.jupiter.api.Test;

class ByteRangeLocksTest {
  private static final byte[] FILE = {1};
  private static final byte[] OTHER = {2};
  private static final long END = -1;
  private static final StateOwner ALICE = owner("alice");
  private static final StateOwner BOB = owner("bob");

  private final ByteRangeLocks locks = new ByteRangeLocks();

  private static StateOwner owner(String name) {
    state_owner4 owner = new state_owner4();
    owner.clientid = new clientid4(1);
    owner.owner = Rig.text(name);
    return new StateOwner(owner, 0);
  }

  private static NlmLock write(StateOwner owner, long offset, long length) {
    return new NlmLock(owner, nfs_lock_type4.WRITE_LT, offset, length);
  }

  private static NlmLock read(StateOwner owner, long offset, long length) {
    return new NlmLock(owner, nfs_lock_type4.READ_LT, offset, length);
  }

  private void refused(NlmLock wanted) {
    assertThrows(LockDeniedException.class, () -> locks.test(FILE, wanted));
    assertThrows(LockDeniedException.class, () -> locks.lock(FILE, wanted));
  }

  private void free(NlmLock wanted) {
    assertDoesNotThrow(() -> locks.test(FILE, wanted));
  }

  @Test
  void lock_thatOverlapsAnothers_isRefusedToTheByte() throws Exception {
    locks.lock(FILE, write(ALICE, 10, 10));
    refused(write(BOB, 19, 1));
    refused(read(BOB, 0, 11));
    refused(read(BOB, 0, END));
    free(write(BOB, 20, END));
    free(write(BOB, 0, 10));
    assertDoesNotThrow(() -> locks.test(OTHER, write(BOB, 10, 10)));
  }

  @Test
  void lock_shared_excludesOnlyWriters() throws Exception {
    locks.lock(FILE, read(ALICE, 0, END));
    free(read(BOB, 5, 5));
    refused(write(BOB, 5, 5));
  }

  @Test
  void lock_toTheEnd_reachesTheLastOffset() throws Exception {
    locks.lock(FILE, write(ALICE, 100, END));
    refused(write(BOB, Long.MAX_VALUE, 1));
    refused(write(BOB, -2, 1)); // 2^64 - 2
    free(write(BOB, 0, 100));
  }

  @Test
  void unlock_ofTheMiddle_leavesBothSides() throws Exception {
    locks.lock(FILE, write(ALICE, 0, 100));
    locks.unlock(FILE, write(ALICE, 10, 10));
    refused(write(BOB, 9, 1));
    free(write(BOB, 10, 10));
    refused(write(BOB, 20, 1));
    refused(write(BOB, 99, 1));
    free(write(BOB, 100, 1));
    assertEquals(2, locks.count());
  }

  @Test
  void unlock_ofTheBeginningOfALockToTheEnd_leavesTheRest() throws Exception {
    locks.lock(FILE, write(ALICE, 0, END));
    locks.unlock(FILE, write(ALICE, 0, 10));
    free(write(BOB, 0, 10));
    refused(write(BOB, 10, 1));
    refused(write(BOB, -2, 1));
  }

  @Test
  void lock_againWithAnotherType_replacesTheRange() throws Exception {
    locks.lock(FILE, write(ALICE, 0, 100));
    locks.lock(FILE, read(ALICE, 50, 10));
    free(read(BOB, 50, 10));
    refused(read(BOB, 49, 1));
    refused(write(BOB, 50, 10));
    assertEquals(3, locks.count());
  }

  @Test
  void close_afterAdjacentLocks_leavesNothing() throws Exception {
    NlmLock one = write(ALICE, 0, 10);
    NlmLock two = write(ALICE, 10, 10);
    locks.lock(FILE, one);
    locks.lock(FILE, two);
    locks.lock(FILE, read(ALICE, 5, 10));
    locks.unlockIfExists(FILE, one);
    locks.unlockIfExists(FILE, two);
    assertEquals(0, locks.count());
    free(write(BOB, 0, END));
  }

  @Test
  void unlock_ofAnothers_takesNothing() throws Exception {
    locks.lock(FILE, write(ALICE, 0, 10));
    locks.unlock(FILE, write(BOB, 0, END));
    refused(write(BOB, 0, 1));
  }

  @Test
  void stateThatEnds_takesItsOwnLocksOnly() throws Exception {
    StateOwner underAnotherState = owner("alice");
    NlmLock before = write(ALICE, 0, 10);
    locks.lock(FILE, before);
    locks.unlock(FILE, write(underAnotherState, 0, 10));
    locks.lock(FILE, write(underAnotherState, 5, 10));
    locks.unlockIfExists(FILE, before);
    refused(write(BOB, 5, 1));
    locks.unlockIfExists(FILE, write(underAnotherState, 5, 10));
    free(write(BOB, 0, END));
    assertEquals(0, locks.count());
  }
}
