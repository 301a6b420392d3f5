package org.nfsproxy.server.locks;

import org.nfsproxy.server.locks.wire.LockedRange;
import org.nfsproxy.server.locks.wire.NlmStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What of an owner's locks is over, as the origin says. Used on one event loop. */
final class HeldChanges {
  private static final Logger log = LoggerFactory.getLogger(HeldChanges.class);

  private final HeldLocks held;
  private final LockMemory memory;

  HeldChanges(HeldLocks held, LockMemory memory) {
    this.held = held;
    this.memory = memory;
  }

  /** Keeps an entry as it is now, or drops it if nothing of it is left. */
  // Nobody waits for this: what the journal then has too much, is unlocked twice.
  void keep(HeldEntry entry) {
    if (held.find(entry.key) != entry) {
      return;
    }
    if (entry.isEmpty()) {
      held.remove(entry.key);
      memory.dropped(entry.key);
    } else {
      memory.held(entry);
    }
  }

  /** An entry of which the origin has unlocked all. */
  void gone(HeldEntry entry) {
    if (held.find(entry.key) == entry) {
      held.remove(entry.key);
      memory.dropped(entry.key);
    }
  }

  // What the origin granted meanwhile, it may have granted behind the unlock. In a file that is
  // gone no lock is left.
  void unlocked(HeldEntry entry, LockedRange range, int status, int grants) {
    if (isUnlocked(status) && entry.grants == grants) {
      entry.ranges.remove(range);
      keep(entry);
    }
  }

  static boolean isUnlocked(int status) {
    return status == NlmStatus.GRANTED || status == NlmStatus.STALE_FH;
  }

  static void notUnlocked(HeldEntry entry, int status) {
    log.warn("the origin does not unlock for {}: {}", entry.owner.client(), status);
  }

  // DENIED: nothing waited any more. It may have been granted a moment before.
  void cancelled(HeldEntry entry, LockedRange range, int status) {
    boolean isOver = status == NlmStatus.GRANTED || status == NlmStatus.DENIED;
    if (isOver && entry.waiting.remove(range)) {
      if (status == NlmStatus.DENIED) {
        entry.ranges.add(range);
      }
      keep(entry);
    }
  }
}
