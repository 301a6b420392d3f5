package org.nfsproxy.server.locks;

import io.vertx.core.Future;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.locks.journal.Journal;

/**
 * What is remembered of locks: in the journal, and with several instances in what they share. Used
 * on one event loop.
 */
final class LockMemory {
  private final Journal journal;
  private final HeldLocks held;
  private final @Nullable SharedTerm term;
  private long sequence;

  /**
   * Remembers nothing yet.
   *
   * @param term null where there is one instance
   * @param sequence the last change of all before
   */
  LockMemory(Journal journal, HeldLocks held, @Nullable SharedTerm term, long sequence) {
    this.journal = journal;
    this.held = held;
    this.term = term;
    this.sequence = sequence;
  }

  void row(int row, LockOwner owner) {
    journal.append(LockRecords.row(row, owner));
  }

  /** How an entry is from now on. */
  void held(HeldEntry entry) {
    entry.sequence = ++sequence;
    byte[] record = LockRecords.held(entry);
    held.weigh(entry, record.length);
    journal.append(record);
    if (term != null) {
      term.held(entry.key, record);
    }
  }

  /**
   * Remembers what may be held before it is asked for.
   *
   * @param row of its owner
   * @param isNews whether any of it is new
   * @return as {@link #durable}
   */
  Future<Void> written(int row, HeldEntry entry, boolean isNews) {
    if (!isNews && !isBroken()) {
      return confirmed();
    }
    row(row, entry.owner);
    held(entry);
    return durable();
  }

  void dropped(HeldKey key) {
    journal.append(LockRecords.dropped(key));
    if (term != null) {
      term.dropped(key);
    }
  }

  /** The origin's restart, and whether all clients have been told. */
  void notice(int state, boolean isTold) {
    held.notice(state, isTold);
    byte[] record = LockRecords.notice(state, isTold);
    journal.append(record);
    if (term != null) {
      term.notice(record);
    }
  }

  void address(InetAddress local) {
    held.address(local);
    journal.append(LockRecords.address(local));
  }

  /** That all of this is of another term now. */
  void term(TermId id) {
    held.term(id);
    journal.append(LockRecords.term(id));
  }

  /**
   * Completes when no end of this process, and none of this machine where there are others, can
   * make all that was said so far forgotten.
   *
   * @return fails if that cannot be had, with {@link SharedTerm.AwayException} for want of others
   */
  Future<Void> durable() {
    Future<Void> here = journal.durable();
    return term == null ? here : Future.join(here, term.durable()).mapEmpty();
  }

  /** Completes when it is certain that locks are still this instance's, where there are others. */
  Future<Void> confirmed() {
    return term == null ? Future.succeededFuture() : term.durable();
  }

  /**
   * Completes when it is not known that locks are another instance's: for what gives back, and so
   * goes on while the others cannot be asked.
   *
   * @return fails with {@link UpstreamLocks.ClosedException} if they are another's
   */
  // A machine that was suspended takes no notice of it: its clocks stood still too.
  Future<Void> notAnothers() {
    if (term == null || term.isAway()) {
      return Future.succeededFuture();
    }
    return term.durable()
        .recover(
            why ->
                why instanceof SharedTerm.AwayException
                    ? Future.succeededFuture()
                    : Future.failedFuture(why));
  }

  boolean isBroken() {
    return journal.isBroken();
  }

  boolean isFull() {
    return journal.isFull();
  }
}
