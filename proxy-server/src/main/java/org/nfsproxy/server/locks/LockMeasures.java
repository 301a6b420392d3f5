package org.nfsproxy.server.locks;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.Measure;
import org.nfsproxy.server.locks.journal.Journal;

/** What there is of locks, in numbers. Safe for use by several threads. */
final class LockMeasures {
  private static final double NANOS_PER_SECOND = 1e9;

  private LockMeasures() {}

  static List<Measure> of(
      LockBounds bounds,
      HeldLocks held,
      OwnerRows rows,
      Repeats repeats,
      @Nullable Journal journal,
      @Nullable UpstreamLocks upstream) {
    List<Measure> all = new ArrayList<>();
    all.add(
        Measure.of(
            "locks_held",
            "Files that clients may hold locks in or wait for, each owner counted for itself.",
            held.size()));
    all.add(
        Measure.of(
            "locks_held_max",
            "The bound of that, locks.heldMax; beyond it locks are refused.",
            bounds.heldMax()));
    all.add(
        Measure.of(
            "locks_held_bytes",
            "Bytes of it all, as in the journal; locks.heldBytesMax bounds them.",
            held.bytes()));
    all.add(Measure.of("locks_waiting", "Ranges that somebody waits for.", held.waiting()));
    all.add(
        Measure.of(
            "locks_owner_rows_used",
            "Rows of the table of owners that are in use: a client has one for each name and 65,536"
                + " processes.",
            rows.rowsUsed()));
    all.add(
        Measure.of(
            "locks_owner_rows_max",
            "How many there are; when all are used, further owners are refused.",
            OwnerRows.ROWS));
    all.add(
        Measure.of(
            "locks_repeats_bytes",
            "Bytes of answers that are kept for repeated calls; locks.repeatsBytesMax bounds them.",
            repeats.bytes()));
    if (journal != null) {
      of(journal, all);
    }
    if (upstream != null) {
      all.add(
          Measure.of(
              "locks_origin_connected",
              "1 while there is a connection to the origin's lock manager; 0 is usual before the first"
                  + " lock.",
              upstream.isConnected() ? 1 : 0));
      all.add(
          Measure.of(
              "locks_origin_calls",
              "Calls that the origin's lock manager has not answered. Growing: it is away; locks"
                  + " wait.",
              upstream.pending()));
    }
    return all;
  }

  /** What there is where several instances serve locks. */
  static List<Measure> among(
      long term, boolean isConnected, int members, long forwarded, int unanswered) {
    return List.of(
        Measure.of(
            "locks_owner",
            "1 where this instance has locks.address and is the owner of locks: at one instance at a"
                + " time.",
            term == 0 ? 0 : 1),
        Measure.of(
            "locks_owner_term",
            "The number of its term as the owner, larger with each move; 0 where it is not.",
            term),
        Measure.of(
            "locks_owner_reached",
            "1 where this instance is not the owner and has a connection to it. 0 at one that is not"
                + " the owner: locks wait.",
            isConnected ? 1 : 0),
        Measure.of(
            "locks_instances_connected", "Other instances that bring their calls here.", members),
        Measure.of(
            "locks_forwarded_calls",
            "Calls that the owner has not answered this instance.",
            unanswered),
        Measure.of("locks_forwarded_total", "Calls that were forwarded to the owner.", forwarded));
  }

  private static void of(Journal journal, List<Measure> all) {
    all.add(Measure.of("locks_journal_bytes", "How long the journal is.", journal.bytes()));
    all.add(
        Measure.of(
            "locks_journal_unwritten_bytes",
            "Bytes of it that the disk has not taken; at locks.unwrittenBytesMax locks are put off.",
            journal.unwrittenBytes()));
    all.add(
        Measure.of(
            "locks_journal_write_seconds",
            "How long the write that is under way has lasted. Seconds: the disk stalls, and locks wait"
                + " without an answer.",
            journal.writingNanos() / NANOS_PER_SECOND));
    all.add(
        Measure.of(
            "locks_journal_writable",
            "1; 0 while it cannot be written or is full, and locks are refused or put off: the log"
                + " says why.",
            journal.isBroken() || journal.isFull() ? 0 : 1));
  }
}
