package org.nfsproxy.backend.coordinated.nfs4j;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.dcache.nfs.v4.nlm.LockDeniedException;
import org.dcache.nfs.v4.nlm.LockException;
import org.dcache.nfs.v4.nlm.LockManager;
import org.dcache.nfs.v4.nlm.NlmLock;
import org.dcache.nfs.v4.xdr.nfs_lock_type4;

/**
 * Byte-range locks, with POSIX's meaning: an owner's new lock replaces what it had in the range,
 * and unlocking part of a lock leaves the rest.
 */
// Ours, since in nfs4j's own a lock that was merged with another outlives its file's CLOSE, and
// what is left of a lock after unlocking its middle has a wrong length. From minor version 1 on
// nfs4j makes an owner's object for each state, so the object tells which state a lock is of.
final class ByteRangeLocks implements LockManager {
  /** Of all files together: 32 for each client there may be. */
  static final int LOCKS_MAX = 1 << 17;

  private static final long TO_THE_END = -1;

  private final Map<ByteBuffer, List<NlmLock>> files = new HashMap<>();
  private int locks;

  @Override
  public synchronized void lock(byte[] file, NlmLock wanted) throws LockException {
    test(file, wanted);
    if (locks >= LOCKS_MAX) {
      throw new LockException("more than " + LOCKS_MAX + " locks");
    }
    takeAll(file, wanted);
    files.computeIfAbsent(ByteBuffer.wrap(file), none -> new ArrayList<>(1)).add(wanted);
    locks++;
  }

  @Override
  public synchronized void test(byte[] file, NlmLock wanted) throws LockException {
    Optional<NlmLock> conflict =
        held(file).stream()
            .filter(lock -> !lock.isSameOwner(wanted))
            .filter(lock -> isExclusive(lock) || isExclusive(wanted))
            .filter(lock -> overlap(lock, wanted))
            .findAny();
    if (conflict.isPresent()) {
      throw new LockDeniedException("locked", conflict.get());
    }
  }

  @Override
  public synchronized void unlock(byte[] file, NlmLock range) {
    takeAll(file, range);
  }

  /**
   * When a lock's state ends: of what it locked, the rest goes. What its owner has locked anew in
   * the range under another state stays.
   */
  @Override
  public synchronized void unlockIfExists(byte[] file, NlmLock lock) {
    take(file, lock, held -> held.getOwner() == lock.getOwner());
  }

  private List<NlmLock> held(byte[] file) {
    return files.getOrDefault(ByteBuffer.wrap(file), List.of());
  }

  private void takeAll(byte[] file, NlmLock range) {
    take(file, range, range::isSameOwner);
  }

  /** Takes a range from locks. */
  private void take(byte[] file, NlmLock range, Predicate<NlmLock> from) {
    List<NlmLock> before = held(file);
    List<NlmLock> after = new ArrayList<>(before.size() + 1);
    for (NlmLock lock : before) {
      if (from.test(lock) && overlap(lock, range)) {
        keepBefore(lock, range, after);
        keepBehind(lock, range, after);
      } else {
        after.add(lock);
      }
    }
    locks += after.size() - before.size();
    if (after.isEmpty()) {
      files.remove(ByteBuffer.wrap(file));
    } else {
      files.put(ByteBuffer.wrap(file), after);
    }
  }

  private static void keepBefore(NlmLock lock, NlmLock range, List<NlmLock> kept) {
    if (Long.compareUnsigned(lock.getOffset(), range.getOffset()) < 0) {
      kept.add(part(lock, lock.getOffset(), range.getOffset() - lock.getOffset()));
    }
  }

  private static void keepBehind(NlmLock lock, NlmLock range, List<NlmLock> kept) {
    if (Long.compareUnsigned(last(lock), last(range)) > 0) {
      long from = last(range) + 1;
      boolean toTheEnd = lock.getLength() == TO_THE_END;
      kept.add(part(lock, from, toTheEnd ? TO_THE_END : last(lock) - from + 1));
    }
  }

  private static NlmLock part(NlmLock lock, long offset, long length) {
    return new NlmLock(lock.getOwner(), lock.getLockType(), offset, length);
  }

  /** The last byte's offset, unsigned. */
  private static long last(NlmLock lock) {
    return lock.getLength() == TO_THE_END ? -1 : lock.getOffset() + lock.getLength() - 1;
  }

  private static boolean overlap(NlmLock one, NlmLock other) {
    return Long.compareUnsigned(one.getOffset(), last(other)) <= 0
        && Long.compareUnsigned(other.getOffset(), last(one)) <= 0;
  }

  private static boolean isExclusive(NlmLock lock) {
    return lock.getLockType() == nfs_lock_type4.WRITE_LT
        || lock.getLockType() == nfs_lock_type4.WRITEW_LT;
  }

  synchronized int count() {
    return locks;
  }
}
